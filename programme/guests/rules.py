"""When dissemination events are due, and whether they are held: pure rules (R-170)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Event:
    """One event that is held or planned."""

    day: datetime.date
    title: str
    reference: str = ""


class Standing(StrEnum):
    """How one of the events asked for stands."""

    HELD = "held"
    PLANNED = "planned"
    MISSING = "missing"  # nothing is planned, and there is time
    SOON = "soon"  # nothing is planned, and the day is near
    LATE = "late"  # the day has passed, or what is planned comes after it


@dataclass(frozen=True)
class Due:
    """One of the events asked for, with its day and the event that answers to it."""

    number: int
    due_on: datetime.date
    standing: Standing
    event: Event | None = None

    @property
    def warns(self) -> bool:
        """Whether staff must do something."""
        return self.standing in (Standing.SOON, Standing.LATE)


def due_days(starts_on: datetime.date, ends_on: datetime.date, number: int) -> list[datetime.date]:
    """Days spread evenly over the project: of two, half-way and at the end."""
    length = (ends_on - starts_on).days
    return [
        starts_on + datetime.timedelta(days=length * turn // number)
        for turn in range(1, number + 1)
    ]


def standings(
    days: Sequence[datetime.date],
    events: Sequence[Event],
    today: datetime.date,
    warn_days: int,
) -> list[Due]:
    """Each of the events asked for; the first event held answers to the first day."""
    in_order = sorted(events, key=lambda event: event.day)
    found = []
    for turn, due_on in enumerate(days):
        event = in_order[turn] if turn < len(in_order) else None
        found.append(Due(turn + 1, due_on, _standing(due_on, event, today, warn_days), event))
    return found


def _standing(
    due_on: datetime.date, event: Event | None, today: datetime.date, warn_days: int
) -> Standing:
    if event is not None and event.day <= today:
        return Standing.HELD
    if event is not None:
        return Standing.PLANNED if event.day <= due_on else Standing.LATE
    if today > due_on:
        return Standing.LATE
    near = today + datetime.timedelta(days=warn_days) >= due_on
    return Standing.SOON if near else Standing.MISSING
