"""Documents for the demo: PDF that pass the gate, let out by two people through the actions."""

import datetime
import json
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from wagtail.models import Collection

from audit.operations import Actor, operation
from cms.documents import actions, meetings
from cms.models.document import RegisteredDocument
from cms.setup_procurement import load_case_pages
from core import pdf
from forms_app.files import Accepted
from people import groups
from people.models import Role, RoleAssignment, User
from programme.models import EvaluationReport, Meeting, Procurement

DATA = Path(__file__).resolve().parent.parent / "data" / "demo_documents.json"
DEMO = Actor(id="demo", name="Demo")
WRITER, SECOND = "kommunikator@example.org", "kommunikator2@example.org"


@transaction.atomic
def build_documents() -> None:
    """Add what is missing; nothing the second time."""
    writer = User.objects.filter(email=WRITER).first()
    if writer is None or RegisteredDocument.objects.exists():
        return
    with operation("demo.documents", actor=DEMO):
        load_case_pages()
        colleague = _colleague(writer)
        for row in json.loads(DATA.read_text(encoding="utf-8")):
            _document(row, writer, colleague)
        for meeting in Meeting.objects.filter(state=Meeting.State.HELD).order_by("starts_at"):
            _minutes(meeting)


def _colleague(writer: User) -> User:
    """Nobody publishes alone, so the demo has a second communications officer."""
    found = User.objects.filter(email=SECOND).first()
    if found is not None:
        return found
    user = User.objects.create(
        email=SECOND, first_name="Amina", last_name="Vinterberg", password=writer.password
    )
    like = RoleAssignment.objects.get(user=writer, role_id="kommunikator")
    RoleAssignment.objects.create(
        user=user, role=like.role, organisation=like.organisation, valid_from=like.valid_from
    )
    groups.sync(user)
    return user


def _document(row: dict[str, Any], writer: User, colleague: User) -> None:
    today = timezone.localdate()
    dated = today + datetime.timedelta(days=row["dated"])
    document = RegisteredDocument(
        title=row["title"],
        description=row["description"],
        record_number=row["record_number"],
        kind=row["kind"],
        phase=row["phase"],
        dated_on=dated,
        responsible=Role.objects.get(key="projektledare"),
        collection=Collection.get_first_root_node(),
        uploaded_by_user=writer,
        procurement=Procurement.objects.filter(record_number=row.get("procurement", "")).first(),
        report=EvaluationReport.objects.filter(title=row.get("report", "")).first(),
    )
    for number, version in enumerate(row["versions"], start=1):
        document.file_name, document.mime = row["file_name"], "application/pdf"
        document.public_change = version.get("change", "")
        document.replaced_because = version.get("reason", "")
        document.replaced_by = writer
        content = paper(row["title"], row["description"], version["sections"], number=number)
        document.file = ContentFile(content, name="pdf")
        document._set_document_file_metadata()
        document.save()
        if row["public"]:
            newest = document.versions.first()
            assert newest is not None
            publication = actions.ask(version=newest, reasons={}, actor=writer)
            actions.approve(publication_id=publication.pk, reasons={}, actor=colleague)


def _minutes(meeting: Meeting) -> None:
    """Minutes of a meeting of the demo, made of its agenda and its decisions; nobody is named."""
    day = timezone.localdate(meeting.starts_at)
    title = f"Protokoll, {meeting.body.name.lower()} {day}"
    sections = [
        {
            "title": f"{item.number}. {item.title}",
            "texts": [one.text for one in item.decisions.all()] or [item.text or "Genomgång."],
        }
        for item in meeting.items.prefetch_related("decisions")
    ]
    there = meeting.attendance.exclude(presence="absent").select_related("seat__organisation")
    seats = [f"{row.seat.role}, {row.seat.place}" for row in there.order_by("seat__order")]
    content = paper(title, meeting.place, [{"title": "Närvarande", "texts": seats}, *sections])
    meetings.put_up(
        meeting=meeting,
        facts=meetings.PaperFacts(title, RegisteredDocument.Kind.MINUTES, day),
        file=Accepted(f"protokoll-{day}.pdf", "application/pdf", content),
        actor=meeting.called_by,
    )


def paper(title: str, lead: str, sections: list[dict[str, Any]], *, number: int = 1) -> bytes:
    """A tagged PDF with title and language, as the gate asks for."""
    return pdf.render(
        "document",
        {
            "title": title,
            "author": "Kompetensportalen",
            "keywords": "",
            "language": "sv",
            "running": title,
            "foot": [f"Version {number}"],
            "page-word": "Sida",
            "of-word": "av",
            "emblem-alt": "Medfinansieras av Europeiska unionen",
            "attachments": [],
            "kicker": "Kompetensutveckling för framtidens socialtjänst",
            "heading": title,
            "lead": lead,
            "sections": [
                {
                    "title": each["title"],
                    "level": 2,
                    "tag": "",
                    "colour": "grey",
                    "blocks": [{"kind": "note", "text": text} for text in each["texts"]],
                }
                for each in sections
            ],
        },
        made_at=timezone.now(),
    )
