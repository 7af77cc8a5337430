"""The pure rules: days, warnings, the proposal, the plan's numbers and the coverage."""

import datetime
import itertools
import time

import pytest

from core.workdays import is_working_day
from programme.groups import capacity_rules, placing_rules, rules
from programme.groups.capacity_rules import Coverage, HalfYear, Readiness
from programme.groups.placing_rules import Room, Waiting, propose
from programme.groups.rules import Finding, Limits, Standing
from programme.groups.words import in_words
from programme.rules import units_without_manager

TUESDAY = datetime.date(2026, 9, 15)


def found(size: int = 20, days: tuple[datetime.date, ...] = (TUESDAY,), *names: str) -> set[str]:
    standing = Standing(size, days, names)
    return {one.finding.value for one in rules.warnings(standing, Limits())}


@pytest.mark.parametrize(("size", "expected"), [
    (15, {"too_small"}), (16, set()), (20, set()), (24, set()), (25, {"too_large"}),
])  # fmt: skip
def test_a_group_has_between_16_and_24_members(size: int, expected: set[str]) -> None:
    assert found(size) == expected


def test_a_course_fits_within_twelve_months() -> None:
    year = datetime.date(2027, 9, 15)
    assert found(20, (TUESDAY, year)) == set()
    assert found(20, (TUESDAY, year + datetime.timedelta(days=1))) == {"too_long"}


def test_there_is_time_to_practise_between_occasions() -> None:
    fortnight = TUESDAY + datetime.timedelta(days=14)
    assert found(20, (fortnight, TUESDAY)) == set()
    assert found(20, (TUESDAY, TUESDAY + datetime.timedelta(days=13))) == {"too_close"}


def test_a_group_without_occasions_or_managers_is_pointed_out() -> None:
    assert found(20, ()) == {"no_occasions"}
    assert found(20, (TUESDAY,), "Enheten", "Enheten") == {"managers_first"}


def test_days_that_have_passed_are_pointed_out() -> None:
    passed = rules.warnings(Standing(20, (TUESDAY,), passed=1), Limits())
    assert [(one.finding.value, one.number) for one in passed] == [("passed", 1)]


def test_a_manager_of_the_unit_or_of_the_department_above_goes_first() -> None:
    units = {1: ("A", 10), 2: ("B", 20), 3: ("C", None)}
    assert units_without_manager(units, frozenset([1, 20])) == {3: "C"}


@pytest.mark.parametrize(("day", "months", "expected"), [
    ("2026-01-31", 1, "2026-02-28"), ("2026-11-30", 3, "2027-02-28"),
    ("2026-12-15", 12, "2027-12-15"), ("2024-02-29", 12, "2025-02-28"),
])  # fmt: skip
def test_months_end_where_they_end(day: str, months: int, expected: str) -> None:
    later = rules.months_later(datetime.date.fromisoformat(day), months)
    assert later.isoformat() == expected


def test_days_keep_their_weekday_and_skip_holidays() -> None:
    first = datetime.date(2026, 4, 14)
    days = rules.lay_days(first, [56, 10, 56], is_working_day)
    assert {day.weekday() for day in days} == {1}
    assert all(is_working_day(day) for day in days)
    assert all((b - a).days >= 10 for a, b in itertools.pairwise(days))
    # 6 January is a holiday: the occasion waits a week, and the next counts from there.
    over_epiphany = rules.lay_days(datetime.date(2025, 12, 30), [7, 7], is_working_day)
    assert [day.isoformat() for day in over_epiphany] == ["2025-12-30", "2026-01-13", "2026-01-20"]


def test_without_the_holiday_check_a_day_falls_on_epiphany() -> None:
    days = rules.lay_days(datetime.date(2025, 12, 30), [7], lambda _day: True)
    assert not is_working_day(days[1])


def test_a_weekend_course_is_laid_on_its_weekday() -> None:
    saturday = datetime.date(2026, 9, 19)
    assert rules.lay_days(saturday, [7], is_working_day)[1].isoformat() == "2026-09-26"


@pytest.mark.parametrize(("name", "taken", "expected"), [
    ("Farsta 1", ["Farsta 1"], "Farsta 2"), ("Farsta 1", ["Farsta 1", "Farsta 2"], "Farsta 3"),
    ("Farsta", ["Farsta"], "Farsta 2"), ("Farsta ²", ["Farsta ²"], "Farsta ² 2"),
])  # fmt: skip
def test_a_copy_gets_the_next_free_name(name: str, taken: list[str], expected: str) -> None:
    assert rules.next_name(name, taken) == expected


def people(number: int, *, women: int, units: int = 5, district: int = 1) -> list[Waiting]:
    return [Waiting(n, district, n % units, "woman" if n < women else "man") for n in range(number)]


