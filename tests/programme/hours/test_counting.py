"""Counted time: nothing twice, nothing free, the same inputs write nothing."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.operations import operation
from programme.hours import actions, closed, rules
from programme.hours.actions import recount
from programme.hours.errors import MonthLocked, NoRules
from programme.models import CountedTime, HourRules, Month, Occasion, Segment
from tests.programme.builders import World
from tests.programme.hours.builders import at, counted, mark, occasion_on, was_there

DAY = datetime.date(2026, 3, 3)


def again(*occasions: Occasion) -> int:
    with transaction.atomic(), operation("test.recount"):
        return recount(occasion_ids=[one.pk for one in occasions])


def lock(world: World, day: datetime.date = DAY) -> Month:
    with transaction.atomic(), operation("test.lock"):
        month, _made = Month.objects.update_or_create(
            programme=world.programme,
            first_day=day.replace(day=1),
            defaults={"state": Month.State.LOCKED},
        )
    return month


def test_present_without_times_counts_the_net_time(world: World) -> None:
    occasion = occasion_on(world, DAY, breaks=[[60, 75]])
    mark(occasion, world.staff[0])
    row = counted(occasion, world.staff[0])
    assert (row.minutes, row.planned_minutes, row.day) == (165, 165, DAY)


@pytest.mark.parametrize("value", ["absent", "excused"])
def test_absent_and_excused_are_no_time_even_with_a_check_in(world: World, value: str) -> None:
    occasion = occasion_on(world, DAY)
    was_there(occasion, world.staff[0], "9.00", "12.00")
    assert counted(occasion, world.staff[0]).minutes == 180
    mark(occasion, world.staff[0], value)
    assert counted(occasion, world.staff[0]).minutes == 0


def test_nothing_known_is_not_counted_at_all(world: World) -> None:
    occasion = occasion_on(world, DAY)
    mark(occasion, world.staff[0], "")
    assert not CountedTime.objects.exists()


def test_the_same_inputs_write_nothing_and_others_keep_the_old_row(world: World) -> None:
    occasion = occasion_on(world, DAY)
    was_there(occasion, world.staff[0], "9.00", "10.00")
    first = counted(occasion, world.staff[0])
    assert again(occasion) == 0
    was_there(occasion, world.staff[0], "10.30", "11.00")
    rows = CountedTime.objects.order_by("pk")
    assert [(row.minutes, row.current) for row in rows] == [(60, False), (90, True)]
    assert rows[0].pk == first.pk


def test_without_the_digest_the_same_inputs_would_write_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasion = occasion_on(world, DAY)
    was_there(occasion, world.staff[0], "9.00", "10.00")
    monkeypatch.setattr(rules, "_digest", lambda *_inputs: "0" * 64)
    assert again(occasion) == 1


def test_the_minute_shared_by_two_occasions_belongs_to_the_first(world: World) -> None:
    first = occasion_on(world, DAY, "9.00", "12.00")
    second = occasion_on(world, DAY, "11.00", "14.00")
    for occasion in (second, first):
        mark(occasion, world.staff[0])
    assert counted(first, world.staff[0]).minutes == 180
    assert counted(second, world.staff[0]).minutes == 120
    mark(first, world.staff[0], "absent")
    assert counted(second, world.staff[0]).minutes == 180


def test_the_day_holds_no_more_than_its_cap(world: World) -> None:
    with transaction.atomic(), operation("test.rules"):
        HourRules.objects.update(most_minutes_a_day=200)
    first = occasion_on(world, DAY, "8.00", "10.00")
    second = occasion_on(world, DAY, "12.00", "15.00")
    mark(first, world.staff[0])
    mark(second, world.staff[0])
    assert counted(second, world.staff[0]).minutes == 80


def test_a_merged_person_is_counted_as_the_one_they_are(world: World) -> None:
    occasion = occasion_on(world, DAY)
    person, temporary = world.staff[:2]
    was_there(occasion, person, "9.00", "10.00")
    was_there(occasion, temporary, "9.30", "11.00")
    with transaction.atomic(), operation("test.merge"):
        temporary.merged_into = person
        temporary.save()
        recount(occasion_ids=[occasion.pk], person_ids=[temporary.pk])
    assert counted(occasion, person).minutes == 120
    assert not CountedTime.objects.filter(person=temporary, current=True).exists()


def test_the_rule_set_of_the_occasions_own_day_counts(world: World) -> None:
    old, new = occasion_on(world, DAY), occasion_on(world, datetime.date(2026, 4, 7))
    with transaction.atomic(), operation("test.rules"):
        HourRules.objects.create(
            programme=world.programme,
            valid_from=datetime.date(2026, 4, 1),
            decision="Beslut",
            mark_counts_whole=False,
        )
    mark(old, world.staff[0])
    mark(new, world.staff[0])
    assert [counted(one, world.staff[0]).minutes for one in (old, new)] == [180, 0]


def test_a_day_before_every_rule_set_is_refused(world: World) -> None:
    occasion = occasion_on(world, datetime.date(2025, 12, 1))
    with pytest.raises(NoRules):
        mark(occasion, world.staff[0])
    assert not CountedTime.objects.exists()


def test_a_locked_month_is_not_counted_anew(world: World) -> None:
    occasion = occasion_on(world, DAY)
    was_there(occasion, world.staff[0], "9.00", "10.00")
    lock(world)
    assert again(occasion) == 0
    with pytest.raises(MonthLocked, match="2026-03"):
        was_there(occasion, world.staff[0], "10.30", "11.00")
    assert Segment.objects.count() == 1
    assert counted(occasion, world.staff[0]).minutes == 60


def test_the_locked_month_changes_when_the_guard_is_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasion = occasion_on(world, DAY)
    was_there(occasion, world.staff[0], "9.00", "10.00")
    lock(world)
    monkeypatch.setattr(actions, "ensure_open", lambda **_: None)
    was_there(occasion, world.staff[0], "10.30", "11.00")
    assert counted(occasion, world.staff[0]).minutes == 90


def test_the_guard_names_the_locked_month_and_opens_missing_ones(world: World) -> None:
    lock(world)
    with transaction.atomic():
        closed.ensure_open(programme_id=world.programme.pk, days=[datetime.date(2026, 4, 30)])
        with pytest.raises(MonthLocked):
            closed.ensure_open(
                programme_id=world.programme.pk, days=[DAY, datetime.date(2026, 4, 30)]
            )
    assert Month.objects.get(first_day=datetime.date(2026, 4, 1)).state == Month.State.OPEN


def test_midnight_in_stockholm_decides_the_month(world: World) -> None:
    # 00.30 on 1 April in Stockholm is still March in UTC.
    occasion = occasion_on(world, datetime.date(2026, 4, 1), "0.30", "1.30")
    mark(occasion, world.staff[0])
    assert counted(occasion, world.staff[0]).day == datetime.date(2026, 4, 1)
    assert at(datetime.date(2026, 4, 1), "0.30").utctimetuple().tm_mon == 3


def test_counting_thirty_asks_no_more_than_counting_two(world: World) -> None:
    two, many = occasion_on(world, DAY), occasion_on(world, datetime.date(2026, 3, 4))

    def asked(occasion: Occasion, number: int) -> int:
        for person in [*world.staff, *world.managers, *world.others][:number]:
            was_there(occasion, person, "9.00", "11.00", count=False)
        with CaptureQueriesContext(connection) as queries:
            again(occasion)
        return len(queries)

    asked(two, 1)
    assert asked(many, 12) <= asked(occasion_on(world, datetime.date(2026, 3, 5)), 2)
