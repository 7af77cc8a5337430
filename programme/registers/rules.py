"""What registers decide: periods of a rhythm, what is late, what differs; pure."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from forms_app.schema import FieldSchema, FormSchema

YEAR, TERM = "year", "term"
#: Kinds of questions that a register cannot ask. Files and persons are erased by rules of
#: their own, while an entry is kept with everything it has been; rows have no one value.
UNUSABLE = frozenset({"file", "person", "group"})


@dataclass(frozen=True)
class Period:
    """A year, or a half of it, in which a register needs an entry."""

    year: int
    #: 1 is January to June, 2 is July to December; 0 is the whole year.
    half: int = 0

    @property
    def first(self) -> datetime.date:
        """The first day."""
        return datetime.date(self.year, 7 if self.half == 2 else 1, 1)

    @property
    def last(self) -> datetime.date:
        """The last day."""
        return (
            datetime.date(self.year, 6, 30) if self.half == 1 else datetime.date(self.year, 12, 31)
        )

    def following(self) -> "Period":
        """The period after this one."""
        if self.half == 1:
            return Period(self.year, 2)
        return Period(self.year + 1, 1 if self.half else 0)


class Standing(StrEnum):
    """How a period stands."""

    DONE = "done"
    MISSING = "missing"  # it is over, and has no entry
    SOON = "soon"  # it ends soon, and has no entry
    OPEN = "open"  # there is still time


def period_of(rhythm: str, day: datetime.date) -> Period | None:
    """The period that the day belongs to; nothing where there is no rhythm."""
    if rhythm == YEAR:
        return Period(day.year)
    return Period(day.year, 1 if day.month <= 6 else 2) if rhythm == TERM else None


def standings(
    rhythm: str,
    since: datetime.date | None,
    days: Iterable[datetime.date],
    *,
    today: datetime.date,
    warn_days: int,
) -> list[tuple[Period, Standing]]:
    """Each period from the first to today's, the latest first, and how it stands.

    :param days: the days of the entries in force.
    :param warn_days: so many days before its last day an empty period is told of.
    """
    now = period_of(rhythm, today)
    period = period_of(rhythm, since) if since else None
    if now is None or period is None:
        return []
    filled = {period_of(rhythm, day) for day in days}
    found = []
    while period.first <= now.first:
        if period in filled:
            standing = Standing.DONE
        elif period.last < today:
            standing = Standing.MISSING
        elif (period.last - today).days <= warn_days:
            standing = Standing.SOON
        else:
            standing = Standing.OPEN
        found.append((period, standing))
        period = period.following()
    return found[::-1]


def day_in(values: Mapping[str, Any], key: str) -> datetime.date | None:
    """The day that an entry's answer gives; nothing where it is empty or no day."""
    value = values.get(key) if key else None
    try:
        return datetime.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def is_late(day: datetime.date | None, linked: bool, today: datetime.date) -> bool:
    """Whether the day has passed without what it should have led to."""
    return day is not None and day < today and not linked


def fields_of(schema: FormSchema) -> tuple[FieldSchema, ...]:
    """What an entry is asked, on one page."""
    return tuple(schema.fields())


def unusable_in(schema: FormSchema) -> list[FieldSchema]:
    """Questions that a register cannot ask."""
    return [one for one in schema.fields() if one.kind in UNUSABLE]


def erases(schema: FormSchema) -> bool:
    """Whether the form erases answers after a time, which a register's entries cannot be."""
    every = (schema.retention, *(one.retention for one in schema.fields()))
    return any(one.delete_after_days for one in every)


def has_hidden_steps(schema: FormSchema) -> bool:
    """Whether a whole step has a condition; a register asks everything on one page."""
    return any(step.show_if for step in schema.steps)


@dataclass(frozen=True)
class Line:
    """An entry as it stood: its number, and its answers in words by column."""

    number: int
    cells: Mapping[str, str]

    @property
    def title(self) -> str:
        """The first answer, which names the entry."""
        return next(iter(self.cells.values()), "")


@dataclass(frozen=True)
class Content:
    """A register as it stood: its text, its columns and its entries in force, all in words."""

    text: str
    columns: Mapping[str, str]
    lines: Sequence[Line]

    def to_plain(self) -> dict[str, Any]:
        """As JSON values; the order of columns is kept in a list, since JSONB keeps none."""
        return {
            "text": self.text,
            "columns": [[key, label] for key, label in self.columns.items()],
            "lines": [
                {"number": one.number, "cells": [one.cells.get(key, "") for key in self.columns]}
                for one in self.lines
            ],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Content":
        """Read back what :meth:`to_plain` wrote."""
        columns = dict(plain["columns"])
        return cls(
            text=plain["text"],
            columns=columns,
            lines=[
                Line(one["number"], dict(zip(columns, one["cells"], strict=True)))
                for one in plain["lines"]
            ],
        )


@dataclass(frozen=True)
class Difference:
    """One answer, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangedLine:
    """An entry that both have, and what differs."""

    number: int
    title: str
    differences: Sequence[Difference]


@dataclass(frozen=True)
class Comparison:
    """What differs between a register as it stood once and as it stood later."""

    text: Difference | None
    added: Sequence[Line]
    removed: Sequence[Line]
    changed: Sequence[ChangedLine]
    same: int

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.text or self.added or self.removed or self.changed)


def differences(
    before: Mapping[str, str], after: Mapping[str, str], labels: Mapping[str, str]
) -> list[Difference]:
    """The answers that differ, in the order of the labels."""
    return [
        Difference(label, before.get(key, ""), after.get(key, ""))
        for key, label in labels.items()
        if before.get(key, "") != after.get(key, "")
    ]


def compare(before: Content, after: Content) -> Comparison:
    """What was added, removed and changed; entries are the same when their number is."""
    labels = {**before.columns, **after.columns}
    old = {one.number: one for one in before.lines}
    new = {one.number: one for one in after.lines}
    changed = [
        ChangedLine(number, new[number].title, found)
        for number in sorted(_both(old, new))
        if (found := differences(old[number].cells, new[number].cells, labels))
    ]
    return Comparison(
        text=Difference("", before.text, after.text) if before.text != after.text else None,
        added=[new[number] for number in sorted(set(new) - set(old))],
        removed=[old[number] for number in sorted(set(old) - set(new))],
        changed=changed,
        same=len(_both(old, new)) - len(changed),
    )


def _both(old: Collection[int], new: Collection[int]) -> set[int]:
    return set(old) & set(new)
