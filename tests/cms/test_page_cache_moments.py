"""Kept pages that change by themselves, and what lectures show on them."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cms.models import (
    LectureIndexPage,
    LecturePage,
)
from cms.pagecache import moments
from cms.pagecache import writes as writing
from programme.lectures import making
from programme.models import (
    Lecture,
    SeatPlan,
)
from tests.cms.kept import Change, queries, read
from tests.programme.builders import World, build_world
from tests.programme.lectures.builders import facts
from tests.programme.registrations.builders import (
    open_occasion,
    participant,
    plan_for,
    register,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_kept")]


@pytest.fixture
def lecture_page(change: Change) -> tuple[World, SeatPlan, str]:
    """A lecture with seats and a page of its own."""
    world = build_world(identities=False)
    for person in world.staff:
        participant(world, person)
    lecture = making.save_lecture(
        facts=facts(), programme=world.programme, actor=world.administrator
    )
    plan = plan_for(open_occasion(world, unit=lecture.unit))
    made: list[LecturePage] = []

    def put_up() -> None:
        page = LecturePage(title="Om samtal", slug="om-samtal", lecture=lecture)
        LectureIndexPage.objects.get(locale__language_code="sv").add_child(instance=page)
        page.save_revision().publish()
        Lecture.objects.update(state=Lecture.State.OPEN)
        made.append(page)

    change(put_up)
    return world, plan, str(made[0].url)


def test_seats_are_right_after_a_registration(
    lecture_page: tuple[World, SeatPlan, str], change: Change
) -> None:
    world, plan, address = lecture_page
    assert f"{plan.seats} platser kvar" in read(Client(), address)
    assert queries(Client(), address) == 0
    change(lambda: register(plan, world.staff[0]))
    assert f"{plan.seats - 1} plats kvar" in read(Client(), address)


def test_without_listening_the_old_number_would_stay(
    lecture_page: tuple[World, SeatPlan, str], change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    world, plan, address = lecture_page
    assert f"{plan.seats} platser kvar" in read(Client(), address)
    monkeypatch.setattr(writing, "_tables", set())
    writing.writes_to_shown.cache_clear()
    change(lambda: register(plan, world.staff[0]))
    assert f"{plan.seats} platser kvar" in read(Client(), address)
    writing.writes_to_shown.cache_clear()


def test_registration_opens_and_closes_on_a_kept_page_by_itself(
    lecture_page: tuple[World, SeatPlan, str], change: Change
) -> None:
    """Seats are shown while they can be asked for, from the very moment and no longer."""
    _world, plan, address = lecture_page
    opens = timezone.now() + datetime.timedelta(minutes=10)
    closes = opens + datetime.timedelta(minutes=10)
    change(lambda: SeatPlan.objects.filter(pk=plan.pk).update(opens_at=opens, closes_at=closes))
    second = datetime.timedelta(seconds=1)

    shown = []
    for moment in (opens - 2 * second, opens + second, closes - second, closes + second):
        with time_machine.travel(moment, tick=True):
            shown.append("platser kvar" in read(Client(), address))

    assert shown == [False, True, True, False]


def test_without_the_moment_of_registration_the_page_would_stay(
    lecture_page: tuple[World, SeatPlan, str], change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(moments, "_moments", {})
    _world, plan, address = lecture_page
    opens = timezone.now() + datetime.timedelta(minutes=10)
    change(lambda: SeatPlan.objects.filter(pk=plan.pk).update(opens_at=opens))
    for moment in (opens - datetime.timedelta(minutes=1), opens + datetime.timedelta(minutes=1)):
        with time_machine.travel(moment, tick=True):
            assert "platser kvar" not in read(Client(), address)


def test_a_moment_that_comes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has an embargo is shown when its time comes, though nobody does anything."""
    now = timezone.now()
    embargo = now + datetime.timedelta(minutes=30)
    monkeypatch.setattr(moments, "_moments", {"test": lambda at: embargo if at < embargo else None})
    client = Client()
    queries(client, "/")
    assert queries(client, "/") == 0
    with time_machine.travel(embargo + datetime.timedelta(seconds=1), tick=True):
        assert queries(client, "/") > 0


def test_without_the_moment_the_page_would_stay() -> None:
    now = timezone.now().replace(hour=10)
    with time_machine.travel(now, tick=True):
        client = Client()
        queries(client, "/")
    with time_machine.travel(now + datetime.timedelta(minutes=31), tick=True):
        assert queries(client, "/") == 0


def test_midnight_is_always_a_moment() -> None:
    evening = timezone.make_aware(datetime.datetime(2026, 11, 27, 23, 50))
    midnight = timezone.make_aware(datetime.datetime(2026, 11, 28))
    assert moments.next_change(evening) == midnight
