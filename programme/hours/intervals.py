"""Sets of half-open intervals of whole seconds; every list is sorted and has no touching parts."""

from collections.abc import Iterable
from itertools import pairwise

Interval = tuple[int, int]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The intervals in order, with overlapping and touching ones joined and empty ones gone."""
    joined: list[Interval] = []
    for begin, end in sorted(intervals):
        if end <= begin:
            continue
        if joined and begin <= joined[-1][1]:
            if end > joined[-1][1]:
                joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined


def common(left: Iterable[Interval], right: list[Interval]) -> list[Interval]:
    """What lies in both."""
    return [(max(a, c), min(b, d)) for a, b in left for c, d in right if max(a, c) < min(b, d)]


def without(intervals: Iterable[Interval], removed: list[Interval]) -> list[Interval]:
    """What lies in the first and not in the second."""
    left: list[Interval] = []
    for begin, end in intervals:
        for a, b in removed:
            if b <= begin or a >= end:
                continue
            if a > begin:
                left.append((begin, a))
            begin = b
        if begin < end:
            left.append((begin, end))
    return left


def gaps_between(intervals: list[Interval]) -> list[Interval]:
    """What lies between the intervals."""
    return [(a[1], b[0]) for a, b in pairwise(intervals)]


def measure(intervals: Iterable[Interval]) -> int:
    """Seconds in all."""
    return sum(end - begin for begin, end in intervals)
