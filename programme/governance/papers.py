"""Papers of meetings, whoever keeps them: the room above tells where minutes and reports lie."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """A document of a meeting, with the address where a member reads it."""

    title: str
    kind: str
    dated_on: datetime.date | None
    address: str
    minutes: bool = False


#: Papers by the meeting's key, for the meetings that are asked for.
Keeper = Callable[[Sequence[int]], Mapping[int, list[Paper]]]
_keepers: dict[str, Keeper] = {}


def register_keeper(key: str, keeper: Keeper) -> None:
    """Add whoever keeps papers; the same key again replaces it."""
    _keepers[key] = keeper


def papers_of(meetings: Sequence[int]) -> dict[int, list[Paper]]:
    """The papers of the meetings, the minutes first."""
    found: dict[int, list[Paper]] = {pk: [] for pk in meetings}
    for keeper in _keepers.values():
        for pk, papers in keeper(meetings).items():
            found[pk] += papers
    for papers in found.values():
        papers.sort(key=lambda one: not one.minutes)
    return found
