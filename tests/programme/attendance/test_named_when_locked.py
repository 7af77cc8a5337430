"""Someone who is only a name when the month is locked: told of before, corrected after."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.operations import operation
from people.models import User
from programme.attendance import marking
from programme.attendance.errors import NameLocked
from programme.models import Correction, Month
from programme.months import queries
from programme.months.figures import persons_of
from tests.clients import signed_in
from tests.programme.attendance.conftest import Room
from tests.programme.attendance.test_marking import minutes_of
from tests.programme.attendance.test_rest import merge, named
from tests.programme.months.builders import staff_account


@pytest.fixture
def checker(room: Room) -> User:
    """An economist, who checks and locks."""
    return staff_account(room.world, "ekonom")


def first_of(room: Room) -> str:
    return f"{timezone.localdate(room.occasion.starts_at):%Y-%m}"


def lock(room: Room) -> None:
    first = timezone.localdate(room.occasion.starts_at).replace(day=1)
    with transaction.atomic(), operation("test.lock"):
        Month.objects.update_or_create(
            programme=room.world.programme,
            first_day=first,
            defaults={"state": Month.State.LOCKED, "locked_at": timezone.now()},
        )


def test_the_lock_page_names_those_who_are_only_a_name(room: Room, checker: User) -> None:
    address = f"/manader/{first_of(room)}/las/"
    office, economist = signed_in(room.administrator), signed_in(checker)
    assert office.get(address).context["names"] == []
    temporary = named(room)
    join = f"/narvaro/namn/{temporary.public_id}/"
    page = office.get(address).content.decode()
    assert "1 person är bara ett namn" in page
    assert join in page
    # Who may not join is told the name all the same.
    page = economist.get(address).content.decode()
    assert "Kim Okänd" in page
    assert join not in page
    merge(room, temporary, room.persons[0])
    assert office.get(address).context["names"] == []


def test_many_names_are_read_with_one_question(room: Room) -> None:
    first = timezone.localdate(room.occasion.starts_at).replace(day=1)
    for name in ("Kim", "Robin", "Alex"):
        marking.add_temporary(
            occasion_id=room.occasion.pk, first_name=name, last_name="Okänd", actor=room.trainer
        )
    found = persons_of(room.world.programme.pk, first)
    queries.names_of(found, room.administrator)
    with CaptureQueriesContext(connection) as seen:
        assert len(queries.names_of(found, room.administrator)) == 3
    assert sum("people_person" in one["sql"] for one in seen) == 1


def test_after_the_lock_the_name_and_the_right_person_are_corrected(
    room: Room, checker: User
) -> None:
    temporary, right = named(room), room.world.others[0]
    office, address = signed_in(room.administrator), f"/narvaro/namn/{temporary.public_id}/"
    assert office.get(address).status_code == 200
    assert "Månaden är låst" not in office.get(address).content.decode()
    lock(room)
    with pytest.raises(NameLocked):
        merge(room, temporary, right)
    page = office.post(address, {"into": right.public_id, "reason": "Legitimerade sig"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "inte behöver stå på tillfällets lista" in text
    assert "vid varje person på" not in text
    of_name, of_right = (
        f"/rattelser/ny/{room.occasion.public_id}/{each.public_id}/" for each in (temporary, right)
    )
    assert of_name in text
    assert of_right in text
    # The list of the occasion has the link for the name too.
    marks = f"/tillfallen/{room.occasion.public_id}/narvaro/"
    assert of_name in office.get(marks).content.decode()
    assert of_right not in office.get(marks).content.decode()
    economist, why = signed_in(checker), {"reason": "Fel namn", "action": "propose"}
    office.post(of_name, {"mark": "absent", "times": "", **why})
    office.post(of_right, {"mark": "present", "times": "", **why})
    for each in Correction.objects.all():
        economist.post(f"/rattelser/{each.public_id}/", {"action": "approve"})
    assert [each.state for each in Correction.objects.all()] == ["approved"] * 2
    assert minutes_of(temporary) == 0
    assert minutes_of(right) > 0


def test_who_does_not_check_hours_gets_no_link(room: Room) -> None:
    temporary = named(room)
    lock(room)
    page = signed_in(room.trainer).get(f"/tillfallen/{room.occasion.public_id}/narvaro/")
    assert f"/{temporary.public_id}/" not in page.content.decode()
