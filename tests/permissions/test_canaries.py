"""Markup and formulas in every text there is come out as text: on pages, in mail, in files and feeds.

Nothing on the way in helps, since they are laid past the forms. What comes out is looked
at as whoever opens it would: a browser, a spreadsheet, a feed reader, a calendar.
"""

import csv
import datetime
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.template import engines
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from pytest_django import DjangoDbBlocker
from wagtail.models import Page

from programme.evaluation import extracts
from programme.guests import mailing
from programme.models import EvaluationExtract, Guest, Programme
from tests.permissions import canaries
from tests.permissions import expectations as expected
from tests.permissions.patterns import walk
from tests.permissions.scene import Scene, built
from workflows import delivery
from workflows.models import Message

#: Whoever may opens the page, the first of them, and the participant beside.
WHO = (
    "administrator",
    "project leader",
    "economist",
    "communicator",
    "auditor",
    "trainer",
    "own manager",
    "own head",
    "steering group",
    "superuser",
    "own participant",
)
#: What a spreadsheet takes for the beginning of a formula; a number below zero is none.
FORMULA = re.compile(r"^(?!-\d[\d ,]*$)[=+\-@\t\r]")


#: Addresses that show no page here, and why; every other one that may be opened is looked at.
_SIGNED_IN_ALREADY = "leads on whoever is signed in, or asks for a second factor first"
_NOTHING_CHOSEN = "leads back when nothing is chosen"
NO_PAGE = {
    "_util/login/": _SIGNED_IN_ALREADY,
    "logga-in/": _SIGNED_IN_ALREADY,
    "logga-in/kod/": _SIGNED_IN_ALREADY,
    "konto/losenord/valj/": _SIGNED_IN_ALREADY,
    "konto/bekrafta/kod/": _SIGNED_IN_ALREADY,
    "konto/tvasteg/app/": _SIGNED_IN_ALREADY,
    "konto/tvasteg/koder/nya/": _SIGNED_IN_ALREADY,
    "arbete/besluta/": _NOTHING_CHOSEN,
    "arbete/skjut-upp/": _NOTHING_CHOSEN,
    "tillfallen/<str:occasion>/ge-plats/": _NOTHING_CHOSEN,
    "tillfallen/<str:occasion>/anslut/": "leads to the meeting",
    "scb/<str:month>/<int:version>/fil.<slug:extension>": "its checksum is made up in the scene",
}


@dataclass(frozen=True)
class Seen:
    """What an address answered."""

    route: str
    path: str
    status: int
    kind: str
    body: bytes


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """The demo, with markup in every row."""
    with django_db_blocker.unblock(), built() as scene:
        pages = Page.objects.live().public().filter(depth__gt=1)
        scene.values[":pages"] = {"paths": [page.get_url() for page in pages]}
        assert canaries.lay() > 500
        yield scene


def paths(scene: Scene) -> Iterator[tuple[str, str, str]]:
    """Who opens what: every address, and every public page, with the route it is of."""
    for path in scene.values[":pages"]["paths"]:  # type: ignore[attr-defined]
        yield "own participant", "", path
    for pattern in walk():
        row = expected.TABLE.get(pattern.route)
        allowed = [who for who in WHO if row and row.get and who in row.get]
        for who in dict.fromkeys([*allowed[:1], *allowed[-1:]]):
            for extension in ("csv", "xlsx") if "extension" in pattern.route else ("",):
                values = scene.values_for(pattern.name)
                more = {"extension": extension} if extension else {}
                yield who, pattern.route, pattern.filled(values | more)


@pytest.fixture(scope="module")
def answers(scene: Scene) -> list[Seen]:
    """What all of them answer; nothing breaks on it."""
    clients = {}
    for who in WHO:
        user = scene.users[who]
        assert user is not None
        clients[who] = Client(raise_request_exception=False)
        clients[who].force_login(user)
    found = []
    for who, route, path in paths(scene):
        answer: Any = clients[who].get(path)
        assert answer.status_code < 500, path
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        found.append(Seen(route, path, answer.status_code, kind, body))
    return found


def of_kind(answers: list[Seen], *kinds: str) -> list[Seen]:
    found = [one for one in answers if one.kind in kinds]
    assert found, kinds
    return found


def has_markup(text: str | bytes) -> bool:
    """Whether the markup stands there as markup."""
    words = text if isinstance(text, str) else text.decode(errors="replace")
    return f"<{canaries.MARK}" in words


