"""The staff list as a browser has it: the page's own fields sent back, all of them."""

from html.parser import HTMLParser

from django.db import transaction
from pytest_django import Settings

from audit.models import Operation
from audit.operations import operation
from people.models import Person
from programme.attendance import rules
from programme.models import Attendance, Invitation
from tests.clients import signed_in
from tests.programme.attendance.conftest import Room

MANY = 300


class Fields(HTMLParser):
    """What a browser sends of the list's form when its own button is pressed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take every field that has something to send."""
        said = dict(attrs)
        if tag == "form":
            self.inside = said.get("class") == "mark-form"
        chosen = said.get("type") not in ("radio", "checkbox") or "checked" in said
        if self.inside and tag == "input" and chosen and (name := said.get("name")):
            self.sent[name] = said.get("value") or ""


def invite_many(room: Room) -> list[Person]:
    """Three hundred on the list, laid in two statements."""
    with transaction.atomic(), operation("test.many"):
        persons = Person.objects.bulk_create(
            Person(first_name=f"Många{number}", last_name="Deltagare", unit=room.world.unit)
            for number in range(MANY)
        )
        Invitation.objects.bulk_create(
            Invitation(occasion=room.occasion, person=person) for person in persons
        )
    return persons


def filled_in(room: Room, persons: list[Person]) -> dict[str, str]:
    """The fields of the page, with everyone of these marked by hand as absent."""
    shown = signed_in(room.trainer).get(f"/tillfallen/{room.occasion.public_id}/narvaro/")
    sent = Fields(shown.content.decode()).sent
    return sent | {f"mark-{person.public_id}": rules.ABSENT for person in persons}


def test_three_hundred_are_saved_at_once(room: Room) -> None:
    persons = invite_many(room)
    sent = filled_in(room, persons)
    assert len(sent) > 5 * MANY
    address = f"/tillfallen/{room.occasion.public_id}/narvaro/"
    assert signed_in(room.trainer).post(address, sent).status_code == 302
    assert Attendance.objects.filter(mark=rules.ABSENT, person__in=persons).count() == MANY
    assert Operation.objects.filter(name="attendance.mark").count() == 1


def test_what_is_too_much_is_refused_in_words(room: Room, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    address = f"/tillfallen/{room.occasion.public_id}/narvaro/"
    refused = signed_in(room.trainer).post(address, {str(number): "" for number in range(11)})
    assert refused.status_code == 400
    shown = refused.content.decode()
    assert "kunde inte tas emot" in shown
    assert "Ingenting av det har sparats" in shown
