"""When an occasion may be held: pure checks of a plan (R-072, R-073, R-083).

What is impossible blocks; what is unwise warns, and whoever plans says that it may be so.
Times are local Swedish times.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Finding(StrEnum):
    """One thing that speaks against a plan."""

    ORDER = "order"
    BREAKS = "breaks"
    OUTSIDE_PROGRAMME = "outside_programme"
    TRAINER_BUSY = "trainer_busy"
    MEMBER_BUSY = "member_busy"
    NOT_A_WORKING_DAY = "not_a_working_day"
    OUTSIDE_HOURS = "outside_hours"
    TOO_CLOSE = "too_close"
    CROWDED = "crowded"
    NOT_ON_SITE = "not_on_site"
    PAST = "past"
    UNIT_ORDER = "unit_order"
    LOSES_TIME = "loses_time"


BLOCKING = frozenset(
    {
        Finding.ORDER,
        Finding.BREAKS,
        Finding.OUTSIDE_PROGRAMME,
        Finding.TRAINER_BUSY,
        Finding.MEMBER_BUSY,
    }
)


@dataclass(frozen=True)
class Terms:
    """The programme's terms on the day of the occasion."""

    first_day: datetime.date
    last_day: datetime.date
    # Minutes after midnight that ordinary working hours begin and end.
    from_minute: int
    to_minute: int
    gap_days: int
    today: datetime.date