@pytest.mark.django_db
def test_every_address_that_may_be_opened_is_looked_at(answers: list[Seen]) -> None:
    """One that only leads elsewhere, or says nothing, would pass all that follows unseen."""
    empty = {one.route for one in answers if one.status in (204, 302, 304, 404) or not one.body}
    assert empty == set(NO_PAGE)


@pytest.mark.django_db
def test_every_text_has_room_for_the_markup(scene: Scene) -> None:
    assert canaries.too_short() == []


@pytest.mark.django_db
def test_no_page_has_it_as_markup(answers: list[Seen]) -> None:
    pages = of_kind(answers, "text/html")
    assert [one.path for one in pages if has_markup(one.body)] == []
    shown = [one for one in pages if canaries.MARK.encode() in one.body]
    assert len(shown) > 180


@pytest.mark.django_db
def test_no_file_has_a_formula(
    scene: Scene, answers: list[Seen], monkeypatch: pytest.MonkeyPatch
) -> None:
    # So few take part here that all of it would be hidden.
    monkeypatch.setattr(extracts, "without_small", lambda people, **_how: dict(people))
    found = []
    for one in of_kind(answers, "text/csv"):
        for row in csv.reader(io.StringIO(one.body.decode("utf-8-sig")), delimiter=";"):
            found += [f"{one.path}: {cell}" for cell in row if FORMULA.match(cell)]
    excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    for one in of_kind(answers, excel):
        for sheet in openpyxl.load_workbook(io.BytesIO(one.body)):
            cells = (cell for row in sheet.iter_rows() for cell in row)
            found += [f"{one.path}: {cell.value}" for cell in cells if cell.data_type == "f"]
    extract = EvaluationExtract(programme=Programme.objects.earliest("pk"), salt="s", purpose="p")
    lines = extracts.as_csv(extract).decode("utf-8-sig")
    assert canaries.MARK in lines
    rows = csv.reader(io.StringIO(lines), delimiter=";")
    found += [f"extract: {cell}" for row in rows for cell in row if FORMULA.match(cell)]
    assert found == []


@pytest.mark.django_db
def test_feeds_calendars_and_data_can_be_read(answers: list[Seen]) -> None:
    for one in of_kind(answers, "application/atom+xml"):
        for element in ElementTree.fromstring(one.body).iter():
            if element.get("type") == "html":
                assert not has_markup(element.text or ""), one.path
    for one in of_kind(answers, "text/calendar"):
        assert Calendar.from_ical(one.body.decode()).subcomponents, one.path
    for one in of_kind(answers, "application/json"):
        json.loads(one.body)
    for one in of_kind(answers, "application/pdf"):
        assert one.body.startswith(b"%PDF"), one.path


def letters(scene: Scene) -> list[EmailMultiAlternatives]:
    """Every mail the portal would send of what stands there, by day in the week."""
    day = timezone.localdate()
    while day.weekday() != 1:
        day += datetime.timedelta(days=1)
    Message.objects.update(state=Message.State.WAITING, in_digest=False)
    Guest.objects.update(mail="confirm", mail_after=timezone.now())
    with time_machine.travel(datetime.datetime.combine(day, datetime.time(11)), tick=False):
        for public_id in Message.objects.values_list("public_id", flat=True):
            delivery.send_one(public_id)
        mailing.send_waiting()
    return [one for one in mail.outbox if isinstance(one, EmailMultiAlternatives)]


def written(letter: EmailMultiAlternatives) -> str:
    return "".join(str(part) for part, _kind in letter.alternatives)


@pytest.mark.django_db
def test_no_letter_has_it_as_markup(scene: Scene) -> None:
    sent = letters(scene)
    assert len(sent) > 5
    assert [one.subject for one in sent if has_markup(written(one))] == []
    assert any(canaries.MARK in written(one) for one in sent)
    assert not [one for one in sent if "\n" in one.subject]


@pytest.mark.django_db
def test_without_escaping_pages_and_letters_would_have_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    pages: Any = engines["django"]
    monkeypatch.setattr(pages.engine, "autoescape", False)
    client = Client()
    user = scene.users["administrator"]
    assert user is not None
    client.force_login(user)
    for path in ("/inkop/", "/utvarderingar/", "/meddelanden/utskick/", "/omgangar/"):
        assert has_markup(client.get(path).content), path
    assert any(has_markup(written(one)) for one in letters(scene))
