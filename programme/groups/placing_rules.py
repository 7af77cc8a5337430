"""Who goes in which group: a proposal that staff see, change and confirm (R-042, R-080).

Deterministic: the same persons and groups always give the same proposal, so two
administrators who look at the same time see the same.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Waiting:
    """A participation without a group."""

    id: int
    district_id: int
    unit_id: int
    # Empty when it is not known; then only district and unit speak.
    sex: str = ""
    # Groups that meet while the person is expected elsewhere: they would be refused.
    barred: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Room:
    """A group with how many more it takes, and who is in it."""

    id: int
    district_id: int
    seats: int
    size: int = 0
    units: Mapping[int, int] = field(default_factory=dict)
    sexes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """A time that somebody is expected at."""

    occasion: int
    title: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime


def clashes(wanted: Sequence[Held], taken: Sequence[Held]) -> list[Held]:
    """What is taken at the same time as anything wanted; the same occasion is no clash."""
    return [
        held
        for held in taken
        if any(
            held.occasion != each.occasion
            and held.starts_at < each.ends_at
            and each.starts_at < held.ends_at
            for each in wanted
        )
    ]


class _Filling:
    """A group while the proposal is made."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.size = room.size
        self.units = dict(room.units)
        self.sexes = dict(room.sexes)

    @property
    def free(self) -> bool:
        return self.size < self.room.seats

    def cost(self, person: Waiting) -> tuple[float, float, float, int]:
        """Colleagues apart first, then women and men spread alike, then even filling."""
        seats = max(self.room.seats, 1)
        return (
            self.units.get(person.unit_id, 0) / seats,
            self.sexes.get(person.sex, 0) / seats if person.sex else 0.0,
            self.size / seats,
            self.room.id,
        )

    def take(self, person: Waiting) -> None:
        self.size += 1
        self.units[person.unit_id] = self.units.get(person.unit_id, 0) + 1
        self.sexes[person.sex] = self.sexes.get(person.sex, 0) + 1


def propose(waiting: Sequence[Waiting], rooms: Sequence[Room]) -> dict[int, int]:
    """A group for each participation that finds room in its own administration.

    Those whose administration has no group with room, at times when they are free, are left
    out: staff decide whether they travel or give up the other thing. Whoever is in the smaller sex is placed first, so that nobody ends up as
    the only one when it can be helped.
    """
    fillings = [_Filling(room) for room in rooms]
    count: dict[str, int] = {}
    for person in waiting:
        count[person.sex] = count.get(person.sex, 0) + 1
    proposed: dict[int, int] = {}
    for person in sorted(waiting, key=lambda one: (count[one.sex], one.unit_id, one.id)):
        near = [
            f
            for f in fillings
            if f.free
            and f.room.district_id == person.district_id
            and f.room.id not in person.barred
        ]
        if not near:
            continue
        best = min(near, key=lambda filling: filling.cost(person))
        best.take(person)
        proposed[person.id] = best.room.id
    return proposed
