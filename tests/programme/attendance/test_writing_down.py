"""Somebody written down by name at an occasion: with the list, asked about, never lost."""

from typing import Any

import pytest
from django.utils import timezone

from people.models import Person
from programme.attendance import marking, queries, rules
from programme.models import Attendance, Invitation
from tests.clients import signed_in
from tests.programme.attendance.conftest import Room
from tests.programme.attendance.test_marking import change, mark_of, page


def test_someone_by_name_only_stands_on_the_list_as_present(room: Room) -> None:
    person = marking.add_temporary(
        occasion_id=room.occasion.pk, first_name="Ny", last_name="Gäst", actor=room.trainer
    )
    assert (person.temporary, mark_of(person)) == (True, rules.PRESENT)
    assert person.public_id in {seat.key for seat in queries.roster(room.occasion)}


def write_down(room: Room, client: Any, **posted: str) -> Any:
    """Press the button that writes somebody down, with what else stands on the page."""
    return page(room, client, **posted, to="person/")


def test_writing_somebody_down_keeps_the_marks_on_the_page(room: Room) -> None:
    client, person = signed_in(room.trainer), room.persons[0]
    shown = client.get(f"/tillfallen/{room.occasion.public_id}/narvaro/").content.decode()
    form = shown.partition('class="mark-form"')[2].partition("</form>")[0]
    # One form, whose first button saves the list when Enter is pressed.
    assert 'name="first_name"' in form
    assert "formaction" not in form.partition("</button>")[0]
    marked = {f"mark-{person.public_id}": "excused", f"note-{person.public_id}": "Tandläkare"}
    nameless = write_down(room, client, **marked, first_name="", last_name="Gäst")
    assert nameless.status_code == 422
    assert 'value="Tandläkare"' in nameless.content.decode()
    assert not Attendance.objects.exists()
    times_ = {f"in-{person.public_id}-new": "15:00", f"out-{person.public_id}-new": "16:00"}
    refused = write_down(room, client, **marked, **times_, first_name="Ny", last_name="Gäst")
    assert refused.status_code == 422
    for kept in ('value="Ny"', 'value="Gäst"', 'value="15:00"', 'value="Tandläkare"'):
        assert kept in refused.content.decode()
    assert not Attendance.objects.exists()
    written = write_down(room, client, **marked, first_name="Ny", last_name="Gäst")
    assert written.status_code == 302
    assert mark_of(person) == rules.EXCUSED
    assert mark_of(Person.objects.get(temporary=True)) == rules.PRESENT


def test_the_same_name_written_twice_is_asked_about(room: Room) -> None:
    client, name = signed_in(room.trainer), {"first_name": "Ny", "last_name": "Gäst"}
    assert write_down(room, client, **name).status_code == 302
    asked = write_down(room, client, first_name="ny ", last_name="GÄST")
    assert asked.status_code == 422
    assert "Det är en annan person med samma namn" in asked.content.decode()
    assert "står redan på listan" in asked.content.decode()
    assert Person.objects.filter(temporary=True).count() == 1
    assert write_down(room, client, **name, another="on").status_code == 302
    assert Person.objects.filter(temporary=True).count() == 2


def test_the_name_of_someone_invited_is_asked_about_and_a_protected_one_not(room: Room) -> None:
    client, person = signed_in(room.trainer), room.persons[0]
    name = {"first_name": person.first_name.lower(), "last_name": person.last_name}
    asked = write_down(room, client, **name)
    assert asked.status_code == 422
    assert "Det är en annan person med samma namn" in asked.content.decode()
    assert not Person.objects.filter(temporary=True).exists()
    assert write_down(room, client, **name, another="on").status_code == 302
    change(room.persons[1], protected=True)
    hidden = {"first_name": room.persons[1].first_name, "last_name": room.persons[1].last_name}
    assert write_down(room, client, **hidden).status_code == 302
    withdrawn = Invitation.objects.get(person=room.persons[2])
    change(withdrawn, withdrawn_at=timezone.now())
    gone = {"first_name": room.persons[2].first_name, "last_name": room.persons[2].last_name}
    assert write_down(room, client, **gone).status_code == 302


@pytest.mark.parametrize("blank", ["\u200b", "\u2060\u200d", "\u00a0 \ufeff"])
def test_a_name_that_nobody_can_see_is_asked_for(room: Room, blank: str) -> None:
    client = signed_in(room.trainer)
    for name in ({"first_name": blank}, {"last_name": blank}):
        asked = write_down(room, client, **({"first_name": "Ny", "last_name": "Gäst"} | name))
        assert asked.status_code == 422
        assert f'id="id_{next(iter(name))}_error"' in asked.content.decode()
    assert not Person.objects.filter(temporary=True).exists()


def test_saving_the_list_neither_adds_nor_loses_a_name_that_is_typed(room: Room) -> None:
    client, person = signed_in(room.trainer), room.persons[0]
    typed = {"first_name": "Ny", "last_name": "Gäst"}
    marked = {f"mark-{person.public_id}": "excused"}
    saved = page(room, client, **marked, **typed)
    assert (saved.status_code, mark_of(person)) == (200, rules.EXCUSED)
    assert "Namnet är inte uppskrivet än" in saved.content.decode()
    assert 'value="Gäst"' in saved.content.decode()
    assert not Person.objects.filter(temporary=True).exists()
    everyone = page(room, client, all="1", **typed)
    assert 'name="tryck"' in everyone.content.decode()
