"""B6: forty browsers at once, over HTTP, book a venue once and are present once."""

import datetime

import pytest
from django.db import connection, transaction
from django.urls import reverse

from audit.operations import operation
from programme.models import Attendance, Booking, CountedTime, Occasion, Segment
from programme.venues import booking
from tests.programme.attendance.conftest import Room, room_of
from tests.programme.attendance.test_checking import account_of, begin, code_now
from tests.programme.builders import build_world
from tests.programme.occasions.builders import Scene, at, build_scene
from tests.programme.races.server import (
    GUARDED,
    UNGUARDED,
    Answer,
    Browser,
    serving,
    together,
)

pytestmark = pytest.mark.django_db(transaction=True)

BROWSERS = 40
# Without the lock each of them holds a connection until all have looked.
FEWER = 8


def plan_at_once(scene: Scene) -> list[Answer]:
    """Forty arrangers send the form for a new occasion, in the same venue at the same time."""
    address = reverse("occasions:new")
    with serving(GUARDED, workers=2, threads=BROWSERS // 2) as server:
        browsers = [Browser(server, scene.office) for _ in range(BROWSERS)]
        for browser in browsers:
            assert browser.get(address)[0] == 200
        return together(
            lambda browser: browser.post(
                address,
                title="Samtal",
                day=at(1).date().isoformat(),
                starts="09:00",
                ends="12:00",
                breaks="10.00–10.15",
                reason="Beslut",
                district=scene.world.farsta.public_id,
                venue=scene.venue.public_id,
            ),
            browsers,
        )


def test_forty_who_plan_in_one_venue_at_once_give_one_booking() -> None:
    answers = plan_at_once(build_scene())

    assert sorted(status for status, _page in answers) == [302] + [422] * (BROWSERS - 1)
    refused = [page for status, page in answers if status == 422]
    assert all("Samtal" in page and "Farsta träffpunkt" in page for page in refused)
    assert (Occasion.objects.count(), Booking.objects.count()) == (1, 1)


def test_without_the_constraint_all_forty_would_book() -> None:
    scene = build_scene()
    constraint = next(one for one in Booking._meta.constraints if one.name == booking.TAKEN)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Booking, constraint)
    try:
        assert {status for status, _page in plan_at_once(scene)} == {302}
        assert Booking.objects.filter(cancelled_at=None, venue=scene.venue).count() == BROWSERS
    finally:
        with connection.schema_editor() as editor:
            # The table is emptied first: the rows would not let the constraint come back.
            editor.execute("ALTER TABLE programme_booking DISABLE TRIGGER USER")
            editor.execute("DELETE FROM programme_booking")
            editor.execute("ALTER TABLE programme_booking ENABLE TRIGGER USER")
        with connection.schema_editor() as editor:
            editor.add_constraint(Booking, constraint)


def crowd(server: str, room: Room, count: int) -> list[Browser]:
    """So many browsers of one participant, each of which has read the code on the screen."""
    user = account_of(room.persons[0])
    browsers = [Browser(server, user) for _ in range(count)]
    together(lambda one: read_the_code(one, room), browsers)
    for answer in together(lambda one: one.get("/narvaro/in/"), browsers):
        assert answer[0] == 200
    return browsers


def read_the_code(browser: Browser, room: Room) -> Answer:
    """Open the address of the code, which is used up by the check-in."""
    address = f"/narvaro/in/{code_now(room.occasion)}/"
    connection.close()
    return browser.get(address)


def came_a_while_ago(minutes: int) -> None:
    """The open time began earlier, so that leaving now is worth something."""
    with transaction.atomic(), operation("test.earlier"):
        for row in Segment.objects.filter(ended_at=None):
            row.began_at -= datetime.timedelta(minutes=minutes)
            row.save(update_fields=["began_at"])


def test_forty_check_ins_and_check_outs_at_once_are_one_time_and_hours_once() -> None:
    room = room_of(build_world(staff=2))
    begin(room, minutes_ago=90)
    with serving(GUARDED, workers=2, threads=BROWSERS // 2) as server:
        browsers = crowd(server, room, BROWSERS)
        answers = together(lambda one: one.post("/narvaro/in/", do="in"), browsers)
        assert {status for status, _page in answers} == {302}
        assert (Attendance.objects.count(), Segment.objects.count()) == (1, 1)

        came_a_while_ago(60)
        together(lambda one: read_the_code(one, room), browsers)
        answers = together(lambda one: one.post("/narvaro/in/", do="out"), browsers)

    assert {status for status, _page in answers} == {302}
    assert (Attendance.objects.count(), Segment.objects.count()) == (1, 1)
    assert Segment.objects.get().ended_at is not None
    [counted] = CountedTime.objects.filter(current=True)
    assert counted.minutes in (60, 61)
    assert CountedTime.objects.exclude(pk=counted.pk).filter(minutes__gt=0).count() == 0


def test_without_the_lock_check_ins_at_once_are_not_answered_properly() -> None:
    room = room_of(build_world(staff=2))
    begin(room)
    with serving(UNGUARDED, workers=1, threads=FEWER) as server:
        browsers = crowd(server, room, FEWER)
        answers = together(lambda one: one.post("/narvaro/in/", do="in"), browsers)

    # The database still refuses two open times; those who lost are shown an error.
    assert sorted(status for status, _page in answers) == [302] + [500] * (FEWER - 1)
