"""Groups against the plan: how many are needed, when they start, and who has none (R-010, R-085)."""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


def groups_needed(persons: int, size: int) -> int:
    """Whole groups for so many persons: 1 000 in groups of 20 are 50 (G-20), 140 are 7 (G-22)."""
    return math.ceil(persons / size)


@dataclass(frozen=True, order=True)
class HalfYear:
    """January to June, or July to December."""

    year: int
    half: int

    def __str__(self) -> str:
        return f"{self.year}:{self.half}"


def half_year_of(day: datetime.date) -> HalfYear:
    """The half-year that the day lies in."""
    return HalfYear(day.year, 1 if day.month <= 6 else 2)


def half_years(first: datetime.date, last: datetime.date) -> list[HalfYear]:
    """All half-years from the first day to the last."""
    found, now, end = [], half_year_of(first), half_year_of(last)
    while now <= end:
        found.append(now)
        now = HalfYear(now.year, 2) if now.half == 1 else HalfYear(now.year + 1, 1)
    return found


@dataclass(frozen=True)
class Step:
    """A half-year: groups that begin in it, and all that have begun by its end."""

    half_year: HalfYear
    starting: int
    running_total: int
    # What an even pace through the project would have come to by then.
    pace: int


def steps(
    first_days: Sequence[datetime.date], first: datetime.date, last: datetime.date, needed: int
) -> list[Step]:
    """The plan half-year by half-year, against an even pace to the needed number."""
    halves = half_years(first, last)
    found, total = [], 0
    for number, half in enumerate(halves, start=1):
        starting = sum(half_year_of(day) == half for day in first_days)
        total += starting
        found.append(Step(half, starting, total, math.ceil(needed * number / len(halves))))
    return found


class Coverage(StrEnum):
    """Where an administration stands on the way to its first group."""

    STARTED = "started"
    PLANNED = "planned"
    NONE = "none"
    ALARM = "alarm"


def coverage(*, started: int, planned: int, days_left: int, alarm_days: int) -> Coverage:
    """Every administration has begun with a group before the end, or someone must act (R-010)."""
    if started:
        return Coverage.STARTED
    if planned:
        return Coverage.PLANNED
    return Coverage.ALARM if days_left <= alarm_days else Coverage.NONE


class Readiness(StrEnum):
    """One point of the list of preparations."""

    DONE = "done"
    TO_DO = "to_do"
    LATE = "late"


def readiness(*, done: bool, due: datetime.date | None, today: datetime.date) -> Readiness:
    """Late once its day has passed; without a first occasion nothing is late (R-021)."""
    if done:
        return Readiness.DONE
    return Readiness.LATE if due is not None and due < today else Readiness.TO_DO
