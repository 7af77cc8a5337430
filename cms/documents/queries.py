"""Reads shaped for the documents' pages."""

from dataclasses import dataclass

from django.db.models import F, Max, Prefetch, Q, QuerySet
from django.db.models.functions import Greatest

from cms.models.document import DocumentVersion, Publication, RegisteredDocument
from programme.models import EvaluationReport, Procurement


def public_documents(*, words: str = "", kind: str = "") -> "QuerySet[RegisteredDocument]":
    """Everything that the public may read, newest first."""
    found: QuerySet[RegisteredDocument] = RegisteredDocument.objects.public()
    if words:
        found = found.filter(
            Q(title__icontains=words)
            | Q(description__icontains=words)
            | Q(record_number__icontains=words)
        )
    if kind in RegisteredDocument.Kind.values:
        found = found.filter(kind=kind)
    return _with_versions(found).order_by("-created_at", "-pk")


def let_out_last() -> "QuerySet[RegisteredDocument]":
    """Everything that the public may read by ``told_at``, when its newest version became public."""
    decided = Max(
        "versions__publications__decided_at",
        filter=Q(versions__publications__state=Publication.State.PUBLISHED),
    )
    # PostgreSQL leaves out what is not set.
    told_at = Greatest(decided, "public_from", "procurement__announced_at", "report__published_at")
    return _with_versions(RegisteredDocument.objects.public().annotate(told_at=told_at)).order_by(
        F("told_at").desc(), "-pk"
    )


def _with_versions(found: "QuerySet[RegisteredDocument]") -> "QuerySet[RegisteredDocument]":
    out = (
        DocumentVersion.objects.filter(publications__state=Publication.State.PUBLISHED)
        .prefetch_related(
            Prefetch(
                "publications",
                Publication.objects.filter(state=Publication.State.PUBLISHED),
                to_attr="out",
            )
        )
        .order_by("-number")
    )
    return found.select_related(
        "procurement", "report", "responsible", "alternative"
    ).prefetch_related(Prefetch("versions", out, to_attr="public_versions"))


def public_document(public_id: str) -> RegisteredDocument | None:
    """The document with its public versions; nothing when the public may not know of it."""
    found: RegisteredDocument | None = (
        _with_versions(RegisteredDocument.objects.public()).filter(public_id=public_id).first()
    )
    return found


def documents_of_procurement(procurement: Procurement) -> list[RegisteredDocument]:
    """The public documents of a procurement."""
    found = RegisteredDocument.objects.public().filter(procurement=procurement)
    return list(_with_versions(found).order_by("dated_on", "pk"))


def documents_of_report(report: EvaluationReport) -> list[RegisteredDocument]:
    """The public documents of an evaluation report."""
    return list(
        _with_versions(RegisteredDocument.objects.public().filter(report=report)).order_by("pk")
    )


@dataclass(frozen=True)
class Waiting:
    """A publishing that waits, in the editors' list."""

    publication: Publication
    document: RegisteredDocument
    own: bool


def waiting_for(user_id: int) -> list[Waiting]:
    """What waits for a second person, oldest first."""
    rows = (
        Publication.objects.filter(state=Publication.State.WAITING)
        .select_related("version__document", "asked_by")
        .order_by("asked_at")
    )
    return [
        Waiting(
            row,
            row.version.document,
            user_id in (row.asked_by_id, row.version.created_by_id),
        )
        for row in rows
    ]
