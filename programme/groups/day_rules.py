"""What makes the laid days of a group impossible, whatever staff think of them: pure rules."""

import datetime
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True)
class Laid:
    """An occasion as it is laid in the form: the number of its unit, and when it is held."""

    number: int
    title: str
    day: datetime.date
    time: datetime.time
    minutes: int

    @property
    def begins(self) -> int:
        """Minutes after midnight."""
        return self.time.hour * 60 + self.time.minute

    @property
    def ends(self) -> int:
        """Minutes after the same midnight, breaks included; a whole day when it reaches the next."""
        return self.begins + self.minutes


def past_midnight(laid: Sequence[Laid]) -> list[Laid]:
    """Those that do not end on the day they begin: an occasion is one day and two times of day."""
    return [one for one in laid if one.ends >= MINUTES_OF_A_DAY]


def at_once(laid: Sequence[Laid]) -> list[tuple[Laid, Laid]]:
    """Each that begins before another of the same day has ended, after that other; touching is fine."""
    found = []
    ordered = sorted(laid, key=lambda one: (one.day, one.begins, one.number))
    for _day, several in itertools.groupby(ordered, key=lambda one: one.day):
        longest: Laid | None = None
        for one in several:
            if longest is not None and one.begins < longest.ends:
                found.append((longest, one))
            if longest is None or one.ends > longest.ends:
                longest = one
    return found
