"""What is counted is never changed, and what stands is what was counted last."""

import datetime
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from audit.models import InboxEvent
from audit.operations import operation
from audit.registry import triggers_of
from programme.hours import health
from programme.models import CountedTime
from tests.programme.builders import World
from tests.programme.hours.builders import occasion_on, was_there

DAY = datetime.date(2026, 3, 3)


@pytest.fixture
def counted(world: World) -> list[CountedTime]:
    """Counted an hour, then an hour and a half; and another person once."""
    occasion = occasion_on(world, DAY)
    was_there(occasion, world.staff[0], "9.00", "10.00")
    was_there(occasion, world.staff[0], "10.30", "11.00")
    was_there(occasion, world.staff[1], "9.00", "10.00")
    return list(CountedTime.objects.order_by("pk"))


def found() -> list[str]:
    return [one.message for one in health.check(timezone.localdate())]


def put(**values: Any) -> None:
    with transaction.atomic(), operation("test.astray"):
        for pk, current in values.items():
            CountedTime.objects.filter(pk=pk.removeprefix("row")).update(current=current)


def test_what_counting_leaves_is_in_order(counted: list[CountedTime]) -> None:
    assert [row.current for row in counted] == [False, True, True]
    assert found() == []


def test_minutes_put_out_of_force_are_found(counted: list[CountedTime]) -> None:
    put(**{f"row{counted[2].pk}": False})
    (one,) = found()
    assert one.startswith("1 räknad tid")


def test_older_minutes_put_back_in_force_are_found(counted: list[CountedTime]) -> None:
    put(**{f"row{counted[1].pk}": False, f"row{counted[0].pk}": True})
    assert len(found()) == 1


def test_minutes_of_a_merged_person_do_not_stand(world: World, counted: list[CountedTime]) -> None:
    with transaction.atomic(), operation("test.merged"):
        person = counted[2].person
        person.merged_into = counted[0].person
        person.save(update_fields=["merged_into"])
    assert len(found()) == 1
    put(**{f"row{counted[2].pk}": False})
    assert found() == []


def test_standing_back_is_no_event_and_everything_else_is_refused(
    counted: list[CountedTime],
) -> None:
    events = InboxEvent.objects.filter(table="programme_countedtime")
    assert events.count() == CountedTime.history.count() == 3
    rows = CountedTime.objects.filter(pk=counted[2].pk)
    for values in ({"minutes": 1}, {"reason": "x"}, {"current": False, "day": DAY}):
        with (
            pytest.raises(ProgrammingError, match="only stands back"),
            transaction.atomic(),
            operation("test.changed"),
        ):
            rows.update(**values)
    with (
        pytest.raises(ProgrammingError, match="only stands back"),
        transaction.atomic(),
        operation("test.deleted"),
    ):
        rows.delete()
    assert events.count() == 3


def test_minutes_are_put_out_of_force_in_an_operation_only(counted: list[CountedTime]) -> None:
    rows = CountedTime.objects.filter(pk=counted[2].pk)
    with pytest.raises(ProgrammingError, match="outside an operation"), transaction.atomic():
        rows.update(current=False)
    guard: Any
    [guard] = [one for one in triggers_of(CountedTime) if str(one.name) == "needs_operation"]
    guard.uninstall(CountedTime)
    rows.update(current=False)
    assert len(found()) == 1


def test_without_the_guard_the_minutes_change_and_that_is_an_event(
    counted: list[CountedTime],
) -> None:
    guard: Any
    [guard] = [one for one in triggers_of(CountedTime) if str(one.name) == "fixed"]
    guard.uninstall(CountedTime)
    with transaction.atomic(), operation("test.changed"):
        CountedTime.objects.filter(pk=counted[2].pk).update(minutes=1)
    assert InboxEvent.objects.filter(table="programme_countedtime", op="~").count() == 1
