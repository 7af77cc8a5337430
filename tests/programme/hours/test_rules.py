"""What always holds of counted minutes, whatever the times."""

import datetime
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.hours.intervals import measure
from programme.hours.rules import (
    DOWN,
    NEAREST,
    NONE,
    PRESENT,
    Presence,
    Rules,
    count_day,
    hours_hundredths,
    instant,
    planned_time,
    rounded,
    tied_days,
)

START = instant(datetime.datetime(2026, 3, 3, 9, tzinfo=datetime.UTC))
minutes = st.integers(-30, 330)
spans = st.lists(
    st.tuples(minutes, minutes).map(sorted).map(lambda p: (START + p[0] * 60, START + p[1] * 60)),
    max_size=6,
)
rule_sets = st.builds(
    Rules,
    id=st.just(1),
    breaks_count=st.booleans(),
    late_minutes_forgiven=st.integers(0, 20),
    gap_minutes_forgiven=st.integers(0, 20),
    mark_counts_whole=st.booleans(),
    open_end_counts=st.booleans(),
    rounding=st.sampled_from([NONE, DOWN, NEAREST]),
    rounding_minutes=st.integers(1, 60),
    most_minutes_a_day=st.integers(0, 700),
)


def presence(segments, *, number: int = 1, at: int = START, mark: str = "present") -> Presence:  # type: ignore[no-untyped-def]
    return Presence(number, at, at + 300 * 60, ((60 * 60, 90 * 60),), False, mark, tuple(segments))


def total(rules: Rules, *presences: Presence) -> int:
    return sum(one.minutes for one in count_day((rules, each) for each in presences))


@given(rule_sets, spans)
def test_never_more_than_the_planned_net_time_or_the_day(rules: Rules, segments: list) -> None:  # type: ignore[type-arg]
    found = presence(segments)
    (counted,) = count_day([(rules, found)])
    assert 0 <= counted.minutes <= measure(planned_time(found, rules)) // 60
    assert counted.minutes <= rules.most_minutes_a_day
    assert counted.steps[-1].after == counted.minutes


@given(rule_sets, spans.filter(bool), spans)
def test_more_presence_never_counts_less(rules: Rules, some: list, more: list) -> None:  # type: ignore[type-arg]
    assert total(rules, presence([*some, *more])) >= total(rules, presence(some))


@given(rule_sets, spans, st.randoms())
def test_the_order_of_times_and_occasions_does_not_matter(
    rules: Rules,
    segments: list,  # type: ignore[type-arg]
    order: random.Random,
) -> None:
    day = [presence(segments, number=n, at=START + n * 6000) for n in range(3)]
    mixed = list(day)
    order.shuffle(mixed)
    assert count_day((rules, one) for one in mixed) == count_day((rules, one) for one in day)


@given(rule_sets, spans)
def test_the_same_time_twice_is_counted_once(rules: Rules, segments: list) -> None:  # type: ignore[type-arg]
    assert total(rules, presence([*segments, *segments])) == total(rules, presence(segments))


@given(rule_sets.filter(lambda r: r.rounding == NONE), spans)
def test_two_occasions_at_the_same_time_give_no_more_than_one(
    rules: Rules,
    segments: list,  # type: ignore[type-arg]
) -> None:
    one, other = presence(segments), presence(segments, number=2)
    assert total(rules, one, other) == total(rules, one)


@pytest.mark.parametrize(
    ("segments", "rules", "expected"),
    [
        ([(0, 300)], Rules(1), 270),
        ([(0, 300)], Rules(1, breaks_count=True), 300),
        ([(0, 120), (120, 300)], Rules(1), 270),
        ([(10, 300)], Rules(1, late_minutes_forgiven=10), 270),
        ([(11, 300)], Rules(1, late_minutes_forgiven=10), 259),
        ([(0, 120), (125, 300)], Rules(1, gap_minutes_forgiven=5), 270),
        ([(0, 120), (126, 300)], Rules(1, gap_minutes_forgiven=5), 264),
        # Out just before the break, back just after it: only what lies outside is away.
        ([(0, 58), (92, 300)], Rules(1, gap_minutes_forgiven=4), 270),
        ([(-20, 330)], Rules(1), 270),
        ([(0, 50)], Rules(1, rounding=DOWN, rounding_minutes=15), 45),
        ([(0, 53)], Rules(1, rounding=NEAREST, rounding_minutes=15), 60),
        ([(0, 300)], Rules(1, rounding=NEAREST, rounding_minutes=60), 270),
        ([(5, 5)], Rules(1), 0),
    ],
)
def test_known_days(segments: list[tuple[int, int]], rules: Rules, expected: int) -> None:
    times = [(START + a * 60, START + b * 60) for a, b in segments]
    assert total(rules, presence(times)) == expected


@pytest.mark.parametrize(("counts", "expected"), [(False, 0), (True, 180)])
def test_a_check_in_without_a_check_out(counts: bool, expected: int) -> None:
    found = presence([(START + 120 * 60, None)])
    assert total(Rules(1, open_end_counts=counts), found) == expected


def test_a_cancelled_occasion_and_no_mark_are_no_time() -> None:
    assert total(Rules(1), Presence(1, START, START + 3600, (), True, PRESENT)) == 0
    assert total(Rules(1), Presence(1, START, START + 3600)) == 0


def test_summer_time_takes_no_hour_from_anyone() -> None:
    import zoneinfo

    zone = zoneinfo.ZoneInfo("Europe/Stockholm")
    begin = instant(datetime.datetime(2026, 3, 29, 1, tzinfo=zone))
    end = instant(datetime.datetime(2026, 3, 29, 4, tzinfo=zone))
    assert total(Rules(1), Presence(1, begin, end, (), False, PRESENT)) == 120


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        instant(datetime.datetime(2026, 3, 3, 9))


def test_rounding_and_reported_hours() -> None:
    assert [rounded(52, how, 15) for how in (NONE, DOWN, NEAREST)] == [52, 45, 45]
    assert hours_hundredths(100, Rules(1)) == 167
    assert hours_hundredths(1559, Rules(1, month_rounding=DOWN)) == 2500


def test_days_are_tied_by_the_units_that_count_once_on_them() -> None:
    first, second, third, fourth = (datetime.date(2026, 3, day) for day in (2, 9, 16, 23))
    # Unit 1 ties the first two days, unit 2 the next two; the last stands alone.
    met = [(first, 1), (second, 1), (second, 2), (third, 2), (fourth, 3)]
    assert tied_days([third], [], met) == {first, second, third}
    assert tied_days([fourth], [], met) == {fourth}
    assert tied_days([fourth], [2], met) == {first, second, third, fourth}
    assert tied_days([], [], met) == set()
    assert tied_days([datetime.date(2026, 4, 1)], [], met) == {datetime.date(2026, 4, 1)}
