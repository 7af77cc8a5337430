"""Counted hours against absences, the day and the calendar."""

import datetime

from programme.absences.rules import Away, Counted, Kind, Twice, findings

MON, TUE = datetime.date(2026, 3, 2), datetime.date(2026, 3, 3)
WORKING = frozenset({MON, TUE})


def kinds(*args: object) -> list[tuple[Kind, bool]]:
    return [(one.kind, one.blocking) for one in findings(*args)]  # type: ignore[arg-type]


def test_hours_within_working_days_and_no_absence_are_nothing_to_look_at() -> None:
    away = Away("a", MON, MON, 100)
    assert kinds([Counted(TUE, 180, "Dag 1")], [away], [], WORKING) == []
    assert kinds([Counted(MON, 0, "Dag 1")], [away], [], WORKING) == []


def test_the_first_and_the_last_day_of_an_absence_belong_to_it() -> None:
    away = Away("a", MON, TUE, 100)
    for day in (MON, TUE):
        assert kinds([Counted(day, 60, "Dag")], [away], [], WORKING) == [(Kind.AWAY, True)]


def test_hours_after_the_last_day_of_employment_block() -> None:
    counted = [Counted(TUE, 60, "Dag")]
    assert kinds(counted, [], [], WORKING, TUE) == []
    assert kinds(counted, [], [], WORKING, MON) == [(Kind.AFTER_LAST_DAY, True)]


def test_an_absence_for_a_part_of_the_day_only_warns() -> None:
    away = Away("a", TUE, TUE, 99)
    assert kinds([Counted(TUE, 60, "Dag")], [away], [], WORKING) == [(Kind.PARTLY_AWAY, False)]


def test_more_than_a_day_in_a_day_blocks_and_exactly_a_day_does_not() -> None:
    two = [Counted(TUE, 720, "Dag"), Counted(TUE, 720, "Kväll")]
    assert kinds(two, [], [], WORKING) == []
    assert kinds([*two, Counted(TUE, 1, "Natt")], [], [], WORKING) == [(Kind.TOO_LONG, True)]


def test_two_places_block_beyond_what_is_tolerated_and_a_free_day_warns() -> None:
    sunday = datetime.date(2026, 3, 8)
    twice = [
        Twice(TUE, ("Ett", "Två"), 30, True),
        Twice(MON, ("Ett", "Två"), 5, False),
        Twice(MON, ("Ett", "Två"), 0, False),
    ]
    found = kinds([Counted(sunday, 60, "Dag")], [], twice, WORKING)
    assert found == [(Kind.TWO_PLACES, True), (Kind.NEAR, False), (Kind.FREE_DAY, False)]
