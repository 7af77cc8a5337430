"""What always holds of what was watched, whatever is claimed; and the same by brute force."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.hours.intervals import Interval, measure, union
from programme.lectures import rules
from programme.lectures.rules import Claim, Watched, accept

LENGTH = 60
claims = st.builds(
    Claim, begin=st.integers(-5, 70), end=st.integers(-5, 70), speed=st.sampled_from([50, 100, 200])
)
# Moments between beacons, and which of two devices speaks.
steps = st.lists(st.tuples(claims, st.integers(0, 30)), max_size=12)


def told(claimed: list[tuple[Claim, int]], opened: int = 0) -> tuple[Watched, list[Interval], int]:
    """The claims one after the other; the clock goes on between them."""
    watched, now = Watched(), opened
    taken: list[Interval] = []
    for claim, passed in claimed:
        now += passed
        result = accept(watched, claim, length=LENGTH, opened=opened, now=now, taken=taken)
        watched, taken = result.watched, union([*taken, *result.used])
    return watched, taken, now


@given(steps)
def test_never_more_than_the_clock_allows(claimed: list[tuple[Claim, int]]) -> None:
    watched, taken, now = told(claimed)
    assert measure(taken) <= now
    assert measure(watched.parts) <= now * rules.FASTEST // 100
    assert measure(watched.times) <= measure(taken)


@given(steps)
def test_parts_and_times_are_sets_within_their_bounds(claimed: list[tuple[Claim, int]]) -> None:
    watched, taken, now = told(claimed)
    for found, most in ((watched.parts, LENGTH), (watched.times, now)):
        assert list(found) == union(found)
        assert all(0 <= begin < end <= most for begin, end in found)
    assert rules.overlap(watched.times, taken) == measure(watched.times)


@given(steps, claims, st.integers(0, 30))
def test_more_watching_never_takes_anything_away(
    claimed: list[tuple[Claim, int]], more: Claim, passed: int
) -> None:
    before, _, _ = told(claimed)
    after, _, _ = told([*claimed, (more, passed)])
    assert rules.overlap(before.parts, after.parts) == measure(before.parts)
    assert rules.overlap(before.times, after.times) == measure(before.times)


@given(steps)
def test_the_same_by_brute_force(claimed: list[tuple[Claim, int]]) -> None:
    """At ordinary speed, second by second with plain sets."""
    plain = [(Claim(claim.begin, claim.end), passed) for claim, passed in claimed]
    watched, taken, _now = told(plain)
    parts, used, times, now = set[int](), set[int](), set[int](), 0
    for claim, passed in plain:
        now += passed
        wanted = [s for s in range(claim.begin, claim.end) if 0 <= s < LENGTH]
        free = [moment for moment in range(now) if moment not in used][::-1]
        spent = free[: len(wanted)]
        believed = set(wanted[: len(spent)])
        times |= set(spent[: len(believed - parts)])
        parts |= believed
        used |= set(spent)
    assert {s for a, b in watched.parts for s in range(a, b)} == parts
    assert {s for a, b in taken for s in range(a, b)} == used
    assert {s for a, b in watched.times for s in range(a, b)} == times


def test_skipping_counts_nothing() -> None:
    watched, _, _ = told([(Claim(0, 10), 10), (Claim(50, 60), 10)])
    assert watched.parts == ((0, 10), (50, 60))
    assert not rules.is_reached(watched, LENGTH, 50)
    assert rules.is_reached(watched, LENGTH, 33)
    assert rules.missing_parts(watched, LENGTH, shortest=1) == [(10, 50)]


def test_the_farthest_point_would_have_reached_it() -> None:
    """The control: what a player that remembers only the last position would say."""
    watched, _, _ = told([(Claim(55, 60), 10)])
    farthest = max(end for _begin, end in watched.parts)
    assert farthest >= rules.share_needed(LENGTH, 90)
    assert not rules.is_reached(watched, LENGTH, 90)


def test_two_devices_at_once_are_one_clock() -> None:
    both = [(Claim(0, 10), 10), (Claim(30, 40), 0)]
    watched, taken, _ = told(both)
    assert watched.parts == ((0, 10),)
    assert measure(taken) == 10
    # The control: with a clock each, both would have been believed.
    second = accept(Watched(), both[1][0], length=LENGTH, opened=0, now=10, taken=[])
    assert second.watched.parts == ((30, 40),)


def test_more_than_has_passed_is_cut_and_twice_the_speed_takes_half_the_time() -> None:
    watched, _, _ = told([(Claim(0, 60), 10)])
    assert watched.parts == ((0, 10),)
    fast, taken, _ = told([(Claim(0, 20, 200), 10)])
    assert (fast.parts, measure(taken), fast.fastest) == (((0, 20),), 10, 200)
    # Who says ten times the speed is believed twice.
    beyond, _, _ = told([(Claim(0, 60, 1000), 10)])
    assert beyond.parts == ((0, 20),)


def test_watching_again_takes_time_and_gives_none() -> None:
    watched, taken, _ = told([(Claim(0, 10), 10), (Claim(0, 10), 10)])
    assert (measure(watched.times), measure(taken)) == (10, 20)


def test_a_late_beacon_uses_the_moments_before_it() -> None:
    """The network held the first one for two seconds; nothing is lost by that."""
    watched, _, _ = told([(Claim(0, 10), 12), (Claim(10, 20), 8)])
    assert watched.parts == ((0, 20),)


@given(st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 100_000)), max_size=8))
def test_seconds_for_the_hours_are_whole_and_no_more_than_the_gaps(raw: list[Interval]) -> None:
    times = union(raw)
    seconds = rules.as_seconds(times)
    assert seconds == union(seconds)
    joined = sum(b - a for a, b in times) + len(times) * rules.JOINED
    assert measure(seconds) * 1000 <= joined + 1000
    assert rules.uncounted(times, seconds) == []


@pytest.mark.parametrize(("percent", "needed"), [(90, 54), (100, 60), (1, 1), (91, 55)])
def test_the_threshold_is_rounded_up(percent: int, needed: int) -> None:
    assert rules.share_needed(LENGTH, percent) == needed


def test_the_order_of_two_devices_does_not_change_how_much_is_believed() -> None:
    order = random.Random(7)
    for _round in range(50):
        claimed = [(Claim(n * 5, n * 5 + 5), order.randint(0, 6)) for n in range(8)]
        _, taken, now = told(claimed)
        assert measure(taken) <= now
