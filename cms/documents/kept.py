"""When kept public pages that show documents, procurements or reports are no longer right."""

import datetime

from wagtail.models import CollectionViewRestriction

from cms.models.document import RegisteredDocument
from cms.pagecache import register_moment
from cms.pagecache.writes import watch
from programme.models import (
    Award,
    Contract,
    Criterion,
    EvaluationFinding,
    EvaluationReport,
    Procurement,
    Question,
    Recommendation,
)


def connect() -> None:
    """Facts that the pages show, and the moments when something appears or closes by itself."""
    watch(
        Award,
        Contract,
        Criterion,
        EvaluationFinding,
        EvaluationReport,
        Procurement,
        Question,
        Recommendation,
        CollectionViewRestriction,
    )
    register_moment("documents", next_document)
    register_moment("procurements", next_deadline)


def next_document(now: datetime.datetime) -> datetime.datetime | None:
    """When the next document is no longer held back."""
    coming = RegisteredDocument.objects.filter(public_from__gt=now).order_by("public_from")
    return coming.values_list("public_from", flat=True).first()


def next_deadline(now: datetime.datetime) -> datetime.datetime | None:
    """When the next announced procurement stops taking questions or tenders."""
    running = Procurement.objects.filter(phase=Procurement.Phase.ANNOUNCED)
    coming = [
        running.filter(**{f"{name}__gt": now}).order_by(name).values_list(name, flat=True).first()
        for name in ("questions_until", "tenders_until")
    ]
    return min((moment for moment in coming if moment is not None), default=None)