@dataclass(frozen=True)
class Plan:
    """An occasion as it would be."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    breaks: tuple[tuple[int, int], ...] = ()
    working_day: bool = True
    online: bool = False
    deviation_reason: str = ""
    # Days of the group's other standing occasions.
    others: tuple[datetime.date, ...] = ()
    # The number of the learning unit, and the days and numbers of the group's other occasions.
    unit: int | None = None
    units: tuple[tuple[datetime.date, int], ...] = ()
    # Titles of what trainers and members are busy with then.
    trainers_busy: tuple[str, ...] = ()
    members_busy: tuple[str, ...] = ()
    expected: int = 0
    capacity: int | None = None
    # Persons whose recorded time would be left outside.
    losing: int = 0


@dataclass(frozen=True)
class Findings:
    """What speaks against a plan, each with the facts its words need."""

    found: tuple[tuple[Finding, str], ...] = field(default=())

    @property
    def blocking(self) -> tuple[tuple[Finding, str], ...]:
        """What makes it impossible."""
        return tuple(row for row in self.found if row[0] in BLOCKING)

    @property
    def warnings(self) -> tuple[tuple[Finding, str], ...]:
        """What should be thought of first."""
        return tuple(row for row in self.found if row[0] not in BLOCKING)


def breaks_fit(breaks: Sequence[Sequence[int]], minutes: int) -> bool:
    """Whether the breaks lie inside the occasion, in order and apart, and leave some of it."""
    end = 0
    for start, stop in breaks:
        if not end <= start < stop <= minutes:
            return False
        end = stop
    return not breaks or sum(stop - start for start, stop in breaks) < minutes


Moments = tuple[datetime.datetime, datetime.datetime]


def loses(
    began: datetime.datetime, ended: datetime.datetime | None, *, was: Moments, becomes: Moments
) -> bool:
    """Whether any of the time present that lay inside the occasion would lie outside.

    What lay outside before, as a check-in before the start, is not lost by the move.

    :param ended: nothing while nobody has checked out; then the time may last to the end.
    """
    first, last = max(began, was[0]), min(ended or was[1], was[1])
    return first < last and (first < becomes[0] or last > becomes[1])


def closest(day: datetime.date, others: Sequence[datetime.date]) -> int | None:
    """Days to the nearest of the others; none without others."""
    return min((abs((day - other).days) for other in others), default=None)


def first_days(units: Sequence[tuple[datetime.date, int]]) -> dict[int, datetime.date]:
    """The first day of each unit, by its number: what is held again is no longer new."""
    found: dict[int, datetime.date] = {}
    for day, number in units:
        found[number] = min(day, found.get(number, day))
    return found


def wrong_side(
    day: datetime.date, unit: int, others: Sequence[tuple[datetime.date, int]]
) -> list[int]:
    """Units on the wrong side of the day: a later number before it, or an earlier one after it.

    A unit that was held before is only held again, so it may come when it likes.
    """
    first = first_days(others)
    if unit in first and first[unit] <= day:
        return []
    return sorted(
        number
        for number, other in first.items()
        if (number > unit and other < day) or (number < unit and other > day)
    )


def check(plan: Plan, terms: Terms) -> Findings:
    """Everything that speaks against the plan."""
    if plan.ends_at <= plan.starts_at:
        return Findings(((Finding.ORDER, ""),))
    return Findings((*_impossible(plan, terms), *_unwise(plan, terms)))


def _impossible(plan: Plan, terms: Terms) -> list[tuple[Finding, str]]:
    minutes = int((plan.ends_at - plan.starts_at).total_seconds() // 60)
    day = plan.starts_at.date()
    found: list[tuple[Finding, str]] = []
    if not breaks_fit(plan.breaks, minutes):
        found.append((Finding.BREAKS, ""))
    if not terms.first_day <= day <= terms.last_day:
        found.append((Finding.OUTSIDE_PROGRAMME, f"{terms.first_day}–{terms.last_day}"))
    if plan.trainers_busy:
        found.append((Finding.TRAINER_BUSY, ", ".join(plan.trainers_busy)))
    if plan.members_busy:
        found.append((Finding.MEMBER_BUSY, ", ".join(plan.members_busy)))
    return found


def _unwise(plan: Plan, terms: Terms) -> list[tuple[Finding, str]]:
    found: list[tuple[Finding, str]] = []
    start, end = plan.starts_at, plan.ends_at
    if start.date() < terms.today:
        found.append((Finding.PAST, ""))
    if not plan.working_day:
        found.append((Finding.NOT_A_WORKING_DAY, ""))
    within = (
        start.date() == end.date()
        and terms.from_minute <= start.hour * 60 + start.minute
        and end.hour * 60 + end.minute <= terms.to_minute
    )
    if not within:
        found.append((Finding.OUTSIDE_HOURS, ""))
    gap = closest(start.date(), plan.others)
    if gap is not None and gap < terms.gap_days:
        found.append((Finding.TOO_CLOSE, str(gap)))
    if plan.unit is not None:
        wrong = wrong_side(start.date(), plan.unit, plan.units)
        if wrong:
            numbers = ", ".join(str(number) for number in wrong)
            found.append((Finding.UNIT_ORDER, numbers))
    if plan.capacity is not None and plan.expected > plan.capacity:
        found.append((Finding.CROWDED, f"{plan.expected} > {plan.capacity}"))
    if plan.online and not plan.deviation_reason.strip():
        found.append((Finding.NOT_ON_SITE, ""))
    if plan.losing:
        found.append((Finding.LOSES_TIME, str(plan.losing)))
    return found


class Against(StrEnum):
    """One thing that speaks against a person in a seat."""

    NOT_ADMITTED = "not_admitted"
    MANAGERS_FIRST = "managers_first"
    TWO_ROOMS = "two_rooms"
    LEFT = "left"


@dataclass(frozen=True)
class Colleague:
    """What the rules need to know of whoever would take the seat."""

    # Takes part in the programme, in whichever course.
    admitted: bool
    is_manager: bool = False
    # The unit's name, when no manager there has started.
    without_manager: str = ""
    # The title of what the colleague is expected at then.
    elsewhere: str = ""
    # The employment has ended before the day.
    left: bool = False


def against(who: Colleague, *, managers_first: bool) -> list[tuple[Against, str]]:
    """Everything that speaks against the colleague, each with the fact its words need.

    :param managers_first: whether the group's wave refuses staff before their manager.
    """
    found = {
        Against.NOT_ADMITTED: ("", not who.admitted),
        Against.MANAGERS_FIRST: (
            who.without_manager,
            managers_first and bool(who.without_manager) and not who.is_manager,
        ),
        Against.TWO_ROOMS: (who.elsewhere, bool(who.elsewhere)),
        Against.LEFT: ("", who.left),
    }
    return [(one, fact) for one, (fact, holds) in found.items() if holds]


def seats_left(expected: int, *, group: int | None, venue: int | None) -> int | None:
    """Seats that nobody is expected in; nothing where neither group nor venue sets a limit.

    :param group: the group's planned size.
    :param venue: what the venue that is booked has room for.
    """
    limits = [limit for limit in (group, venue) if limit is not None]
    return max(0, min(limits) - expected) if limits else None
