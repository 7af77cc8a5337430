"""Who may register, who gets the seat and who is next: pure rules on frozen values.

A seat belongs to a district's share until the shares are released, then to everybody. The
line is served in order, past those for whom no seat is left.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

# The key of those who belong to no administration.
NOWHERE = 0


@dataclass(frozen=True)
class Seats:
    """An occasion's seats, the districts' shares of them, and how many are held where."""

    total: int
    quotas: Mapping[int, int] = field(default_factory=dict)
    held: Mapping[int, int] = field(default_factory=dict)
    released: bool = False

    @property
    def taken(self) -> int:
        """Seats that somebody has or is offered."""
        return sum(self.held.values())

    @property
    def pool(self) -> int:
        """Seats that are nobody's share."""
        return max(0, self.total - sum(self.quotas.values()))

    @property
    def free(self) -> int:
        """Seats that nobody has, whoever they are kept for."""
        return max(0, self.total - self.taken)

    @property
    def pool_left(self) -> int:
        """Seats of the pool that nobody has; a district beyond its share draws on it."""
        over = sum(max(0, held - self.quotas.get(where, 0)) for where, held in self.held.items())
        return max(0, self.pool - over)

    def left_for(self, district: int) -> int:
        """Seats that someone from the district can have now."""
        if self.released:
            return self.free
        own = max(0, self.quotas.get(district, 0) - self.held.get(district, 0))
        return min(self.free, own + self.pool_left)


@dataclass(frozen=True)
class Waiting:
    """Someone in line."""

    registration: int
    district: int


class Why(StrEnum):
    """Why someone in line is where they are."""

    NEXT = "next"  # a seat is free for them
    BEHIND = "behind"  # the free seats go to those before them
    FULL = "full"  # no seat is free at all
    SHARE_FULL = "share_full"  # what is free is kept for other districts


@dataclass(frozen=True)
class Explained:
    """One place in the line, and why its holder has no seat yet."""

    registration: int
    place: int
    why: Why


def served(seats: Seats, line: Sequence[Waiting]) -> list[Waiting]:
    """Those in line who get a seat now, first in line first."""
    found = []
    held = dict(seats.held)
    for each in line:
        now = Seats(seats.total, seats.quotas, held, seats.released)
        if now.left_for(each.district) > 0:
            held[each.district] = held.get(each.district, 0) + 1
            found.append(each)
    return found


def explained(seats: Seats, line: Sequence[Waiting]) -> list[Explained]:
    """The line with its reasons: who is next and why."""
    getting = {each.registration for each in served(seats, line)}
    found = []
    for place, each in enumerate(line, start=1):
        if each.registration in getting:
            why = Why.NEXT
        elif seats.free == 0:
            why = Why.FULL
        elif seats.left_for(each.district) == 0:
            why = Why.SHARE_FULL
        else:
            why = Why.BEHIND
        found.append(Explained(each.registration, place, why))
    return found


def gets_a_seat(seats: Seats, line: Sequence[Waiting], district: int) -> bool:
    """Whether a newcomer gets a seat at once: only when nobody in line could take it."""
    newcomer = Waiting(-1, district)
    return newcomer in served(seats, [*line, newcomer])


class Problem(StrEnum):
    """One thing that speaks against registering."""

    CANCELLED = "cancelled"
    OVER = "over"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    NOT_ADMITTED = "not_admitted"
    MANAGERS_FIRST = "managers_first"
    NOT_REACHED = "not_reached"
    TWO_ROOMS = "two_rooms"
    LEFT = "left"


# What staff may set aside with a reason; nothing makes a person be in two rooms.
WAIVED_BY_STAFF = frozenset(
    {Problem.NOT_YET, Problem.CLOSED, Problem.MANAGERS_FIRST, Problem.NOT_REACHED}
)


@dataclass(frozen=True)
class Terms:
    """What the plan asks, and whether the occasion stands."""

    opens_at: datetime.datetime
    closes_at: datetime.datetime
    starts_at: datetime.datetime
    cancelled: bool = False
    managers_until: datetime.datetime | None = None
    needs_unit: bool = False


@dataclass(frozen=True)
class Candidate:
    """What the rules need to know of a person."""

    admitted: bool
    is_manager: bool = False
    reached: bool = True
    elsewhere: str = ""
    # The employment has ended before the day of the occasion.
    left: bool = False


def problems(terms: Terms, who: Candidate, now: datetime.datetime) -> list[Problem]:
    """Everything that speaks against registering now."""
    found = {
        Problem.CANCELLED: terms.cancelled,
        Problem.OVER: now >= terms.starts_at,
        Problem.NOT_YET: now < terms.opens_at,
        Problem.CLOSED: now >= terms.closes_at,
        Problem.NOT_ADMITTED: not who.admitted,
        Problem.MANAGERS_FIRST: bool(
            terms.managers_until and now < terms.managers_until and not who.is_manager
        ),
        Problem.NOT_REACHED: terms.needs_unit and not who.reached,
        Problem.TWO_ROOMS: bool(who.elsewhere),
        Problem.LEFT: who.left,
    }
    return [problem for problem, holds in found.items() if holds]


def offer_ends(
    now: datetime.datetime, hours: int, starts_at: datetime.datetime
) -> datetime.datetime:
    """When an offer lapses: after its hours, and never later than the occasion begins."""
    return min(now + datetime.timedelta(hours=hours), starts_at)


def moved_to(line: Sequence[int], one: int, place: int) -> list[int]:
    """The line with one of it at another place, counted from 1."""
    rest = [each for each in line if each != one]
    return [*rest[: place - 1], one, *rest[place - 1 :]]
