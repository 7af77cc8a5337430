"""The lock: in order, whole or with a reason, and nobody writes past it."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from audit.operations import operation
from programme.errors import NotAllowed
from programme.hours import actions
from programme.hours.closed import ensure_open
from programme.hours.errors import MonthLocked
from programme.models import CountedTime, Month, Occasion
from programme.months import figures, locking
from programme.months.errors import MonthNotOver, OutOfOrder, Unfinished
from tests.programme.builders import World, build_world
from tests.programme.hours.builders import mark, occasion_on, was_there
from tests.programme.months.builders import (
    APRIL,
    MARCH,
    attended,
    finished,
    locked,
    staff_account,
)


def lock(world: World, month: datetime.date, reason: str = "") -> Month:
    return locking.lock(
        programme=world.programme,
        month=month,
        left_out_reason=reason,
        actor=world.administrator,
    )


def test_a_finished_month_is_locked_with_its_sums(world: World) -> None:
    attended(world, MARCH, world.staff[:2])
    checker = staff_account(world, "ekonom")
    month = locked(world, MARCH, world.staff[:2], world.administrator, checker)
    assert month.summary["persons"] == 2
    assert month.summary["minutes"] == 360
    assert month.summary["kronor"] == "2502.00"
    assert Month.objects.get(first_day=datetime.date(2026, 2, 1)).state == Month.State.LOCKED


def test_the_unfinished_are_left_out_only_with_a_reason(world: World) -> None:
    attended(world, MARCH, world.staff[:2])
    finished(world, MARCH, world.staff[:1], world.administrator, staff_account(world, "ekonom"))
    with pytest.raises(Unfinished):
        lock(world, MARCH)
    assert not Month.objects.filter(state=Month.State.LOCKED).exists()
    month = lock(world, MARCH, "Långledig")
    assert [row["person"] for row in month.summary["left_out"]] == [world.staff[1].pk]
    assert month.summary["left_out_reason"] == "Långledig"
    assert month.summary["persons"] == 1


def test_a_month_out_of_order_is_refused(world: World) -> None:
    attended(world, MARCH, world.staff[:1])
    attended(world, APRIL, world.staff[:1])
    with pytest.raises(OutOfOrder, match="2026-03"):
        lock(world, APRIL, "x")
    lock(world, MARCH, "x")
    assert lock(world, APRIL, "x").state == Month.State.LOCKED


def test_without_the_guard_a_later_month_would_lock_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    attended(world, MARCH, world.staff[:1])
    attended(world, APRIL, world.staff[:1])
    monkeypatch.setattr(locking, "_ensure_in_order", lambda *_: None)
    assert lock(world, APRIL, "x").state == Month.State.LOCKED


def test_a_month_that_is_not_over_is_refused(world: World) -> None:
    today = timezone.localdate()
    for month in (today.replace(day=1), datetime.date(2028, 5, 1)):
        with pytest.raises(MonthNotOver):
            lock(world, month)
    assert not Month.objects.filter(state=Month.State.LOCKED).exists()


def test_only_those_who_close_months_lock(world: World) -> None:
    with pytest.raises(NotAllowed):
        locking.lock(programme=world.programme, month=MARCH, actor=world.chief)


def test_the_sum_of_the_month_is_the_sum_of_persons_occasions_and_rows(world: World) -> None:
    first = attended(world, MARCH, world.staff)
    second = occasion_on(world, MARCH.replace(day=10), "9.00", "10.07")
    for person in world.staff[:3]:
        mark(second, person)
    was_there(first, world.staff[0], "9.00", "10.13")
    month = figures.months_of(world.programme.pk, MARCH, MARCH)[MARCH]
    persons = figures.persons_of(world.programme.pk, MARCH)
    rows = CountedTime.objects.filter(current=True)
    assert month.minutes == sum(one.minutes for one in persons)
    assert month.minutes == sum(row.minutes for row in rows)
    assert month.kronor == sum(one.kronor for one in persons)
    assert month.kronor * 60 == month.minutes * 417
    for row in rows:
        assert row.minutes == row.explanation[-1]["after"]


def test_hours_of_those_not_employed_by_the_city_are_no_money(world: World) -> None:
    with transaction.atomic(), operation("test.person"):
        world.staff[0].publicly_employed = False
        world.staff[0].save()
    attended(world, MARCH, world.staff[:1])
    month = figures.months_of(world.programme.pk, MARCH, MARCH)[MARCH]
    assert month.minutes == 180
    assert month.kronor == 0


@pytest.mark.django_db(transaction=True)
def test_attendance_and_lock_never_cross() -> None:
    """The writer holds the month open; the lock waits, and sees what was written."""
    world, both = _ready()
    released = _writer_and_locker(world, both)
    month = Month.objects.get(first_day=MARCH)
    assert released == "writer first"
    left_out = {row["person"]: row["minutes"] for row in month.summary["left_out"]}
    assert left_out == {world.staff[1].pk: 180}
    with pytest.raises(MonthLocked):
        mark(both, world.staff[2])


@pytest.mark.django_db(transaction=True)
def test_without_the_share_lock_they_cross(monkeypatch: pytest.MonkeyPatch) -> None:
    """The month locks while the writer is not finished, and misses what it wrote."""
    world, both = _ready()
    monkeypatch.setattr(actions, "ensure_open", lambda **_: None)
    assert _writer_and_locker(world, both, guarded=False) == "lock first"
    month = Month.objects.get(first_day=MARCH)
    assert month.summary["left_out"] == []
    assert CountedTime.objects.filter(person=world.staff[1], current=True).exists()


def _ready() -> tuple[World, Occasion]:
    world = build_world()
    occasion = attended(world, MARCH, world.staff[:1])
    finished(world, MARCH, world.staff[:1], world.administrator, staff_account(world, "ekonom"))
    return world, occasion


def _writer_and_locker(world: World, occasion: Occasion, *, guarded: bool = True) -> str:
    """One thread writes slowly, the other locks meanwhile; which one came first."""
    written, done = threading.Event(), threading.Event()
    order: list[str] = []

    def write() -> None:
        try:
            with transaction.atomic():
                if guarded:
                    ensure_open(programme_id=world.programme.pk, days=[MARCH])
                mark(occasion, world.staff[1])
                written.set()
                # Guarded, the month is not locked before this one lets go.
                done.wait(1.5 if guarded else 60)
                order.append("writer")
        finally:
            connection.close()

    def close() -> None:
        try:
            written.wait(60)
            lock(world, MARCH, "x")
            order.append("lock")
            done.set()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for work in [pool.submit(write), pool.submit(close)]:
            work.result(120)
    return f"{order[0]} first"
