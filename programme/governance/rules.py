"""Pure decisions of governance: no database, no clock, no settings."""

import calendar
import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

PRESENT = ("present", "substitute")


@dataclass(frozen=True)
class SeatTaken:
    """A seat at a meeting: whether it votes, and how it was taken."""

    votes: bool
    presence: str


def voters(seats: Sequence[SeatTaken]) -> int:
    """Seats with a vote that were taken; whoever presents matters counts not (R-191)."""
    return sum(seat.votes and seat.presence in PRESENT for seat in seats)


def may_decide(seats: Sequence[SeatTaken], quorum: int) -> bool:
    """Whether enough members with a vote are there."""
    return voters(seats) >= quorum


def votes_fit(seats: Sequence[SeatTaken], votes_for: int | None, votes_against: int | None) -> bool:
    """Whether no more votes were given than there were members with a vote."""
    return (votes_for or 0) + (votes_against or 0) <= voters(seats)


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or the month's last when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


@dataclass(frozen=True)
class Period:
    """Within which a body meets so and so often: its first and last day."""

    first: datetime.date
    last: datetime.date


def periods(first: datetime.date, last: datetime.date, months: int) -> Iterator[Period]:
    """The quarters, terms or years that touch the time, cut to it; a term is half a year.

    :param months: how long one is, 3, 6 or 12, counted from the beginning of the year.
    """
    begins = datetime.date(first.year, (first.month - 1) // months * months + 1, 1)
    while begins <= last:
        following = months_later(begins, months)
        yield Period(max(begins, first), min(following - datetime.timedelta(days=1), last))
        begins = following


@dataclass(frozen=True)
class Met:
    """A meeting as the rhythm sees it."""

    day: datetime.date
    held: bool
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rhythm:
    """How often a body is to meet, between which days it exists."""

    first_day: datetime.date
    last_day: datetime.date
    least: int
    period_months: int
    # The last day of the first meeting; none where nothing is said of it.
    first_by: datetime.date | None = None
    first_topics: frozenset[str] = frozenset()


class Lack(StrEnum):
    """What a body's meetings lack."""

    FIRST_LATE = "first_late"  # the day has passed, and nothing was held by then
    FIRST_TO_CALL = "first_to_call"  # the day comes, and nothing is called
    FIRST_TOPICS = "first_topics"  # the first meeting lacked what it was to deal with
    PERIOD_MISSED = "period_missed"
    PERIOD_TO_CALL = "period_to_call"  # the period runs, and too few are held or called


@dataclass(frozen=True)
class Missing:
    """One lack, the time it is about, and the topics that were missing."""

    lack: Lack
    first: datetime.date
    last: datetime.date
    topics: frozenset[str] = frozenset()
    # How many meetings there were, of those that were to be.
    met: int = 0
    least: int = 0


def missing(rhythm: Rhythm, meetings: Sequence[Met], today: datetime.date) -> list[Missing]:
    """What the meetings lack today, against the body's rhythm (R-193, R-196)."""
    return [*_first(rhythm, meetings, today), *_periods(rhythm, meetings, today)]


def _first(rhythm: Rhythm, meetings: Sequence[Met], today: datetime.date) -> Iterator[Missing]:
    if rhythm.first_by is None:
        return
    held = sorted((one for one in meetings if one.held), key=lambda one: one.day)
    span = (rhythm.first_day, rhythm.first_by)
    if held:
        # Counted to the last day: a late first meeting stays late however often they meet then.
        if held[0].day > rhythm.first_by:
            yield Missing(Lack.FIRST_LATE, *span)
        lacking = rhythm.first_topics - held[0].topics
        if lacking:
            yield Missing(Lack.FIRST_TOPICS, held[0].day, held[0].day, lacking)
    elif today > rhythm.first_by:
        yield Missing(Lack.FIRST_LATE, *span)
    elif not any(today <= one.day <= rhythm.first_by for one in meetings):
        yield Missing(Lack.FIRST_TO_CALL, *span)


def _periods(rhythm: Rhythm, meetings: Sequence[Met], today: datetime.date) -> Iterator[Missing]:
    for period in periods(rhythm.first_day, rhythm.last_day, rhythm.period_months):
        if period.first > today:
            return
        inside = [one for one in meetings if period.first <= one.day <= period.last]
        held = sum(one.held for one in inside)
        over = period.last < today
        counted = held if over else held + sum(not one.held and one.day >= today for one in inside)
        if counted < rhythm.least:
            lack = Lack.PERIOD_MISSED if over else Lack.PERIOD_TO_CALL
            yield Missing(lack, period.first, period.last, met=counted, least=rhythm.least)


def is_overdue(
    follow_up_on: datetime.date | None, followed_up_on: datetime.date | None, today: datetime.date
) -> bool:
    """Whether a decision should have been followed up by now (R-194)."""
    return follow_up_on is not None and followed_up_on is None and follow_up_on < today


def next_serial(serials: Collection[int]) -> int:
    """The next number of a year; numbers are never used again."""
    return max(serials, default=0) + 1
