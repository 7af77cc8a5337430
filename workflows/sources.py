"""What waits for somebody and is no case: rooms above put it into the one inbox.

A source answers for itself how many things wait and which; «My work» lists them
beside the cases, and the figure in the menu counts them too.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise

from people.models import User


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: what it is and where it is dealt with."""

    title: str
    kind: str
    url: str
    since: datetime.datetime
    sent_by: str = ""


class Source:
    """Where such things come from; the number of queries does not follow the number of rows."""

    key: ClassVar[str]
    name: ClassVar[str | Promise]

    def is_for(self, user: User) -> bool:
        """Whether anything can wait for this person at all; answered without a query."""
        raise NotImplementedError

    def count(self, user: User, at_most: int) -> int:
        """How many things wait, counted no further than asked."""
        raise NotImplementedError

    def rows(self, user: User, at_most: int) -> Sequence[Waiting]:
        """The things themselves, those that have waited longest first."""
        raise NotImplementedError


@dataclass(frozen=True)
class Listing:
    """What one source has for this person, as the page lists it."""

    key: str
    name: str | Promise
    rows: Sequence[Waiting]
    count: int

    @property
    def more(self) -> int:
        """How many are not listed."""
        return self.count - len(self.rows)


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Let the source into the inbox."""
    if type(_sources.get(source.key, source)) is not type(source):
        raise ValueError(f"{source.key} is already another source")
    _sources[source.key] = source


def count(user: User, at_most: int) -> int:
    """How many things wait in all sources together."""
    return sum(source.count(user, at_most) for source in _sources.values() if source.is_for(user))


def listings(user: User, at_most: int = 25) -> list[Listing]:
    """What waits, source by source; sources with nothing are left out."""
    found = []
    for source in _sources.values():
        if not source.is_for(user):
            continue
        rows = source.rows(user, at_most)
        if rows:
            total = len(rows) if len(rows) < at_most else source.count(user, 1_000)
            found.append(Listing(source.key, source.name, rows, total))
    return found
