"""The schedule checks as pure rules: what is impossible, and what is only unwise."""

import datetime
from typing import Any

import pytest

from core.workdays import is_working_day
from programme.occasions import checks
from programme.occasions.clock import breaks_from, breaks_in_words
from programme.occasions.rules import (
    Against,
    Colleague,
    Finding,
    Plan,
    Terms,
    against,
    breaks_fit,
    check,
    closest,
    wrong_side,
)

TERMS = Terms(
    first_day=datetime.date(2026, 1, 1),
    last_day=datetime.date(2028, 12, 31),
    from_minute=8 * 60,
    to_minute=17 * 60,
    gap_days=14,
    today=datetime.date(2026, 2, 1),
)


def moment(day: str, clock: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"{day}T{clock}")


def findings(**changes: Any) -> list[Finding]:
    facts: dict[str, Any] = {
        "starts_at": moment("2026-03-03", "09:00"),
        "ends_at": moment("2026-03-03", "12:00"),
        "breaks": ((60, 75),),
    }
    plan = Plan(**(facts | changes))
    return [finding for finding, _fact in check(plan, TERMS).found]


def test_an_ordinary_tuesday_morning_has_nothing_against_it() -> None:
    assert findings() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ends_at": moment("2026-03-03", "09:00")}, Finding.ORDER),
        ({"breaks": ((60, 200),)}, Finding.BREAKS),
        ({"breaks": ((60, 90), (80, 100))}, Finding.BREAKS),
        ({"breaks": ((0, 180),)}, Finding.BREAKS),
        ({"trainers_busy": ("Samtal",)}, Finding.TRAINER_BUSY),
        ({"members_busy": ("Samtal",)}, Finding.MEMBER_BUSY),
    ],
)
def test_what_is_impossible_blocks(changes: dict[str, Any], expected: Finding) -> None:
    assert findings(**changes) == [expected]
    plan = Plan(moment("2026-03-03", "09:00"), moment("2026-03-03", "12:00"))
    assert not check(plan, TERMS).blocking


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"working_day": False}, Finding.NOT_A_WORKING_DAY),
        ({"starts_at": moment("2026-03-03", "07:45")}, Finding.OUTSIDE_HOURS),
        ({"ends_at": moment("2026-03-03", "17:15")}, Finding.OUTSIDE_HOURS),
        ({"others": (datetime.date(2026, 3, 10),)}, Finding.TOO_CLOSE),
        ({"expected": 26, "capacity": 25}, Finding.CROWDED),
        ({"online": True}, Finding.NOT_ON_SITE),
        ({"losing": 1}, Finding.LOSES_TIME),
    ],
)
def test_what_is_unwise_only_warns(changes: dict[str, Any], expected: Finding) -> None:
    assert findings(**changes) == [expected]


def test_one_day_to_another_occasion_is_said_as_one() -> None:
    one, more = (checks.in_words([(Finding.TOO_CLOSE, days)])[0] for days in ("1", "3"))
    assert one.startswith("Bara 1 dag till ett annat")
    assert more.startswith("Bara 3 dagar till ett annat")


@pytest.mark.parametrize(
    "changes",
    [
        {"others": (datetime.date(2026, 3, 17),)},
        {"expected": 25, "capacity": 25},
        {"online": True, "deviation_reason": "Smitta"},
        {"starts_at": moment("2026-03-03", "08:00"), "ends_at": moment("2026-03-03", "17:00")},
    ],
)
def test_on_the_limit_nothing_is_said(changes: dict[str, Any]) -> None:
    assert findings(**changes) == []


def test_a_day_outside_the_programme_is_impossible() -> None:
    found = findings(starts_at=moment("2029-01-02", "09:00"), ends_at=moment("2029-01-02", "12:00"))
    assert found == [Finding.OUTSIDE_PROGRAMME]


@pytest.mark.parametrize("day", ["2026-01-06", "2026-04-03", "2026-06-19", "2026-06-06"])
def test_swedish_holidays_are_no_working_days(day: str) -> None:
    assert not is_working_day(datetime.date.fromisoformat(day))


def test_breaks_are_read_and_written_as_clock_times() -> None:
    start = datetime.time(9, 0)
    text = "10.15–10.30, 12:00-13:00"
    assert breaks_from(text, start) == [[75, 90], [180, 240]]
    words = breaks_in_words([[75, 90], [180, 240]], moment("2026-03-03", "09:00"))
    assert words == "10.15–10.30, 12.00–13.00"
    assert breaks_from("", start) == []
    for wrong in ("tio i elva", "8.00–8.15", "10.30–10.15"):
        with pytest.raises(ValueError, match=r"\d|tio"):
            breaks_from(wrong, start)


def test_breaks_and_gaps_in_numbers() -> None:
    assert breaks_fit([], 10)
    assert breaks_fit([[0, 5], [5, 10]], 11)
    # What is all break leaves nothing to count.
    assert not breaks_fit([[0, 5], [5, 10]], 10)
    assert not breaks_fit([[0, 10]], 10)
    assert not breaks_fit([[5, 5]], 10)
    assert closest(datetime.date(2026, 3, 3), ()) is None
    assert closest(datetime.date(2026, 3, 3), [datetime.date(2026, 2, 28)]) == 3


@pytest.mark.parametrize(
    ("who", "first", "found"),
    [
        (Colleague(admitted=True), True, []),
        (Colleague(admitted=False), True, [Against.NOT_ADMITTED]),
        (Colleague(admitted=True, elsewhere="A"), False, [Against.TWO_ROOMS]),
        (Colleague(admitted=True, without_manager="B"), True, [Against.MANAGERS_FIRST]),
        (Colleague(admitted=True, without_manager="B"), False, []),
        (Colleague(admitted=True, without_manager="B", is_manager=True), True, []),
    ],
)
def test_what_speaks_against_a_colleague(who: Colleague, first: bool, found: list[Against]) -> None:
    assert [one for one, _fact in against(who, managers_first=first)] == found


@pytest.mark.parametrize(
    ("unit", "others", "wrong"),
    [
        (2, [(3, 1), (17, 3)], []),
        (4, [(17, 3)], [3]),
        (1, [(3, 2), (4, 3)], [2, 3]),
        # What was held before is only held again; two on one day have no order.
        (1, [(2, 1), (3, 2)], []),
        (2, [(10, 1), (10, 3)], []),
    ],
)
def test_units_on_the_wrong_side_of_a_day(
    unit: int, others: list[tuple[int, int]], wrong: list[int]
) -> None:
    march = datetime.date(2026, 3, 10)
    days = [(march.replace(day=day), number) for day, number in others]
    assert wrong_side(march, unit, days) == wrong
