"""Sums, pace and small numbers: nothing lost, and nobody to be worked out."""

import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reports.economy.rules import (
    Line,
    Share,
    Shares,
    Sum,
    even_pace,
    expected,
    months_without_small,
    total,
    without_small,
)

LIMIT = 5
people = st.frozensets(st.integers(0, 30), max_size=12)


def line(number: int, persons: frozenset[int]) -> Line:
    """A line where each person has an hour."""
    minutes = 60 * len(persons)
    day = datetime.date(2026 + number // 12, number % 12 + 1, 1)
    return Line(f"{day:%Y-%m}", Sum(minutes, 0, Decimal(minutes), persons=persons), 0, day=day)


def lines_of(groups: list[frozenset[int]]) -> list[Line]:
    return [line(number, persons) for number, persons in enumerate(groups)]


@given(st.integers(0, 10**9), st.integers(1, 60))
def test_an_even_pace_sums_to_the_whole(amount: int, parts: int) -> None:
    pace = even_pace(amount, parts)
    assert sum(pace) == amount
    assert max(pace) - min(pace) <= 1


def test_what_is_expected_is_never_more_than_what_is_booked() -> None:
    assert expected(600, 90, 120) == 450
    assert expected(1, 1, 2) == 1
    assert expected(600, 0, 0) == 600
    assert expected(600, 300, 120) == 600


def shares(least: int = 40) -> Shares:
    """The series came to 75 %, its few managers to 25 %, the managers' course to 90 %."""
    by_kind: dict[tuple[int | None, int], Share] = {
        (1, 1): Share(came=600, invited=800, seats=80),
        (1, 2): Share(came=100, invited=400, seats=39),
        (2, 2): Share(came=540, invited=600, seats=40),
    }
    return Shares(sum(by_kind.values(), start=Share()), by_kind, least)


def test_each_course_and_category_is_expected_as_it_has_come() -> None:
    found = shares()
    # Worked by hand: 1 240 of 1 800 minutes in the whole project.
    assert found.whole == Share(1240, 1800, 159)
    assert expected(1200, *minutes_of(found, (1, 1))) == 900
    assert expected(1200, *minutes_of(found, (2, 2))) == 1080
    # One seat too few for a share of its own: 1 200 × 1 240 / 1 800.
    assert found.own((1, 2)) is None
    assert expected(1200, *minutes_of(found, (1, 2))) == 827
    assert expected(1200, *minutes_of(shares(least=39), (1, 2))) == 300


def minutes_of(found: Shares, kind: tuple[int | None, int]) -> tuple[int, int]:
    share = found.of(kind)
    return share.came, share.invited


def test_what_has_never_been_held_takes_the_whole_projects_share() -> None:
    assert minutes_of(shares(), (3, 1)) == (1240, 1800)
    assert minutes_of(shares(), (None, 1)) == (1240, 1800)
    assert expected(1200, *minutes_of(Shares(Share(), {}), (1, 1))) == 1200


def test_those_who_came_without_a_seat_make_nobody_more_than_everybody() -> None:
    found = Shares(Share(500, 400, 50), {(1, 1): Share(500, 400, 50)}, 40)
    assert minutes_of(found, (1, 1)) == (400, 400)
    assert minutes_of(found, (9, 9)) == (400, 400)


@given(st.lists(people, min_size=1, max_size=8))
def test_no_line_of_few_persons_is_left_and_the_sum_is_the_same(
    groups: list[frozenset[int]],
) -> None:
    lines = lines_of(groups)
    shown = without_small(lines, LIMIT, "Övriga")
    for one in shown:
        assert one.sum.minutes == 0 or len(one.sum.persons) >= LIMIT
    everyone = frozenset[int]().union(*groups)
    hidden = [one for one in shown if one.name == "Övriga"]
    if hidden and hidden[0].sum.minutes:
        # One hidden line alone is the total less the others.
        assert len(lines) - (len(shown) - 1) >= 2
    if len(everyone) >= LIMIT and (not hidden or hidden[0].sum.minutes):
        assert total(shown, "").sum.minutes == total(lines, "").sum.minutes


@given(st.lists(people, min_size=1, max_size=10))
def test_few_persons_months_are_added_to_others_in_order(groups: list[frozenset[int]]) -> None:
    lines = lines_of(groups)
    shown = months_without_small(lines, LIMIT, lambda first, last: f"{first.name}–{last.name}")
    for one in shown:
        assert one.sum.minutes == 0 or len(one.sum.persons) >= LIMIT
    days = [one.day for one in shown if one.day]
    assert days == sorted(days)
    assert days[-1] == lines[-1].day
    if len(frozenset[int]().union(*groups)) >= LIMIT:
        assert total(shown, "").sum.minutes == total(lines, "").sum.minutes


def test_the_same_three_persons_two_months_are_still_three() -> None:
    three = frozenset({1, 2, 3})
    shown = months_without_small(
        lines_of([three, three, frozenset(range(4, 10))]), LIMIT, lambda a, b: "ihop"
    )
    assert [(one.name, len(one.sum.persons)) for one in shown] == [("ihop", 9)]


def test_one_small_line_takes_another_with_it() -> None:
    many = [frozenset(range(10 * n, 10 * n + 6 + n)) for n in range(1, 4)]
    shown = without_small(lines_of([*many, frozenset({1})]), LIMIT, "Övriga")
    assert [len(one.sum.persons) for one in shown] == [8, 9, 8]
    assert without_small(lines_of(many), LIMIT, "Övriga") == lines_of(many)
