"""Ninety clicks for thirty seats, over real HTTP (B1, B4)."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from programme.models import Invitation, Registration, SeatPlan
from tests.programme.builders import build_world
from tests.programme.registrations import burst
from tests.programme.registrations.builders import open_occasion, plan_for

PEOPLE, SEATS = 90, 30
SLOW = "tests.programme.registrations.slow_wsgi"


def seats_given(plan: SeatPlan) -> int:
    return Registration.objects.filter(plan=plan, state="registered").count()


def laid(seats: int, people: int) -> tuple[SeatPlan, list[str]]:
    world = build_world(staff=1, identities=False)
    plan = plan_for(open_occasion(world), seats=seats)
    return plan, burst.many(world, people)


@pytest.mark.django_db(transaction=True)
def test_ninety_clicks_for_thirty_seats_give_exactly_thirty() -> None:
    plan, sessions = laid(SEATS, PEOPLE)
    with burst.server(module=SLOW) as port:
        clicks = burst.all_at_once(port, sessions, plan.occasion.public_id, clients=PEOPLE)
        # Everybody clicks again, as people do when a page is slow: nothing more happens.
        again = burst.all_at_once(port, sessions[:20], plan.occasion.public_id, clients=20)
    assert burst.errors(clicks) == []
    assert burst.errors(again) == []
    rows = list(
        Registration.objects.filter(plan=plan)
        .order_by("order")
        .values_list("order", "state", "queue")
    )
    assert [order for order, _state, _queue in rows] == list(range(1, PEOPLE + 1))
    assert [state for _order, state, _queue in rows] == ["registered"] * SEATS + ["waiting"] * (
        PEOPLE - SEATS
    )
    assert [queue for _order, _state, queue in rows[SEATS:]] == list(range(SEATS + 1, PEOPLE + 1))
    # The numbers follow the commits: history's clock goes with them.
    written = list(
        Registration.history.filter(plan=plan, history_type="+")
        .order_by("history_id")
        .values_list("order", flat=True)
    )
    assert written == sorted(written)
    assert Invitation.objects.filter(occasion=plan.occasion, withdrawn_at=None).count() == SEATS
    plan.refresh_from_db()
    assert plan.taken == SEATS


def without_the_lock(folder: Path) -> tuple[SeatPlan, list[burst.Click]]:
    """Forty clicks for one seat, when two have counted before either takes it."""
    plan, sessions = laid(1, 40)
    with burst.server(module=SLOW, WITHOUT_LOCK=str(folder), MEET="2") as port:
        return plan, burst.all_at_once(port, sessions, plan.occasion.public_id, clients=40)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_seats_are_given_twice(tmp_path: Path) -> None:
    wall = "ALTER TABLE programme_seatplan {} CONSTRAINT never_oversold {}"
    with connection.cursor() as cursor:
        cursor.execute(wall.format("DROP", ""))
    try:
        plan, _clicks = without_the_lock(tmp_path)
        assert seats_given(plan) > 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute(wall.format("ADD", "CHECK (taken <= seats) NOT VALID"))


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_database_still_sells_no_seat_twice(tmp_path: Path) -> None:
    plan, clicks = without_the_lock(tmp_path)
    assert seats_given(plan) == 1
    # The wall says no with an error, which is why the lock stands before it.
    assert burst.errors(clicks)


@pytest.mark.django_db(transaction=True)
def test_one_person_clicking_ten_times_is_one_registration() -> None:
    plan, sessions = laid(3, 1)
    with (
        burst.server(module=SLOW) as port,
        ThreadPoolExecutor(10) as pool,
    ):
        clicks = list(
            pool.map(
                lambda _turn: burst.click(port, sessions[0], plan.occasion.public_id), range(10)
            )
        )
    assert burst.errors(clicks) == []
    assert Registration.objects.count() == 1
    assert Registration.objects.get().registered_at > plan.opens_at + datetime.timedelta(hours=1)