def test_the_proposal_spreads_units_and_sexes_and_respects_seats() -> None:
    rooms = [Room(1, 1, 20), Room(2, 1, 20)]
    proposed = propose(people(40, women=31), rooms)
    by_group = {1: [], 2: []}  # type: dict[int, list[int]]
    for person, group in proposed.items():
        by_group[group].append(person)
    assert sorted(len(ids) for ids in by_group.values()) == [20, 20]
    for ids in by_group.values():
        assert 15 <= sum(n < 31 for n in ids) <= 16  # G-31: 15.6 women in a group of 20
        assert all(3 <= sum(n % 5 == unit for n in ids) <= 5 for unit in range(5))


def test_the_proposal_is_the_same_every_time_and_in_every_order() -> None:
    rooms = [Room(1, 1, 8), Room(2, 1, 8)]
    waiting = people(12, women=9)
    assert propose(waiting, rooms) == propose(waiting[::-1], rooms[::-1])


def test_nobody_is_sent_to_another_administration_or_to_a_full_group() -> None:
    waiting = [*people(3, women=2), Waiting(99, 2, 7, "man")]
    proposed = propose(waiting, [Room(1, 1, 20, size=18)])
    assert len(proposed) == 2
    assert 99 not in proposed


def test_a_proposal_without_spreading_puts_a_unit_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = [Waiting(n, 1, n // 2, "woman") for n in range(4)]
    rooms = [Room(1, 1, 4), Room(2, 1, 4)]
    spread = propose(waiting, rooms)
    assert spread[0] != spread[1]
    monkeypatch.setattr(
        placing_rules._Filling, "cost", lambda self, _person: (0.0, 0.0, 0.0, self.room.id)
    )
    together = propose(waiting, rooms)
    assert together[0] == together[1]


def test_three_hundred_persons_are_proposed_at_once() -> None:
    rooms = [Room(n, n % 5, 20) for n in range(20)]
    waiting = [Waiting(n, n % 5, n % 40, "woman" if n % 5 else "man") for n in range(300)]
    began = time.perf_counter()
    assert len(propose(waiting, rooms)) == 300
    assert time.perf_counter() - began < 1


def test_the_plan_needs_fifty_groups_and_seven() -> None:
    assert capacity_rules.groups_needed(1000, 20) == 50  # G-20
    assert capacity_rules.groups_needed(140, 20) == 7  # G-22
    assert 50 * 6 == 300
    assert 1000 * 6 == 6000


def test_groups_are_counted_by_half_year_against_an_even_pace() -> None:
    start, end = datetime.date(2026, 1, 1), datetime.date(2028, 12, 31)
    days = [datetime.date(2026, 6, 30), datetime.date(2026, 7, 1), datetime.date(2027, 2, 1)]
    steps = capacity_rules.steps(days, start, end, 50)
    assert len(steps) == 6
    assert [step.running_total for step in steps] == [1, 2, 3, 3, 3, 3]
    assert steps[-1].pace == 50
    assert steps[0].half_year == HalfYear(2026, 1)
    assert str(steps[1].half_year) == "2026:2"


@pytest.mark.parametrize(("started", "planned", "left", "expected"), [
    (1, 0, 10, Coverage.STARTED), (0, 1, 10, Coverage.PLANNED),
    (0, 0, 366, Coverage.NONE), (0, 0, 365, Coverage.ALARM),
])  # fmt: skip
def test_a_district_without_a_group_near_the_end_is_alarming(
    started: int, planned: int, left: int, expected: Coverage
) -> None:
    found = capacity_rules.coverage(
        started=started, planned=planned, days_left=left, alarm_days=365
    )
    assert found is expected


@pytest.mark.parametrize(("done", "due", "expected"), [
    (True, -5, Readiness.DONE), (False, -1, Readiness.LATE),
    (False, 0, Readiness.TO_DO), (False, None, Readiness.TO_DO),
])  # fmt: skip
def test_a_preparation_is_late_after_its_day(
    done: bool, due: int | None, expected: Readiness
) -> None:
    day = None if due is None else TUESDAY + datetime.timedelta(days=due)
    assert capacity_rules.readiness(done=done, due=day, today=TUESDAY) is expected


def test_every_finding_has_its_own_case() -> None:
    assert {finding.value for finding in Finding} == {
        "too_small",
        "too_large",
        "no_occasions",
        "too_long",
        "too_close",
        "managers_first",
        "unit_order",
        "passed",
    }


@pytest.mark.parametrize(
    ("units", "told"),
    [
        ([(0, 1), (28, 2), (56, 3)], []),
        ([(0, 1), (56, 2), (28, 3)], [(3, 2)]),
        # A unit that is held again later is no longer new, and two on one day have no order.
        ([(0, 1), (28, 2), (56, 1)], []),
        ([(0, 2), (0, 1)], []),
        ([], []),
    ],
)
def test_a_unit_planned_before_an_earlier_one_is_told(
    units: list[tuple[int, int]], told: list[tuple[int, int]]
) -> None:
    laid = tuple((TUESDAY + datetime.timedelta(days=after), number) for after, number in units)
    warned = rules.warnings(Standing(20, (TUESDAY,), units=laid), Limits())
    order = [one for one in warned if one.finding is Finding.UNIT_ORDER]
    assert [(one.number, one.limit) for one in order] == told
    assert all(in_words(one) for one in order)
