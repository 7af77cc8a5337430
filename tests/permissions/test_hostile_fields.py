"""Every form of the training and of reporting, each field filled with what nobody should send.

The forms are read from the pages themselves, so a new field is tried without a line here.
Nothing may break, and what is refused may not have written anything.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve
from pytest_django import DjangoDbBlocker

from audit.models import InboxEvent
from tests.journeys.test_staff_pages import AREA
from tests.permissions import expectations as expected
from tests.permissions.patterns import walk
from tests.permissions.scene import Scene, built

#: Rooms beside the area whose pages hold forms of it too; their own forms are not filled here.
ROOMS = (*AREA, "evaluation", "guests", "lectures", "registrations", "workflows")
WHO = ("administrator", "economist", "trainer", "own participant")
HOSTILE = {
    "NUL": "a\x00b",
    "nothing to see": "\u200b\u202e\u2066",
    "right to left": "\u202eelif\u202c \u200d",
    "very long": "å" * 12_000,
    "1900": "1900-01-01",
    "9999": "9999-12-31",
    "no day": "2026-02-31",
    "no number": "-99999999999999999999",
}
TYPED = {"text", "search", "email", "date", "time", "number", "url", "hidden", "tel", "textarea"}
#: What the framework itself reads, or what ends the visitor's own session.
LEFT_ALONE = {"csrfmiddlewaretoken"}


#: Addresses that take a form which none of these people has before them here, and why.
_NOTHING_WAITS = "the scene has nothing in that state"
EXCUSED: dict[str, str] = {
    "absences:confirm": _NOTHING_WAITS,
    "attendance:decide": _NOTHING_WAITS,
    # Nobody in the register is called like the one who was written down.
    "attendance:merge": _NOTHING_WAITS,
    "attendance:report_confirm": _NOTHING_WAITS,
    "certificates:issue": _NOTHING_WAITS,
    "certificates:issue_anew": _NOTHING_WAITS,
    "dated:take_back": _NOTHING_WAITS,
    "employees:stay": _NOTHING_WAITS,
    "months:check": _NOTHING_WAITS,
    "months:my_month": _NOTHING_WAITS,
    "months:paper": _NOTHING_WAITS,
    "months:remind": _NOTHING_WAITS,
    "occasions:seat": _NOTHING_WAITS,
    "scb:cascade": _NOTHING_WAITS,
    "scb:lines": _NOTHING_WAITS,
}


@dataclass
class Form:
    """A form as a browser would send it."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    # Where its other buttons send the same fields.
    elsewhere: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page that are sent by POST."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what would be sent."""
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form" and given.get("method", "").lower() == "post":
            self._form = Form(given.get("action", ""))
            self.found.append(self._form)
        if self._form is not None and given.get("formaction"):
            self._form.elsewhere.append(given["formaction"])
        if self._form is None or (not name and tag != "option"):
            return
        kind = given.get("type", "text") if tag == "input" else tag
        if kind in TYPED:
            self._form.values.setdefault(name, given.get("value", ""))
            self._form.typed.append(name)
        elif kind in ("checkbox", "radio") and ("checked" in given or kind == "radio"):
            self._form.values.setdefault(name, given.get("value", "on"))
        elif kind in ("submit", "button") and name:
            self._form.values.setdefault(name, given.get("value", ""))
        elif tag == "select":
            self._select = name
            self._form.values.setdefault(name, "")
        elif tag == "option" and self._select and given.get("value"):
            self._choose(self._form, given)

    def _choose(self, form: Form, given: dict[str, str]) -> None:
        if not form.values[self._select] or "selected" in given:
            form.values[self._select] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        """Leave the form or the list of choices."""
        if tag == "form":
            if self._form is not None:
                values, typed = self._form.values, self._form.typed
                self.found += [Form(to, dict(values), typed) for to in self._form.elsewhere]
            self._form = None
        if tag == "select":
            self._select = ""


def forms_of(page: str) -> list[Form]:
    parser = Forms()
    parser.feed(page)
    return parser.found


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with django_db_blocker.unblock(), built() as scene:
        yield scene


def pages(
    scene: Scene, client: Client, identity: str, rooms: Sequence[str] = AREA
) -> Iterator[tuple[str, list[Form]]]:
    """Each page of the area that the person may open, with its forms."""
    for pattern in walk():
        if pattern.name.partition(":")[0] not in rooms:
            continue
        allowed = expected.TABLE[pattern.route].get
        if not allowed or identity not in allowed:
            continue
        path = pattern.filled(scene.values_for(pattern.name))
        answer = client.get(path)
        if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
            yield path, forms_of(answer.content.decode())


