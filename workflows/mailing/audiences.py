"""Who a message to many reaches: rules by name, which rooms above register.

This room knows neither occasions nor months. It asks an audience who belongs to it
now, and tells each reader why they were chosen.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from workflows.mailing.kinds import Placeholder

if TYPE_CHECKING:
    from people.models import User

Text = str | Promise


@dataclass(frozen=True)
class Reader:
    """One person with an account, and what the placeholders stand for to them."""

    user_id: int
    # As the one who looks at the preview may know them.
    name: str
    address: str
    first_name: str
    values: Mapping[str, str] = field(default_factory=dict)
    link: str = ""


@dataclass(frozen=True)
class Moment:
    """Something dated that rules by the clock are about."""

    key: str
    kind: str
    begins: datetime.datetime
    ends: datetime.datetime


@dataclass(frozen=True)
class Audience:
    """A rule that chooses readers.

    :ivar why: the reason in a sentence to the reader, about ``%(subject)s`` where there is one.
    :ivar subjects: what the viewer may write about, as key and words; none when the audience
        is about nothing in particular.
    :ivar readers: who belongs now; names as the viewer may know them.
    :ivar dated: whether rules by the clock may use it; then its subjects are moments' keys.
    """

    key: str
    name: Text
    why: Text
    readers: Callable[[str, User | None], Sequence[Reader]]
    subjects: Callable[[User], Sequence[tuple[str, str]]] | None = None
    placeholders: Mapping[str, Placeholder] = field(default_factory=dict)
    dated: bool = False


@dataclass(frozen=True)
class Clock:
    """Where dated things are found, for rules by the clock."""

    kinds: Callable[[], Sequence[tuple[str, Text]]]
    between: Callable[[datetime.datetime, datetime.datetime, Sequence[str]], Sequence[Moment]]


_audiences: dict[str, Audience] = {}
_clocks: list[Clock] = []


def register(*audiences: Audience) -> None:
    """Add audiences, from the ``ready`` of the room that knows them.

    :raises ValueError: when a key is taken by another audience.
    """
    for audience in audiences:
        if _audiences.get(audience.key, audience) != audience:
            raise ValueError(f"{audience.key} is registered already")
        _audiences[audience.key] = audience


def register_clock(clock: Clock) -> None:
    """Tell where dated things are found."""
    _clocks[:] = [clock]


def clock() -> Clock | None:
    """Where dated things are found, when a room has told."""
    return _clocks[0] if _clocks else None


def audience_named(key: str) -> Audience | None:
    """The audience with the key."""
    return _audiences.get(key)


def all_audiences(*, dated: bool = False) -> list[Audience]:
    """Every audience, or those that rules by the clock may use."""
    return [one for one in _audiences.values() if one.dated or not dated]
