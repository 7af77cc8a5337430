"""What speaks against a group as it stands, and when its occasions fall: pure rules."""

import datetime
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.words import whole
from programme.occasions.rules import first_days


class Finding(StrEnum):
    """One thing about a group that staff should look at."""

    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NO_OCCASIONS = "no_occasions"
    TOO_LONG = "too_long"
    TOO_CLOSE = "too_close"
    MANAGERS_FIRST = "managers_first"
    UNIT_ORDER = "unit_order"
    PASSED = "passed"


@dataclass(frozen=True)
class Limits:
    """The programme's settings on the day; every limit but a wave's block is advisory."""

    lowest: int = 16
    highest: int = 24
    most_months: int = 12
    least_days_between: int = 14


@dataclass(frozen=True)
class Standing:
    """A group as it is."""

    size: int
    days: tuple[datetime.date, ...]
    # Names of units whose staff are members though no manager there has started.
    without_manager: tuple[str, ...] = ()
    # Days and numbers of the learning units that the occasions teach.
    units: tuple[tuple[datetime.date, int], ...] = ()
    # How many of the occasions are over before the group is made.
    passed: int = 0


@dataclass(frozen=True)
class Warning:
    """A finding with what it is about: persons, days, months or names of units."""

    finding: Finding
    number: int = 0
    limit: int = 0
    names: tuple[str, ...] = ()


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months on; the month's last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return datetime.date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has a 28th day")


def warnings(group: Standing, limits: Limits) -> list[Warning]:
    """Everything that staff should look at (R-026, R-060, R-061, R-072)."""
    found = []
    if group.passed:
        found.append(Warning(Finding.PASSED, group.passed))
    if group.size < limits.lowest:
        found.append(Warning(Finding.TOO_SMALL, group.size, limits.lowest))
    if group.size > limits.highest:
        found.append(Warning(Finding.TOO_LARGE, group.size, limits.highest))
    days = sorted(group.days)
    if not days:
        found.append(Warning(Finding.NO_OCCASIONS))
    elif days[-1] > months_later(days[0], limits.most_months):
        found.append(Warning(Finding.TOO_LONG, (days[-1] - days[0]).days, limits.most_months))
    gaps = [(later - earlier).days for earlier, later in itertools.pairwise(days)]
    if gaps and min(gaps) < limits.least_days_between:
        found.append(Warning(Finding.TOO_CLOSE, min(gaps), limits.least_days_between))
    for (earlier, day), (later, before) in itertools.pairwise(
        sorted(first_days(group.units).items())
    ):
        if before < day:
            found.append(Warning(Finding.UNIT_ORDER, later, earlier))
    if group.without_manager:
        names = tuple(sorted(set(group.without_manager)))
        found.append(Warning(Finding.MANAGERS_FIRST, len(names), names=names))
    return found


def lay_days(
    first: datetime.date,
    gaps: Sequence[int],
    is_working_day: Callable[[datetime.date], bool],
) -> list[datetime.date]:
    """The first day and those that follow, all on its weekday and none on a day off.

    :param gaps: the least days from each occasion to the next. A day that falls on a
        holiday moves on a week, and those after it are counted from there.
    """
    days = [first]
    for gap in gaps:
        day = days[-1] + datetime.timedelta(days=gap)
        day += datetime.timedelta(days=(first.weekday() - day.weekday()) % 7)
        # A weekend course has no working day to wait for.
        if first.weekday() < 5:
            while not is_working_day(day):
                day += datetime.timedelta(days=7)
        days.append(day)
    return days


def next_name(name: str, taken: Sequence[str]) -> str:
    """A free name for a copy: «Farsta 2» after «Farsta 1», else the name with a number."""
    head, _space, tail = name.rpartition(" ")
    last = whole(tail)
    base, number = (head, last) if head and last is not None else (name, 1)
    known = set(taken)
    while True:
        number += 1
        if f"{base} {number}" not in known:
            return f"{base} {number}"


@dataclass(frozen=True)
class Share:
    """How many members have something in common."""

    name: str
    number: int


def shares(names: Sequence[str]) -> list[Share]:
    """How often each name occurs, most first."""
    counted: dict[str, int] = {}
    for name in names:
        counted[name] = counted.get(name, 0) + 1
    return [Share(n, c) for n, c in sorted(counted.items(), key=lambda row: (-row[1], row[0]))]
