"""Pages and documents that search finds by facts, which change without the page being saved."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, Q
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.search import index
from wagtail.search.models import IndexEntry

from cms.models import (
    EvaluationReportPage,
    LecturePage,
    ProcurementPage,
    Publication,
    RegisteredDocument,
)
from programme.models import (
    Award,
    Contract,
    Criterion,
    EvaluationFinding,
    EvaluationReport,
    LearningUnit,
    Lecture,
    LectureTag,
    Module,
    Procurement,
    Question,
    Recommendation,
)

Kind = (
    type[ProcurementPage]
    | type[EvaluationReportPage]
    | type[LecturePage]
    | type[RegisteredDocument]
)
# Pages that are not found before their fact is public, which comes about by time too.
AWAITED: tuple[Kind, ...] = (ProcurementPage, EvaluationReportPage)
# Each fact, and which pages or documents show it.
SHOWN_BY: dict[type[Model], tuple[Kind, Callable[[Any], Q]]] = {
    Procurement: (ProcurementPage, lambda row: Q(procurement=row.pk)),
    Criterion: (ProcurementPage, lambda row: Q(procurement=row.procurement_id)),
    Question: (ProcurementPage, lambda row: Q(procurement=row.procurement_id)),
    Award: (ProcurementPage, lambda row: Q(procurement=row.procurement_id)),
    Contract: (ProcurementPage, lambda row: Q(procurement=row.procurement_id)),
    EvaluationReport: (EvaluationReportPage, lambda row: Q(report=row.pk)),
    EvaluationFinding: (EvaluationReportPage, lambda row: Q(report=row.report_id)),
    Recommendation: (EvaluationReportPage, lambda row: Q(report__findings=row.finding_id)),
    Lecture: (LecturePage, lambda row: Q(lecture=row.pk)),
    LearningUnit: (LecturePage, lambda row: Q(lecture__unit=row.pk)),
    LectureTag: (LecturePage, lambda row: Q(lecture__tags=row.pk)),
    Module: (LecturePage, lambda row: Q(lecture__unit__modules=row.pk)),
    Publication: (RegisteredDocument, lambda row: Q(versions=row.version_id)),
}
# Whose ticks stand on the page: themes of a lecture, modules of its unit.
TICKED: tuple[type[Model], ...] = (Lecture.tags.through, LearningUnit.modules.through)


def bring_up_to_date(kind: Kind, about: Q | None = None) -> None:
    """Let search find what has become public and forget what no longer is.

    Run twice, nothing more happens.

    :param about: which pages of the kind; then also those already found are indexed anew,
        since what they show has changed. All pages when nothing is said.
    """
    every: Any = kind.objects
    pages = set(every.filter(about or Q()).values_list("pk", flat=True))
    public = set(kind.get_indexed_objects().filter(pk__in=pages).values_list("pk", flat=True))
    entries = IndexEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(kind),
        object_id__in=[str(pk) for pk in pages],
    )
    found = {int(pk) for pk in entries.values_list("object_id", flat=True)}
    for page in every.filter(pk__in=public if about else public - found):
        index.insert_or_update_object(page)
    for page in every.filter(pk__in=found - public):
        index.remove_object(page)


def bring_everything_up_to_date() -> None:
    """What has become public by time, or by a change of many rows at once, which no signal tells of."""
    for kind in AWAITED:
        bring_up_to_date(kind)


def _fact_saved(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    kind, pages = SHOWN_BY[sender]
    _later(kind, pages(instance))


def _ticked(sender: Any, instance: Any, action: str, **kwargs: Any) -> None:
    """Ticks are set from the lecture's and the unit's own forms; the other way says no single page."""
    if action.startswith("post_") and type(instance) in SHOWN_BY:
        _fact_saved(type(instance), instance)


def _later(kind: Kind, about: Q) -> None:
    # robust: search that does not answer must not break what has been committed; the clock tries again.
    transaction.on_commit(partial(bring_up_to_date, kind, about), robust=True)


def connect() -> None:
    """Listen to the facts."""
    for fact in SHOWN_BY:
        for signal in (post_save, post_delete):
            signal.connect(_fact_saved, sender=fact, dispatch_uid="cms.findable")
    for through in TICKED:
        m2m_changed.connect(_ticked, sender=through, dispatch_uid="cms.findable")
