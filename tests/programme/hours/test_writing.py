"""Counting and writing side by side: the same rows, the same guard, all or nothing."""

import datetime

import pytest
from django.db import DataError, transaction

from audit.operations import operation
from programme.hours import actions, writing
from programme.hours.actions import recount
from programme.hours.errors import MonthLocked
from programme.models import CountedTime, Month, Occasion
from tests.programme.builders import World
from tests.programme.hours.builders import mark, occasion_on, was_there

MARCH, APRIL = datetime.date(2026, 3, 3), datetime.date(2026, 4, 7)

Rows = list[tuple[int, int, int, bool]]


def attended(world: World) -> list[Occasion]:
    """Three in March, and two of them and two others in April, none of it counted."""
    march, april = occasion_on(world, MARCH), occasion_on(world, APRIL)
    for occasion, people in ((march, world.staff[:3]), (april, world.staff[1:5])):
        for person in people:
            was_there(occasion, person, "9.00", "11.00", count=False)
    return [march, april]


def again(occasions: list[Occasion]) -> int:
    with transaction.atomic(), operation("test.recount"):
        return recount(occasion_ids=[one.pk for one in occasions])


def rows() -> Rows:
    found = CountedTime.objects.order_by("occasion_id", "person_id", "pk")
    return list(found.values_list("occasion_id", "person_id", "minutes", "current"))


def test_person_by_person_gives_the_same_rows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasions = attended(world)
    assert again(occasions) == 7
    at_once = rows()
    for occasion in occasions:
        with transaction.atomic(), operation("test.longer"):
            Occasion.objects.filter(pk=occasion.pk).update(breaks=[[30, 60]])
    monkeypatch.setattr(actions, "SHARE", 1)
    assert again(occasions) == 7
    assert [row[:2] for row in rows() if row[3]] == [row[:2] for row in at_once]
    assert [row[2] for row in rows() if row[3]] == [90] * 7
    # That a row stood back follows from the newer one, so history has what was made.
    kinds = CountedTime.history.values_list("history_type", flat=True)
    assert list(kinds) == ["+"] * 14


def test_a_month_met_by_a_later_person_is_asked_for_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasions = attended(world)
    monkeypatch.setattr(actions, "SHARE", 1)
    with transaction.atomic(), operation("test.lock"):
        Month.objects.create(
            programme=world.programme,
            first_day=APRIL.replace(day=1),
            state=Month.State.LOCKED,
        )
    # The first person has only March, and is written before the locked month is met.
    with pytest.raises(MonthLocked, match="2026-04"):
        again(occasions)
    assert rows() == []


def test_without_asking_anew_the_locked_month_would_be_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasions = attended(world)
    monkeypatch.setattr(actions, "_ensure_open", lambda _months: None)
    with transaction.atomic(), operation("test.lock"):
        Month.objects.create(
            programme=world.programme,
            first_day=APRIL.replace(day=1),
            state=Month.State.LOCKED,
        )
    assert again(occasions) == 7


def test_an_error_on_the_other_thread_is_raised_and_nothing_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasions = attended(world)
    monkeypatch.setattr(actions, "SHARE", 1)
    honest = actions._columns
    made: list[object] = []

    def too_long(row: actions._New, reason: str, now: datetime.datetime) -> tuple[object, ...]:
        made.append(row)
        return honest(row, reason if len(made) < 3 else "x" * 300, now)

    monkeypatch.setattr(actions, "_columns", too_long)
    with pytest.raises(DataError):
        again(occasions)
    assert rows() == []
    monkeypatch.undo()
    mark(occasions[0], world.staff[0])
    assert len(rows()) == 1


def test_nothing_to_write_starts_no_writer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    occasions = attended(world)
    again(occasions)

    def never(*_args: object, **_kinds: object) -> None:
        raise AssertionError("a writer was made for nothing")

    monkeypatch.setattr(writing.Writer, "__init__", never)
    assert again(occasions) == 0
