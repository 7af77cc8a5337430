"""Counted hours held against absences, the day's length and the calendar: pure."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

MINUTES_OF_A_DAY = 24 * 60


class Kind(StrEnum):
    """What is odd about somebody's hours."""

    AFTER_LAST_DAY = "after_last_day"
    AWAY = "away"
    PARTLY_AWAY = "partly_away"
    TOO_LONG = "too_long"
    TWO_PLACES = "two_places"
    NEAR = "near"
    FREE_DAY = "free_day"


#: What stops a check until it is put right; the rest is for whoever checks to judge.
BLOCKING = frozenset({Kind.AFTER_LAST_DAY, Kind.AWAY, Kind.TOO_LONG, Kind.TWO_PLACES})


@dataclass(frozen=True)
class Counted:
    """Minutes of one occasion."""

    day: datetime.date
    minutes: int
    title: str


@dataclass(frozen=True)
class Away:
    """Days that the employer says the person was away."""

    reference: str
    first_day: datetime.date
    last_day: datetime.date
    percent: int

    def covers(self, day: datetime.date) -> bool:
        """Whether the day is among them."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class Twice:
    """So many minutes at two occasions at once."""

    day: datetime.date
    titles: tuple[str, str]
    minutes: int
    blocking: bool


@dataclass(frozen=True)
class Finding:
    """One thing to look at before the hours are checked."""

    kind: Kind
    day: datetime.date
    minutes: int
    titles: tuple[str, ...] = ()
    # The absence it is about, and its share of the day.
    reference: str = ""
    percent: int = 0

    @property
    def blocking(self) -> bool:
        """Whether it stops the check."""
        return self.kind in BLOCKING


def findings(
    counted: Sequence[Counted],
    absences: Iterable[Away],
    twice: Iterable[Twice],
    working: frozenset[datetime.date],
    last_day: datetime.date | None = None,
) -> list[Finding]:
    """Everything that is odd, what stops the check first, then by day.

    :param working: the working days of the time looked at.
    :param last_day: of the employment, when one is written down.
    """
    found = [
        Finding(
            Kind.AWAY if away.percent == 100 else Kind.PARTLY_AWAY,
            one.day,
            one.minutes,
            (one.title,),
            away.reference,
            away.percent,
        )
        for away in absences
        for one in counted
        if one.minutes > 0 and away.covers(one.day)
    ]
    found += [
        Finding(Kind.AFTER_LAST_DAY, one.day, one.minutes, (one.title,))
        for one in counted
        if one.minutes > 0 and last_day is not None and one.day > last_day
    ]
    for day in sorted({one.day for one in counted}):
        own = [one for one in counted if one.day == day and one.minutes > 0]
        minutes = sum(one.minutes for one in own)
        titles = tuple(one.title for one in own)
        if minutes > MINUTES_OF_A_DAY:
            found.append(Finding(Kind.TOO_LONG, day, minutes, titles))
        if own and day not in working:
            found.append(Finding(Kind.FREE_DAY, day, minutes, titles))
    found += [
        Finding(Kind.TWO_PLACES if one.blocking else Kind.NEAR, one.day, one.minutes, one.titles)
        for one in twice
        if one.minutes > 0
    ]
    return sorted(found, key=lambda one: (not one.blocking, one.day, one.kind))
