"""What goes into the package, file by file: read as it stands, in an order that never changes."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from audit.models import InboxEvent, Operation, ReadEvent
from cms.models import RegisteredDocument
from cms.models.document import DocumentVersion
from programme.models import Body, BodyDecision, Meeting, Programme, Register, Seat, Setting
from programme.registers import export
from programme.sheets import Cells, as_csv

File = tuple[str, bytes]
MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
TOKEN = re.compile(r'<input[^>]*name="csrfmiddlewaretoken"[^>]*>')


def pages() -> "list[Page]":
    """Every live page that anyone may read."""
    return list(Page.objects.live().public().filter(depth__gt=1).order_by("path"))


def page_file(page: Page) -> File | None:
    """The content of a page as it is shown to whoever is not signed in; none when it is not shown."""
    parts = page.get_url_parts()
    site = Site.objects.filter(is_default_site=True).first()
    if parts is None or site is None:
        return None
    handler = BaseHandler()
    handler.load_middleware()
    # A request as a visitor's, through everything that a visitor's goes through.
    answer = handler.get_response(
        RequestFactory().get(parts[2], HTTP_HOST=site.hostname, secure=True)
    )
    if answer.status_code != 200 or not isinstance(answer, HttpResponse):
        return None
    found = MAIN.search(answer.content.decode())
    if found is None:
        return None
    language = page.locale.language_code
    html = (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f"<title>{escape(page.title)}</title></head><body>{TOKEN.sub('', found[0])}</body></html>\n"
    )
    return f"sidor{parts[2]}index.html", html.encode()


def document_files() -> "Iterator[DocumentVersion]":
    """Every version of every document, but those of tenders, in order."""
    rows = DocumentVersion.objects.select_related("document").exclude(
        document__phase__in=RegisteredDocument.SECRET_PHASES
    )
    return rows.order_by("document__public_id", "number").iterator(chunk_size=200)


def version_file(version: DocumentVersion) -> File:
    """The bytes of a version, under its document and number."""
    with version.file.storage.open(str(version.file.name), "rb") as stream:
        content = stream.read()
    name = re.sub(r"[^\w.\- ]", "_", version.name) or "fil"
    return f"handlingar/{version.document.public_id}/{version.number}/{name}", content


def registers(programme: Programme) -> Iterator[File]:
    """The registers as text files that any program reads."""
    yield _table("register/handlingar.csv", *_documents())
    yield _table("register/organ.csv", *_bodies(programme))
    yield _table("register/platser.csv", *_seats(programme))
    yield _table("register/moten.csv", *_meetings(programme))
    yield _table("register/beslut.csv", *_decisions(programme))
    yield _table("register/installningar.csv", *_settings(programme))
    for register in Register.objects.order_by("key"):
        entries = list(register.entries.order_by("number"))
        yield _table(f"register/egna/{register.key}.csv", *export.table(register, entries))


Table = tuple[Sequence[object], Iterable[Sequence[object]]]


def _documents() -> Table:
    rows = DocumentVersion.objects.select_related("document").exclude(
        document__phase__in=RegisteredDocument.SECRET_PHASES
    )
    return (
        [_("Record number"), _("Title"), _("Kind"), _("Version"), _("File"), "SHA-256"],
        (
            [
                one.document.record_number,
                one.document.title,
                one.document.get_kind_display(),
                one.number,
                one.name,
                one.sha256,
            ]
            for one in rows.order_by("document__public_id", "number")
        ),
    )


def _bodies(programme: Programme) -> Table:
    rows = Body.objects.filter(programme=programme).select_related("kind").order_by("code")
    return (
        [_("Letters"), _("Name"), _("Kind"), _("First day"), _("Last day"), _("What it does")],
        ([b.code, b.name, b.kind.name, b.starts_on, b.ends_on, b.task] for b in rows),
    )


def _seats(programme: Programme) -> Table:
    rows = Seat.objects.filter(body__programme=programme).select_related("body", "organisation")
    return (
        [_("Body"), _("Role"), _("Organisation"), _("Part"), _("From"), _("To")],
        (
            [s.body.name, s.role, s.place, s.get_part_display(), s.valid_from, s.valid_to]
            for s in rows.order_by("body__code", "order", "pk")
        ),
    )


def _meetings(programme: Programme) -> Table:
    rows = Meeting.objects.filter(body__programme=programme).select_related("body")
    return (
        [_("Body"), _("Begins"), _("Place"), _("State"), _("Agenda")],
        (
            [
                m.body.name,
                m.starts_at.isoformat(),
                m.place,
                m.get_state_display(),
                " / ".join(str(item) for item in m.items.all()),
            ]
            for m in rows.prefetch_related("items").order_by("starts_at", "pk")
        ),
    )


def _decisions(programme: Programme) -> Table:
    rows = BodyDecision.objects.filter(body__programme=programme).select_related(
        "body", "responsible", "organisation"
    )
    return (
        [
            _("Number"),
            _("Decided"),
            _("About"),
            _("Decision"),
            _("Record number"),
            _("Organisation"),
            _("Responsible"),
            _("Followed up by"),
            _("Followed up"),
            _("Result"),
        ],
        (
            [
                d.number,
                d.decided_on,
                d.title,
                d.text,
                d.record_number,
                d.organisation.name if d.organisation else "",
                d.responsible.name,
                d.follow_up_on,
                d.followed_up_on,
                d.result,
            ]
            for d in rows.order_by("body__code", "year", "serial")
        ),
    )


def _settings(programme: Programme) -> Table:
    rows = Setting.objects.filter(programme=programme).order_by("key", "valid_from")
    return (
        [_("Setting"), _("Value"), _("Holds from"), _("Decision")],
        ([s.key, json.dumps(s.value), s.valid_from, s.decision] for s in rows),
    )


def _table(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> File:
    lines: list[Cells] = [[str(cell) for cell in head]]
    lines += [["" if cell is None else str(cell) for cell in row] for row in rows]
    return name, as_csv(lines)


def trail() -> Iterator[File]:
    """The audit's trail: operations and readings whole, every event with the digest of its row.

    The rows themselves are personal data and stay in the database, whose rows can be compared
    with the digests for as long as they are kept.
    """
    operations = (
        {
            "id": str(one.id),
            "at": one.at.isoformat(),
            "name": one.name,
            "who": one.actor_name,
            "on_behalf_of": one.on_behalf_of,
            "why": one.reason,
            "channel": one.channel,
            "subject": one.subject,
        }
        for one in Operation.objects.order_by("at", "id").iterator()
    )
    yield "revision/handelser.jsonl", _lines(operations)
    events = (
        {
            "id": one.pk,
            "at": one.at.isoformat(),
            "table": one.table,
            "op": one.op,
            "row": one.row_id,
            "operation": str(one.operation_id or ""),
            "sha256": hashlib.sha256(one.payload.encode()).hexdigest(),
        }
        for one in InboxEvent.objects.order_by("pk").iterator()
    )
    yield "revision/rader.jsonl", _lines(events)
    readings = (
        {
            "id": one.pk,
            "at": one.at.isoformat(),
            "name": one.name,
            "who": one.actor_name,
            "why": one.reason,
            "subject": one.subject,
        }
        for one in ReadEvent.objects.order_by("pk").iterator()
    )
    yield "revision/lasningar.jsonl", _lines(readings)


def _lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    return "".join(
        json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows
    ).encode()