def sent(client: Client, path: str, values: dict[str, str]) -> tuple[int, int]:
    """The status, and how much was written; all of it is taken back."""
    with transaction.atomic():
        # Whatever is written to a tracked table leaves a row here, in the same transaction.
        before = InboxEvent.objects.count()
        status = client.post(path, values).status_code
        written = 0 if status >= 500 or status == 400 else InboxEvent.objects.count() - before
        transaction.set_rollback(True)
    return status, written


def wrong(scene: Scene, identity: str, done: set[tuple[str, str]]) -> list[str]:
    """What broke, or wrote although it was refused; fields that are done are left out."""
    found = []
    client = Client(raise_request_exception=False)
    user = scene.users[identity]
    assert user is not None
    client.force_login(user)
    for path, forms in pages(scene, client, identity):
        for form in forms:
            action = form.action or path
            for name in form.typed:
                # The same field for each person of a list is the same field.
                key = (re.sub(r"/[2-9b-z]{12}", "/*", action), re.sub(r"[2-9b-z]{12}", "*", name))
                if name in LEFT_ALONE or key in done:
                    continue
                done.add(key)
                for words, value in HOSTILE.items():
                    status, writes = sent(client, action, form.values | {name: value})
                    where = f"{action} {name} ({words}): {status}"
                    if status >= 500:
                        found.append(f"{where} broke")
                    elif status in (404, 422) and writes:
                        found.append(f"{where} wrote")
    return found


def takes_forms() -> set[str]:
    """The names of the area's addresses that somebody may post to."""
    return {
        pattern.name
        for pattern in walk()
        if pattern.name.partition(":")[0] in AREA and expected.TABLE[pattern.route].post
    }


def ensure_none(names: set[str], words: str) -> None:
    """Fail with every name, where there is one."""
    if names:
        pytest.fail(f"{words}: {', '.join(sorted(names))}")


def posted(scene: Scene) -> set[str]:
    """The names of the addresses that the forms found here are sent to."""
    found = set()
    for identity in WHO:
        client = Client(raise_request_exception=False)
        user = scene.users[identity]
        assert user is not None
        client.force_login(user)
        for path, forms in pages(scene, client, identity, ROOMS):
            found |= {resolve((form.action or path).partition("?")[0]).view_name for form in forms}
    return found


@pytest.mark.django_db
def test_every_form_of_the_area_is_filled_or_excused(scene: Scene) -> None:
    sent_to = posted(scene)
    ensure_none(takes_forms() - sent_to - set(EXCUSED), "neither posted nor excused")
    ensure_none(set(EXCUSED) - takes_forms(), "excused, and takes no form")
    ensure_none(set(EXCUSED) & sent_to, "excused, and posted all the same")


@pytest.mark.django_db
def test_a_room_that_is_not_walked_would_be_missed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the forms that nobody fills are named."""
    known = walk
    monkeypatch.setattr(
        "tests.permissions.test_hostile_fields.walk",
        lambda: (one for one in known() if not one.name.startswith("venues:")),
    )
    sent_to = posted(scene)
    monkeypatch.undo()
    assert {"venues:new", "venues:check"} <= takes_forms() - sent_to - set(EXCUSED)


@pytest.mark.django_db
def test_nothing_breaks_and_what_is_refused_writes_nothing(scene: Scene) -> None:
    done: set[tuple[str, str]] = set()
    found = [line for identity in WHO for line in wrong(scene, identity, done)]
    assert len(done) > 60
    assert "\n".join(found) == ""


@pytest.mark.django_db
def test_a_second_click_on_every_button_breaks_nothing(scene: Scene) -> None:
    found = []
    for identity in WHO:
        client = Client(raise_request_exception=False)
        user = scene.users[identity]
        assert user is not None
        client.force_login(user)
        for path, forms in pages(scene, client, identity):
            for form in forms:
                with transaction.atomic():
                    first = client.post(form.action or path, form.values).status_code
                    second = client.post(form.action or path, form.values).status_code
                    transaction.set_rollback(True)
                if max(first, second) >= 500:
                    found.append(f"{form.action or path}: {first}, {second}")
    assert found == []
