"""Whether a venue may be booked, decided from the checklist alone (R-240)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Reply(StrEnum):
    """What a visit found."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Point:
    """A question of the checklist as it is today."""

    text: str
    needed: bool


@dataclass(frozen=True)
class Verdict:
    """What the newest check says of the points that are needed today."""

    checked: bool
    lacking: tuple[str, ...] = ()

    @property
    def accessible(self) -> bool:
        """Whether the venue may be booked without an exception."""
        return self.checked and not self.lacking


def verdict(points: Sequence[Point], replies: dict[str, str] | None) -> Verdict:
    """Hold the newest check against the checklist of today.

    A question that has been added since counts as not answered, so that a longer
    checklist asks for a new visit.

    :param replies: reply by question; nothing when the venue was never checked.
    """
    needed = [point.text for point in points if point.needed]
    found = replies or {}
    return Verdict(
        checked=replies is not None,
        lacking=tuple(text for text in needed if found.get(text) != Reply.YES),
    )


def is_crowded(capacity: int, expected: int) -> bool:
    """Whether more are expected than the venue has seats for."""
    return expected > capacity


def place_of(name: str, address: str) -> tuple[str, str]:
    """What makes two venues the same place: letter case and spaces apart."""
    return "".join(name.split()).casefold(), "".join(address.split()).casefold()
