"""How far someone has come: each rule by itself, without a database."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.staff import rules
from programme.staff.rules import Attended, Booked, Kind, Rule, Standing, Unit

DAY = datetime.date(2026, 9, 1)
UNITS = [Unit(n, n, f"Moment {n}", 260) for n in range(1, 7)]
RULE = Rule(least_units=5, least_percent=80)


def at(number: int, minutes: int = 260, planned: int = 260) -> Attended:
    return Attended(DAY + datetime.timedelta(weeks=number), minutes, planned, number)


def measured(
    attended: list[Attended],
    booked: list[Booked] | None = None,
    rule: Rule | None = RULE,
    planned: frozenset[int] = frozenset(range(1, 7)),
) -> rules.Progress:
    return rules.progress(
        units=UNITS,
        attended=attended,
        booked=booked or [],
        planned_units=planned,
        rule=rule,
        planned_minutes=26 * 60,
    )


def test_five_of_six_whole_occasions_complete_the_series() -> None:
    found = measured([at(n) for n in range(1, 6)])
    assert (found.reached, found.lacks) == (5, ())
    assert found.completed_on == at(5).day
    assert not found.at_risk


def test_what_is_missing_is_said_by_number() -> None:
    found = measured([at(n) for n in (1, 2, 3, 5)])
    assert [lack.kind for lack in found.lacks] == [Kind.UNITS]
    assert found.lacks[0].number == 1
    assert [unit.number for unit in found.lacks[0].units] == [4, 6]


def test_a_needed_unit_is_missing_even_when_enough_units_are_reached() -> None:
    units = [Unit(n, n, "", 260, must_have=n == 4) for n in range(1, 7)]
    missing = rules.lacks(units, [at(n) for n in (1, 2, 3, 5, 6)], RULE)
    assert [(lack.kind, [u.number for u in lack.units]) for lack in missing] == [(Kind.NEEDED, [4])]


def test_a_unit_attended_twice_counts_once() -> None:
    twice = [at(1), at(1), at(2), at(3), at(4)]
    found = measured(twice)
    assert found.reached == 4
    assert found.lacks
    # The hours are those of every occasion all the same.
    assert found.minutes == 5 * 260


def test_too_short_an_attendance_does_not_reach_the_unit() -> None:
    found = measured([at(1, 100)])
    assert found.lines[0].standing is Standing.MISSED
    assert found.lines[0].minutes == 100


def test_enough_units_with_too_little_time_lack_time() -> None:
    found = measured([at(n, 150) for n in range(1, 7)])
    assert [lack.kind for lack in found.lacks] == [Kind.TIME]
    assert found.lacks[0].number == 1248 - 900


def test_a_shorter_occasion_attended_whole_is_whole() -> None:
    assert measured([at(n, 200, 200) for n in range(1, 7)]).completed_on


def test_missed_units_put_at_risk_and_booked_or_unplanned_ones_do_not() -> None:
    four = [at(n) for n in range(1, 5)]
    assert measured(four).at_risk
    assert not measured(four, [Booked(DAY, 260, 5)]).at_risk
    assert not measured(four, planned=frozenset({1, 2, 3, 4})).at_risk


def test_the_forecast_adds_what_is_booked() -> None:
    found = measured([at(1)], [Booked(DAY, 260, 2), Booked(DAY, 60, None, in_plan=False)])
    assert (found.minutes, found.forecast_minutes) == (260, 520)
    assert found.lines[1].standing is Standing.BOOKED


def test_without_a_decided_rule_nobody_completes_and_nobody_is_at_risk() -> None:
    found = measured([at(n) for n in range(1, 7)], rule=None)
    assert (found.completed_on, found.lacks, found.at_risk) == (None, (), False)


@pytest.mark.parametrize(
    ("breaks", "net"),
    [([], 300), ([[150, 190]], 260), ([[150, 190], [170, 200]], 250), ([[-10, 400]], 0)],
)
def test_breaks_are_taken_off_once(breaks: list[list[int]], net: int) -> None:
    assert rules.net_minutes(300, breaks) == net


visits = st.lists(st.builds(at, st.integers(1, 6), st.integers(0, 260)), max_size=12)


@given(visits, st.integers(1, 6))
def test_one_more_whole_attendance_never_undoes_a_completion(
    attended: list[Attended], number: int
) -> None:
    if rules.completed_on(UNITS, attended, RULE):
        assert rules.completed_on(UNITS, [*attended, at(number)], RULE)


@given(visits)
def test_completed_is_the_same_as_lacking_nothing(attended: list[Attended]) -> None:
    done = rules.completed_on(UNITS, attended, RULE)
    assert (done is not None) == (not rules.lacks(UNITS, attended, RULE))
