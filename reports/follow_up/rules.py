"""Months and categories of the roll-up: pure."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """What is counted of persons; the value stands in addresses."""

    BEGAN = "borjade"
    PRESENT = "deltog"
    COMPLETED = "klara"
    LEFT = "slutade"


@dataclass(frozen=True)
class Taking:
    """One participation, as the roll-up sees it."""

    id: int
    person: int
    category: int
    started_on: datetime.date | None
    ended_on: datetime.date | None
    completed: bool
    left: bool

    def when(self, what: What) -> datetime.date | None:
        """The day on which it happened; nothing when it has not."""
        if what is What.BEGAN:
            return self.started_on
        if what is What.COMPLETED:
            return self.ended_on if self.completed else None
        return self.ended_on if what is What.LEFT and self.left else None


@dataclass(frozen=True)
class Count:
    """A month's or a category's figures; persons are counted once each."""

    began: frozenset[int] = frozenset()
    present: frozenset[int] = frozenset()
    completed: frozenset[int] = frozenset()
    left: frozenset[int] = frozenset()
    minutes: int = 0
    planned_minutes: int = 0
    planned_persons: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.began | other.began,
            self.present | other.present,
            self.completed | other.completed,
            self.left | other.left,
            self.minutes + other.minutes,
            self.planned_minutes + other.planned_minutes,
            self.planned_persons + other.planned_persons,
        )


#: The first day of a month, and a category.
Cell = tuple[datetime.date, int]


def happened(takings: Iterable[Taking], what: What) -> dict[Cell, frozenset[int]]:
    """Persons by the month in which it happened, and by category."""
    found: dict[Cell, set[int]] = {}
    for taking in takings:
        day = taking.when(what)
        if day is not None:
            found.setdefault((day.replace(day=1), taking.category), set()).add(taking.person)
    return {cell: frozenset(persons) for cell, persons in found.items()}


def added(counts: Iterable[Count]) -> Count:
    """All of them as one; whoever is in several is one person."""
    return sum(counts, start=Count())


def running(counts: Sequence[Count]) -> list[Count]:
    """Each with everything before it."""
    found: list[Count] = []
    for count in counts:
        found.append(found[-1] + count if found else count)
    return found
