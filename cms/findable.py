"""Pages that search may find only once a fact is public, which comes about without their being saved."""

from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_save
from wagtail.search import index
from wagtail.search.models import IndexEntry

from cms.models import EvaluationReportPage, ProcurementPage
from programme.models import EvaluationReport, Procurement

Kind = type[ProcurementPage] | type[EvaluationReportPage]
# The fact of each kind of page, and the name that the page has for it.
FACTS: dict[type[Model], tuple[Kind, str]] = {
    Procurement: (ProcurementPage, "procurement"),
    EvaluationReport: (EvaluationReportPage, "report"),
}


def bring_up_to_date(kind: Kind, **about: Any) -> None:
    """Let search find what has become public and forget what no longer is.

    Run twice, nothing more happens.

    :param about: which pages of the kind; all when nothing is said.
    """
    pages = set(kind.objects.filter(**about).values_list("pk", flat=True))
    public = set(kind.get_indexed_objects().filter(pk__in=pages).values_list("pk", flat=True))
    entries = IndexEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(kind),
        object_id__in=[str(pk) for pk in pages],
    )
    found = {int(pk) for pk in entries.values_list("object_id", flat=True)}
    for page in kind.objects.filter(pk__in=public - found):
        index.insert_or_update_object(page)
    for page in kind.objects.filter(pk__in=found - public):
        index.remove_object(page)


def bring_everything_up_to_date() -> None:
    """What has become public by time, or by a change of many rows at once, which no signal tells of."""
    for kind, _name in FACTS.values():
        bring_up_to_date(kind)


def _fact_saved(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    kind, name = FACTS[sender]
    # robust: search that does not answer must not break what has been committed; the clock tries again.
    transaction.on_commit(
        partial(bring_up_to_date, kind, **{f"{name}_id": instance.pk}), robust=True
    )


def connect() -> None:
    """Listen to the facts."""
    for fact in FACTS:
        post_save.connect(_fact_saved, sender=fact, dispatch_uid="cms.findable")
