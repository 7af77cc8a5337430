"""Progress read from the tables, and what the nightly work makes of it."""

import datetime

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import Operation
from audit.operations import operation
from programme.models import CompletionRule, Participation
from programme.staff import actions, progress, rules, tasks
from tests.programme.builders import World
from tests.programme.staff.builders import attended_units, counted
from tests.programme.training import (
    course_of,
    group_of,
    invitation_to,
    occasion_of,
    participation_of,
    units_of,
)

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
SOON = datetime.datetime(2026, 12, 8, 8, tzinfo=datetime.UTC)


def again(participation: Participation) -> Participation:
    return Participation.objects.select_related("course__programme", "category", "person").get(
        pk=participation.pk
    )


def settle(participation: Participation) -> Participation:
    actions.settle(participation_ids=[participation.pk], now=NOW)
    return again(participation)


def test_the_first_counted_hours_start_a_participation(world: World) -> None:
    taken = participation_of(world, world.staff[0])
    assert settle(taken).state == "admitted"
    rows = attended_units(world, taken, [1, 2])
    found = settle(taken)
    assert (found.state, found.started_on) == ("started", rows[0].day)


def test_zero_minutes_start_nothing(world: World) -> None:
    taken = participation_of(world, world.staff[0])
    attended_units(world, taken, [1], minutes=0)
    assert settle(taken).state == "admitted"


def test_completing_is_noted_once_and_keeps_its_day(world: World) -> None:
    taken = participation_of(world, world.staff[0])
    rows = attended_units(world, taken, [1, 2, 3, 4, 5])
    assert actions.settle(participation_ids=[taken.pk], now=NOW) == 1
    found = again(taken)
    assert (found.state, found.ended_on) == ("completed", rows[-1].day)
    attended_units(world, taken, [6])
    assert actions.settle(participation_ids=[taken.pk], now=NOW) == 0
    assert again(taken).ended_on == rows[-1].day


def test_a_later_correction_reopens_with_a_reason(world: World) -> None:
    taken = participation_of(world, world.staff[0])
    rows = attended_units(world, taken, [1, 2, 3, 4, 5])
    settle(taken)
    counted(world, taken, rows[3].occasion, 0)
    found = settle(taken)
    assert (found.state, found.ended_on) == ("started", None)
    reason = Operation.objects.get(name="participation.reopen").reason
    assert "4" in reason


def test_a_new_rule_never_moves_what_was_completed_before_it(world: World) -> None:
    taken = participation_of(world, world.staff[0])
    rows = attended_units(world, taken, [1, 2, 3, 4, 5])
    settle(taken)
    with transaction.atomic(), operation("test.rule"):
        CompletionRule.objects.create(
            course=course_of(world),
            valid_from=rows[-1].day + datetime.timedelta(days=1),
            least_units=6,
            least_percent=100,
            decision="Beslut 2",
        )
    assert settle(taken).state == "completed"
    other = participation_of(world, world.staff[1])
    attended_units(world, other, [1, 2, 3, 4, 5])
    assert settle(other).state == "started"


def test_those_that_staff_have_ended_are_left_alone(world: World) -> None:
    taken = participation_of(world, world.staff[0], state=Participation.State.DROPPED)
    attended_units(world, taken, [1, 2, 3, 4, 5])
    assert settle(taken).state == "dropped"


def test_the_nightly_work_takes_everyone_and_twice_is_once(world: World) -> None:
    for person in world.staff[:3]:
        attended_units(world, participation_of(world, person), [1])
    assert tasks.settle_participations() == 3
    assert tasks.settle_participations() == 0


def test_another_groups_occasion_with_a_seat_is_suggested(world: World) -> None:
    units = units_of(course_of(world))
    taken = participation_of(world, world.staff[0])
    group = group_of(world, members=[taken])
    for number, unit in enumerate(units, start=1):
        missed = occasion_of(
            world,
            group,
            unit=unit,
            starts_at=datetime.datetime(2026, 9, number, 7, tzinfo=datetime.UTC),
        )
        invitation_to(missed, taken.person, taken)
        if number not in (3, 4):
            counted(world, taken, missed)
    other = group_of(world, name="Grupp 2", seats=1)
    free = occasion_of(world, other, unit=units[3], starts_at=SOON)
    found = progress.of_one(again(taken), now=NOW)
    assert found.progress.at_risk
    assert [(r.occasion, r.unit.number, r.left) for r in found.repairs] == [(free, 4, 1)]
    # The last seat taken: it is no longer suggested.
    someone = participation_of(world, world.staff[1])
    invitation_to(free, someone.person, someone)
    assert progress.of_one(again(taken), now=NOW).repairs == ()
    # Invited myself: it is booked, and no longer a risk.
    invitation_to(free, taken.person, taken)
    found = progress.of_one(again(taken), now=NOW)
    assert not found.progress.at_risk
    assert found.progress.forecast_minutes == 5 * 260


def test_time_alone_that_is_missing_suggests_what_would_repair_it(world: World) -> None:
    units = units_of(course_of(world))
    taken = participation_of(world, world.staff[0])
    group_of(world, members=[taken])
    # Everything reached, the fourth only just: time is all that is missing.
    attended_units(world, taken, [1, 2, 3, 5])
    attended_units(world, taken, [4], minutes=135)
    with transaction.atomic(), operation("test.rule"):
        CompletionRule.objects.filter(course=course_of(world)).update(
            least_units=5, least_percent=80
        )
    other = group_of(world, name="Grupp 2", seats=5)
    in_full = occasion_of(world, other, unit=units[0], starts_at=SOON)
    in_part = occasion_of(world, other, unit=units[3], starts_at=SOON)
    found = progress.of_one(again(taken), now=NOW)
    assert [lack.kind for lack in found.progress.lacks] == [rules.Kind.TIME]
    offered = [repair.occasion for repair in found.repairs]
    # Attending the first anew gives nothing; the fourth gives what is missing.
    assert in_part in offered
    assert in_full not in offered
    counted(world, taken, in_part)
    assert progress.of_one(again(taken), now=NOW).progress.lacks == ()


def test_a_person_costs_as_many_queries_as_thirty(world: World) -> None:
    def queries(rows: list[Participation]) -> int:
        with CaptureQueriesContext(connection) as seen:
            progress.of_many([again(row) for row in rows], now=NOW)
        return len(seen) - len(rows)

    units = units_of(course_of(world))
    taken = [participation_of(world, person) for person in world.staff]
    group = group_of(world, members=taken)
    past = occasion_of(world, group, unit=units[0], starts_at=NOW - datetime.timedelta(days=20))
    occasion_of(world, group_of(world, name="Grupp 2"), unit=units[0], starts_at=SOON)
    coming = occasion_of(world, group, unit=units[1], starts_at=SOON)
    for row in taken:
        for occasion in (past, coming):
            invitation_to(occasion, row.person, row)
    assert queries(taken[:1]) == queries(taken) <= 11
