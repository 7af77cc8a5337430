"""Every address that takes a form, each field its view asks for filled with what nobody should send.

No page is read for it: an address is posted to with nothing, what its view asks for is
noted, and that is filled. So an address whose form no page shows, or shows only in some
other state, is tried like the rest, and a new one without a line here.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django import forms
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoDbBlocker

from audit.models import InboxEvent
from audit.operations import operation
from people.models import Organisation
from programme.models import Venue
from programme.venues.forms import VenueForm
from tests.permissions import expectations as expected
from tests.permissions.patterns import Pattern, walk
from tests.permissions.scene import ACCOUNTS, Scene, built

WHO = (*ACCOUNTS, "superuser", "anonymous")
HOSTILE: dict[str, str | list[str]] = {
    "NUL": "a\x00b",
    "a long number": "9" * 5_000,
    "over what the database holds": "9223372036854775808",
    "without end": "-1e999999",
    "the first day": "0001-01-01",
    "the last moment": "9999-12-31T23:59",
    "a digit that is no number, the second time": ["1", "²"],
}
#: In every other field of these: a form that is wrong throughout is refused before it counts.
ALONE = ("over what the database holds",)
#: What the framework itself reads.
LEFT_ALONE = {"csrfmiddlewaretoken", "_method"}
#: An answer may ask for more once it has got something: so often is it asked again.
ROUNDS = 2
#: Nothing is empty, or a form that is not filled in at all would not be looked at.
NOTHING = {"x": "x"}
PLAIN = "1"


class Asked(QueryDict):
    """What was posted, with a note of every name that is asked for."""

    def __init__(self, posted: QueryDict, names: set[str]) -> None:
        super().__init__(mutable=True)
        self.names = names
        for name, values in posted.lists():
            self.setlist(name, values)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """The last value, or what is given for none."""
        self.names.add(key)
        return super().get(key, default)

    def getlist(self, key: str, default: Any = None) -> Any:
        """All values."""
        self.names.add(key)
        return super().getlist(key, default)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with django_db_blocker.unblock(), built() as scene:
        yield scene


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names that views have asked for since it was last emptied."""
    names: set[str] = set()
    # What stands behind a request's own POST.
    own: Any = WSGIRequest
    plain = own._get_post

    def noting(request: WSGIRequest) -> QueryDict:
        posted: QueryDict = plain(request)
        return posted if isinstance(posted, Asked) else Asked(posted, names)

    monkeypatch.setattr(WSGIRequest, "POST", property(noting, own._set_post))
    return names


def doors() -> Iterator[tuple[Pattern, str]]:
    """Every address that somebody may post to, each with the first who may."""
    for pattern in walk():
        row = expected.TABLE.get(pattern.route)
        may = [who for who in WHO if row and row.post and who in row.post]
        if may:
            yield pattern, may[0]


def sent(client: Client, path: str, values: dict[str, Any]) -> tuple[int, int]:
    """The status, and how much was written; all of it is taken back."""
    with transaction.atomic():
        # Whatever is written to a tracked table leaves a row here, in the same transaction.
        before = InboxEvent.objects.count()
        status = client.post(path, values).status_code
        written = InboxEvent.objects.count() - before
        transaction.set_rollback(True)
    return status, written


def wanted(client: Client, path: str, asked: set[str]) -> set[str]:
    """What the view behind the address asks for."""
    names: set[str] = set()
    for _round in range(ROUNDS):
        asked.clear()
        sent(client, path, NOTHING | dict.fromkeys(names, PLAIN))
        if asked - LEFT_ALONE <= names:
            break
        names |= asked - LEFT_ALONE
    return names - set(NOTHING)


def fillings(names: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is sent, and in words what hurts in it."""
    for words, value in HOSTILE.items():
        yield words, dict.fromkeys(names, value)
    for words in ALONE:
        for turn in (0, 1):
            mixed = [HOSTILE[words], PLAIN] if turn else [PLAIN, HOSTILE[words]]
            yield words, {name: mixed[i % 2] for i, name in enumerate(sorted(names))}


def wrong(
    scene: Scene, doors: Iterable[tuple[Pattern, str]], asked: set[str]
) -> tuple[list[str], int]:
    """What broke or wrote although it was refused, and how many fields were filled."""
    found, filled = [], 0
    for pattern, who in doors:
        client = Client(raise_request_exception=False)
        user = scene.users[who]
        if user is not None:
            client.force_login(user)
        path = pattern.filled(scene.values_for(pattern.name))
        names = wanted(client, path, asked)
        filled += len(names)
        for words, values in fillings(names) if names else ():
            status, writes = sent(client, path, NOTHING | values)
            where = f"{path} as {who} ({words}): {status}"
            if status >= 500:
                found.append(f"{where} broke on {sorted(names)}")
            elif status >= 400 and writes:
                found.append(f"{where} wrote")
    return found, filled


def door(name: str) -> list[tuple[Pattern, str]]:
    return [(pattern, who) for pattern, who in doors() if pattern.name == name]


@pytest.mark.django_db
def test_nothing_breaks_and_what_is_refused_writes_nothing(scene: Scene, asked: set[str]) -> None:
    found, filled = wrong(scene, doors(), asked)
    assert "\n".join(found) == ""
    # Fewer would mean that the views' questions are no longer heard.
    assert filled > 550


@pytest.mark.django_db
def test_a_field_that_is_not_looked_at_would_be_seen(
    scene: Scene, asked: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a number taken as it comes breaks, and the page of it is named."""

    def careless(self: VenueForm) -> int:
        return int(self.data["capacity"])

    monkeypatch.setattr(VenueForm, "clean_cost_a_day", careless, raising=False)
    # Called only where the field itself let the value through.
    monkeypatch.setattr(forms.IntegerField, "clean", lambda field, value: value)
    found, _filled = wrong(scene, door("venues:new"), asked)
    assert any("(NUL): 500 broke" in line and "capacity" in line for line in found)


@pytest.mark.django_db
def test_what_is_written_before_the_refusal_would_be_seen(
    scene: Scene, asked: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a form that is kept although it is refused."""

    def hasty(form: VenueForm) -> bool:
        with operation("test.hasty"):
            Venue.objects.create(
                name="x", address="x", capacity=1, district=Organisation.objects.all()[0]
            )
        return False

    monkeypatch.setattr(VenueForm, "is_valid", hasty)
    found, _filled = wrong(scene, door("venues:new"), asked)
    assert len(found) >= len(HOSTILE)
    assert all(line.endswith("422 wrote") for line in found)
