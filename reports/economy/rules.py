"""Sums, even pace, forecast and small numbers: pure."""

import datetime
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal


@dataclass(frozen=True)
class Sum:
    """Hours and kronor of some rows: counted, and expected."""

    minutes: int = 0
    # Of persons not employed by the city: time that earns nothing.
    outside: int = 0
    kronor: Decimal = Decimal(0)
    expected_minutes: int = 0
    expected_kronor: Decimal = Decimal(0)
    persons: frozenset[int] = frozenset()

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(
            self.minutes + other.minutes,
            self.outside + other.outside,
            self.kronor + other.kronor,
            self.expected_minutes + other.expected_minutes,
            self.expected_kronor + other.expected_kronor,
            self.persons | other.persons,
        )

    @property
    def all_minutes(self) -> int:
        """Counted and expected."""
        return self.minutes + self.expected_minutes

    @property
    def all_kronor(self) -> Decimal:
        """Counted and expected."""
        return self.kronor + self.expected_kronor


@dataclass(frozen=True)
class Line:
    """One line of a table: what it is of, its sum, its plan, and where its rows are."""

    name: str
    sum: Sum
    planned_minutes: int = 0
    planned_kronor: Decimal = Decimal(0)
    # What the address of its rows asks for; nothing when several things are added together.
    key: str = ""
    day: datetime.date | None = None

    def joined(self, other: "Line", name: str) -> "Line":
        """Both as one line; the parts can no longer be told apart."""
        return replace(
            self,
            name=name,
            sum=self.sum + other.sum,
            planned_minutes=self.planned_minutes + other.planned_minutes,
            planned_kronor=self.planned_kronor + other.planned_kronor,
            key="",
            day=other.day or self.day,
        )


def total(lines: Iterable[Line], name: str) -> Line:
    """The lines added together."""
    whole = Line(name, Sum())
    for line in lines:
        whole = whole.joined(line, name)
    return whole


def even_pace(amount: int, parts: int) -> list[int]:
    """The amount spread evenly in whole units; the parts sum to it exactly."""
    until = [amount * n // parts for n in range(parts + 1)]
    return [after - before for before, after in itertools.pairwise(until)]


#: A course and a category by their keys; no course for what is open to everyone.
Kind = tuple[int | None, int]


@dataclass(frozen=True)
class Share:
    """How people have come so far: minutes counted of the minutes of the seats, and the seats."""

    came: int = 0
    invited: int = 0
    seats: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.came + other.came, self.invited + other.invited, self.seats + other.seats)

    def capped(self) -> "Share":
        """Never more than everybody: those who came without a seat do not fill others'."""
        return replace(self, came=min(self.came, self.invited))


@dataclass(frozen=True)
class Shares:
    """The share of each course and category, and the one of the whole project."""

    whole: Share
    by_kind: Mapping[Kind, Share]
    # Fewer seats than this say too little: then the whole project's share is taken.
    least: int = 1

    def own(self, kind: Kind) -> Share | None:
        """The kind's own share, when enough seats lie behind it."""
        found = self.by_kind.get(kind, Share())
        return found.capped() if found.invited > 0 and found.seats >= self.least else None

    def of(self, kind: Kind) -> Share:
        """The share to expect with."""
        return self.own(kind) or self.whole.capped()


def expected(booked: int, came: int, invited: int) -> int:
    """Minutes to expect of those booked, if people come as they have come so far.

    :param came: minutes counted so far, of the minutes people were `invited` to.
    """
    if invited <= 0:
        return booked
    return min(booked, (2 * booked * came + invited) // (2 * invited))


def without_small(lines: Sequence[Line], limit: int, name: str) -> list[Line]:
    """Lines with few persons added together, so that nobody's hours can be worked out.

    One hidden line alone could be found as the total less the others; then the smallest of
    the others is hidden with it. Lines without anybody stay.
    """
    small = [line for line in lines if 0 < len(line.sum.persons) < limit]
    if not small:
        return list(lines)
    rest = sorted(
        (line for line in lines if len(line.sum.persons) >= limit),
        key=lambda line: len(line.sum.persons),
    )
    hidden = total(small, name)
    while (len(small) < 2 or len(hidden.sum.persons) < limit) and rest:
        small.append(rest.pop(0))
        hidden = total(small, name)
    kept = [line for line in lines if line not in small]
    return [*kept, hidden] if len(hidden.sum.persons) >= limit else _none(kept, hidden)


def _none(kept: list[Line], hidden: Line) -> list[Line]:
    """So few in all that nothing of them is shown, in the total either."""
    return [
        *kept,
        replace(hidden, sum=replace(hidden.sum, minutes=0, outside=0, kronor=Decimal(0))),
    ]


def months_without_small(
    lines: Sequence[Line], limit: int, name_of: Callable[[Line, Line], str]
) -> list[Line]:
    """Months with few persons added to those that follow, until enough persons are in them.

    :param name_of: words for the months from one to the other.
    """
    spans: list[list[Line]] = []
    pool: list[Line] = []
    for line in lines:
        pool.append(line)
        if not 0 < _persons(pool) < limit:
            spans.append(pool)
            pool = []
    # What is left over joins earlier months until there are enough persons.
    while pool and spans and _persons(pool) < limit:
        pool = spans.pop() + pool
    if pool:
        spans.append(pool)
    found = []
    for span in spans:
        if len(span) == 1 and not 0 < _persons(span) < limit:
            found.append(span[0])
            continue
        joined = replace(total(span, name_of(span[0], span[-1])), day=span[-1].day)
        found += [joined] if _persons(span) >= limit else _none([], joined)
    return found


def _persons(lines: Iterable[Line]) -> int:
    return len(frozenset[int]().union(*(line.sum.persons for line in lines)))


@dataclass(frozen=True)
class Point:
    """A month's end in the picture: cumulative minutes."""

    month: datetime.date
    planned: int
    counted: int
    forecast: int
