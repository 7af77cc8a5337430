"""Pure decisions of procurements: no database, no clock, no settings."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto


@dataclass(frozen=True)
class Over:
    """A limit that a sum would pass."""

    limit_of: str
    limit: int
    total: int


def passed_limit(
    *, amount: int, called_off: int, ceiling: int, on_line: int, line: int
) -> Over | None:
    """The first limit that the amount would pass: the contract's, then the budget line's.

    :param called_off: what the contract has already; ``on_line`` all contracts of the line.
    """
    if called_off + amount > ceiling:
        return Over("contract", ceiling, called_off + amount)
    if on_line + amount > line:
        return Over("line", line, on_line + amount)
    return None


class Step(Enum):
    """What somebody who wants to open tenders may do."""

    TOO_EARLY = auto()
    NOT_NAMED = auto()
    BEGIN = auto()
    JOIN = auto()
    WAIT = auto()
    OPEN = auto()


def opening_step(
    *,
    now: datetime.datetime,
    sealed_until: datetime.datetime,
    actor: int,
    named: Collection[int],
    begun_by: int | None,
    begun_at: datetime.datetime | None,
    minutes: int,
    opened: bool,
) -> Step:
    """Two named people, after the last moment, within minutes of each other."""
    if opened:
        return Step.OPEN
    if now < sealed_until:
        return Step.TOO_EARLY
    if len(set(named)) != 2 or actor not in named:
        return Step.NOT_NAMED
    waiting = (
        begun_by in named
        and begun_at is not None
        and now - begun_at <= datetime.timedelta(minutes=minutes)
    )
    if not waiting:
        return Step.BEGIN
    return Step.WAIT if begun_by == actor else Step.JOIN


def standstill_ends(decided_on: datetime.date, days: int) -> datetime.date:
    """The last day on which no contract may be signed (LOU 20 kap.)."""
    return decided_on + datetime.timedelta(days=days)


def weights_add_up(weights: Collection[int]) -> bool:
    """Award criteria share a whole."""
    return not weights or sum(weights) == 100


def needs_documentation(*, direct: bool, value: int, limit: int) -> bool:
    """Whether a direct award is large enough that its reasons must be written down."""
    return direct and value > limit


def above_direct_limit(*, direct: bool, value: int, limit: int) -> bool:
    """Whether the value is more than what is awarded directly; the choice is the city's."""
    return direct and value > limit
