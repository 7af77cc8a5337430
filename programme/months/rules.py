"""Months, their due days and where each person's statement stands: pure."""

import calendar
import datetime
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

WRITTEN = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$", re.ASCII)
#: Statistics Sweden wants the month within four weeks of its end (B3).
DAYS_TO_REPORT = 28


class Standing(StrEnum):
    """How far one person's month has come."""

    WAITING = "waiting"
    CHANGED = "changed"
    ATTESTED = "attested"
    CHECKED = "checked"
    # Attested once, and since then no hours are left.
    GONE = "gone"


#: Someone still has to do something before the month is whole.
UNFINISHED = frozenset({Standing.WAITING, Standing.CHANGED, Standing.ATTESTED})


@dataclass(frozen=True)
class Line:
    """Minutes of one occasion in a statement."""

    occasion: int
    day: datetime.date
    minutes: int


def month_of(text: str) -> datetime.date | None:
    """The first day of a month written as 2026-03, or nothing."""
    match = WRITTEN.match(text)
    return datetime.date(int(match[1]), int(match[2]), 1) if match and match[1] > "0000" else None


def last_day(month: datetime.date) -> datetime.date:
    """The month's last day."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def next_month(month: datetime.date) -> datetime.date:
    """The first day of the month after."""
    return last_day(month) + datetime.timedelta(days=1)


def months_between(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """The first day of each month from one to the other, both included."""
    found = []
    month = first.replace(day=1)
    while month <= last:
        found.append(month)
        month = next_month(month)
    return found


def due_on(month: datetime.date) -> datetime.date:
    """The last day to report the month (G-36)."""
    return last_day(month) + datetime.timedelta(days=DAYS_TO_REPORT)


def digest_of(lines: Iterable[Line]) -> str:
    """What is attested, in one value: the same hours at the same occasions give the same.

    Note: `figures.py` computes the same in the database; a test holds them together.
    """
    written = ";".join(
        f"{line.occasion}:{line.day.isoformat()}:{line.minutes}"
        for line in sorted(lines, key=lambda one: (one.day, one.occasion))
        if line.minutes
    )
    return hashlib.sha256(written.encode()).hexdigest()


def worth(minutes: int, rate: Decimal) -> Decimal:
    """Kronor for the minutes of one occasion, to the öre; sums are sums of these."""
    return (minutes * rate / 60).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
