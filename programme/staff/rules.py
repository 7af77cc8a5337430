"""How far someone has come in a course, and what is missing: pure functions over frozen values.

A learning unit counts once, however many occasions taught it. The hours of the
plan are the counted minutes of every occasion. Whether a course is completed is said by
the rule of the day (T6); nothing here knows the clock, the database or a setting.
"""

import datetime
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """A learning unit of the course, with its net minutes by the template."""

    id: int
    number: int
    title: str
    minutes: int
    must_have: bool = False


@dataclass(frozen=True)
class Attended:
    """Minutes counted at one occasion, of those that were planned for it."""

    day: datetime.date
    minutes: int
    planned_minutes: int
    unit_id: int | None = None
    # Whether they belong to the 26 or 18 hours of the plan.
    in_plan: bool = True


@dataclass(frozen=True)
class Booked:
    """A coming occasion that the person is expected at and has not said no to."""

    day: datetime.date
    minutes: int
    unit_id: int | None = None
    in_plan: bool = True


@dataclass(frozen=True)
class Rule:
    """When the course is completed: so many units, so much of the time, every needed unit."""

    least_units: int
    least_percent: int
    # How much of an occasion's net time reaches its unit, per cent.
    reached_percent: int = 50


class Kind(enum.Enum):
    """What kind of thing is missing."""

    NEEDED = "needed"
    UNITS = "units"
    TIME = "time"


@dataclass(frozen=True)
class Lack:
    """One thing that is missing before the course is completed."""

    kind: Kind
    # Learning units still to reach, or minutes still to attend.
    number: int
    units: tuple[Unit, ...] = ()


class Standing(enum.Enum):
    """Where one learning unit stands for one person."""

    REACHED = "reached"
    BOOKED = "booked"
    # Its occasion is not planned yet: nothing that the person could have missed.
    UNPLANNED = "unplanned"
    MISSED = "missed"


@dataclass(frozen=True)
class UnitLine:
    """One learning unit with its standing; the day it was reached, or is booked for."""

    unit: Unit
    standing: Standing
    minutes: int
    day: datetime.date | None = None
    # Of the occasion that reached it, minutes that were planned and not attended.
    short: int = 0


@dataclass(frozen=True)
class Progress:
    """How far one participation has come."""

    lines: tuple[UnitLine, ...]
    # Of the plan: counted so far, with what is booked, and planned.
    minutes: int
    forecast_minutes: int
    planned_minutes: int
    started_on: datetime.date | None
    completed_on: datetime.date | None
    # Empty when completed, or when no rule has been decided.
    lacks: tuple[Lack, ...]
    at_risk: bool

    @property
    def reached(self) -> int:
        """Learning units reached so far."""
        return sum(line.standing is Standing.REACHED for line in self.lines)

    @property
    def repairable(self) -> tuple[Unit, ...]:
        """Units that another occasion would help with: those missed, or time alone that is short.

        Attending a unit anew replaces the earlier attendance by the better one, so only a unit
        that was not attended in full can give time that is missing.
        """
        time = any(lack.kind is Kind.TIME for lack in self.lacks)
        return tuple(
            line.unit
            for line in self.lines
            if line.standing is Standing.MISSED
            or (time and line.standing is Standing.REACHED and line.short > 0)
        )


def net_minutes(minutes: int, breaks: Iterable[Sequence[int]]) -> int:
    """An occasion's length without its breaks, which may touch or overlap.

    :param breaks: pairs of minutes after the start.
    """
    taken = 0
    until = 0
    for start, end in sorted((max(0, b[0]), min(minutes, b[1])) for b in breaks):
        start = max(start, until)
        if end > start:
            taken += end - start
            until = end
    return minutes - taken


def lacks(units: Sequence[Unit], attended: Sequence[Attended], rule: Rule) -> tuple[Lack, ...]:
    """What is missing by the rule; nothing when the course is completed.

    Time is the best attendance of each unit against what that occasion was planned for,
    so that one unit attended twice does not make up for another. Units not attended
    weigh what the template says.
    """
    best = _best(units, attended)
    left = [unit for unit in units if not _reaches(best.get(unit.id), rule)]
    found = []
    needed = tuple(unit for unit in left if unit.must_have)
    if needed:
        found.append(Lack(Kind.NEEDED, len(needed), needed))
    short = min(rule.least_units, len(units)) - (len(units) - len(left))
    if short > len(needed):
        rest = tuple(unit for unit in left if not unit.must_have)
        found.append(Lack(Kind.UNITS, short - len(needed), rest))
    time = _time_missing(units, best, rule)
    # Time that the missing units bring anyway is not said twice.
    if time > 0 and not found:
        found.append(Lack(Kind.TIME, time))
    return tuple(found)


