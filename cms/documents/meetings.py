"""Minutes and papers of meetings: registered documents that the members read."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from wagtail.models import Collection

from audit.operations import operation
from cms.models.document import RegisteredDocument
from forms_app.files import Accepted
from people.access import actor_of
from people.models import User
from programme.governance.access import ensure_manages
from programme.governance.papers import Paper
from programme.models import Meeting, Programme


def readable(programme: Programme) -> "QuerySet[RegisteredDocument]":
    """Documents of the programme's meetings; what is secret is not among them."""
    return RegisteredDocument.objects.filter(meeting__body__programme=programme).exclude(
        phase__in=RegisteredDocument.SECRET_PHASES
    )


def papers_of(meetings: Sequence[int]) -> Mapping[int, list[Paper]]:
    """The papers of the meetings, by meeting; one query."""
    found: dict[int, list[Paper]] = {}
    rows = RegisteredDocument.objects.filter(meeting__in=meetings).exclude(
        phase__in=RegisteredDocument.SECRET_PHASES
    )
    for row in rows.order_by("dated_on", "pk"):
        found.setdefault(int(row.meeting_id or 0), []).append(
            Paper(
                title=row.title,
                kind=row.get_kind_display(),
                dated_on=row.dated_on,
                address=reverse("documents:meeting_paper", args=[row.public_id]),
                minutes=row.kind == RegisteredDocument.Kind.MINUTES,
            )
        )
    return found


@dataclass(frozen=True)
class PaperFacts:
    """What a paper is."""

    title: str
    kind: str
    dated_on: datetime.date


@transaction.atomic
def put_up(
    *, meeting: Meeting, facts: PaperFacts, file: Accepted, actor: User
) -> RegisteredDocument:
    """Register a document of a meeting; it is not public until it passes the publish gate."""
    ensure_manages(actor)
    document = RegisteredDocument(
        meeting=meeting,
        record_number=meeting.body.record_number,
        phase=RegisteredDocument.Phase.DELIVERY,
        retention=RegisteredDocument.Retention.ARCHIVE,
        collection=Collection.get_first_root_node(),
        uploaded_by_user=actor,
        file_name=file.name,
        mime=file.content_type,
        **vars(facts),
    )
    document.file = ContentFile(file.content, name="handling")
    document._set_document_file_metadata()
    with operation("document.meeting", actor=actor_of(actor), subject=document.public_id):
        document.save()
    return document