def _best(units: Sequence[Unit], attended: Sequence[Attended]) -> dict[int, Attended]:
    """The best attendance of each unit, by its share of the occasion."""
    known = {unit.id for unit in units}
    best: dict[int, Attended] = {}
    for each in attended:
        if each.unit_id not in known or each.minutes <= 0:
            continue
        before = best.get(each.unit_id)
        if before is None or _share(each) > _share(before):
            best[each.unit_id] = each
    return best


def _share(each: Attended) -> tuple[float, int]:
    return each.minutes / max(1, each.planned_minutes), each.minutes


def _reaches(each: Attended | None, rule: Rule) -> bool:
    return each is not None and each.minutes * 100 >= each.planned_minutes * rule.reached_percent


def _time_missing(units: Sequence[Unit], best: dict[int, Attended], rule: Rule) -> int:
    """Minutes missing to the share of the time that the rule asks for, rounded up."""
    planned = sum(best[u.id].planned_minutes if u.id in best else u.minutes for u in units)
    needed = -(-planned * rule.least_percent // 100)
    return max(0, needed - sum(each.minutes for each in best.values()))


def completed_on(
    units: Sequence[Unit], attended: Sequence[Attended], rule: Rule | None
) -> datetime.date | None:
    """The day on which the rule was first met; nothing when it is not, or there is no rule."""
    if rule is None or not units or lacks(units, attended, rule):
        return None
    for day in sorted({each.day for each in attended}):
        if not lacks(units, [each for each in attended if each.day <= day], rule):
            return day
    return None


def progress(
    *,
    units: Sequence[Unit],
    attended: Sequence[Attended],
    booked: Sequence[Booked],
    planned_units: frozenset[int],
    rule: Rule | None,
    planned_minutes: int,
) -> Progress:
    """Everything a page says of one participation.

    :param planned_units: units that the person's group has, or has had, an occasion for.
    :param planned_minutes: what the plan says for the category: 26 or 18 hours in minutes.
    """
    reaching = rule or Rule(0, 0)
    best = _best(units, attended)
    lines = tuple(_line(unit, best, booked, planned_units, reaching) for unit in units)
    minutes = sum(each.minutes for each in attended if each.in_plan)
    done = completed_on(units, attended, rule)
    return Progress(
        lines=lines,
        minutes=minutes,
        forecast_minutes=minutes + sum(each.minutes for each in booked if each.in_plan),
        planned_minutes=planned_minutes,
        started_on=min((each.day for each in attended if each.minutes > 0), default=None),
        completed_on=done,
        lacks=lacks(units, attended, rule) if rule and not done else (),
        at_risk=done is None and rule is not None and _at_risk(lines, attended, booked, rule),
    )


def _line(
    unit: Unit,
    best: dict[int, Attended],
    booked: Sequence[Booked],
    planned_units: frozenset[int],
    rule: Rule,
) -> UnitLine:
    each = best.get(unit.id)
    minutes = each.minutes if each else 0
    if each and _reaches(each, rule):
        short = max(0, each.planned_minutes - each.minutes)
        return UnitLine(unit, Standing.REACHED, minutes, each.day, short)
    days = [coming.day for coming in booked if coming.unit_id == unit.id]
    if days:
        return UnitLine(unit, Standing.BOOKED, minutes, min(days))
    standing = Standing.MISSED if unit.id in planned_units else Standing.UNPLANNED
    return UnitLine(unit, standing, minutes)


def _at_risk(
    lines: Sequence[UnitLine],
    attended: Sequence[Attended],
    booked: Sequence[Booked],
    rule: Rule,
) -> bool:
    """Whether the rule is not met even if the person comes to everything that is left."""
    units = [line.unit for line in lines]
    coming = [Attended(b.day, b.minutes, b.minutes, b.unit_id) for b in booked]
    unplanned = [
        Attended(datetime.date.max, line.unit.minutes, line.unit.minutes, line.unit.id)
        for line in lines
        if line.standing is Standing.UNPLANNED
    ]
    return bool(lacks(units, [*attended, *coming, *unplanned], rule))
