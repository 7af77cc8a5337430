"""From times present to minutes: pure, in whole seconds of UTC, every step explained.

Times are half-open: who leaves at 10.00 and comes back at 10.00 was never away. What is
counted of one occasion is never more than its planned net time.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from programme.hours.intervals import (
    Interval,
    common,
    gaps_between,
    measure,
    union,
    without,
)

#: Marks as `Attendance.Mark` stores them.
UNMARKED, PRESENT, ABSENT, EXCUSED = "", "present", "absent", "excused"
NONE, DOWN, NEAREST = "none", "down", "nearest"


@dataclass(frozen=True)
class Rules:
    """One dated rule set; times in minutes."""

    id: int
    breaks_count: bool = False
    late_minutes_forgiven: int = 0
    gap_minutes_forgiven: int = 0
    mark_counts_whole: bool = True
    open_end_counts: bool = False
    rounding: str = NONE
    rounding_minutes: int = 15
    month_rounding: str = NONE
    month_rounding_minutes: int = 60
    most_minutes_a_day: int = 600


class Presence(NamedTuple):
    """What is known of one person at one occasion.

    :param starts: and `ends`, seconds of UTC.
    :param breaks: seconds after the start, from and to.
    :param segments: in and out in seconds of UTC; no out while nobody has checked out.
    :param most: minutes of a recording, which give way to what has a time of its own.
    :param once: the learning unit, when its hours count once however it is reached.
    """

    occasion: int
    starts: int
    ends: int
    breaks: tuple[Interval, ...] = ()
    cancelled: bool = False
    mark: str = UNMARKED
    segments: tuple[tuple[int, int | None], ...] = ()
    participation: int | None = None
    most: int | None = None
    once: int | None = None

    def __repr__(self) -> str:
        """A part of what digests are made of, so it never changes its form.

        Without `most` and `once`: what was counted before they existed stands.
        """
        return (
            f"Presence(occasion={self.occasion!r}, starts={self.starts!r}, ends={self.ends!r},"
            f" breaks={self.breaks!r}, cancelled={self.cancelled!r}, mark={self.mark!r},"
            f" segments={self.segments!r}, participation={self.participation!r})"
        )


@dataclass(frozen=True)
class Step:
    """One step of the explanation: whole minutes before and after it."""

    code: str
    before: int
    after: int
    detail: dict[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """The step as it is stored."""
        return {"step": self.code, "before": self.before, "after": self.after, **self.detail}


class Steps(tuple[Step, ...]):
    """The explanation in order; one for all whose minutes are explained by the same steps."""

    @cached_property
    def as_json(self) -> str:
        """The explanation as it is stored."""
        return json.dumps([step.as_data() for step in self])


class Counted(NamedTuple):
    """The minutes of one occasion, why, and a digest of all that went in."""

    presence: Presence
    rules: int
    minutes: int
    planned_minutes: int
    steps: Steps
    digest: str


def instant(moment: datetime.datetime) -> int:
    """The moment as whole seconds of UTC.

    :raises ValueError: for a moment without a time zone, which could be any of 24 hours.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return int(moment.timestamp() // 1)


def text_of(second: int) -> str:
    """The second of UTC as text, such as 2026-03-02T08:00:00Z."""
    return datetime.datetime.fromtimestamp(second, datetime.UTC).isoformat()[:19] + "Z"


def rounded(minutes: int, how: str, to: int) -> int:
    """Minutes rounded to a multiple; half goes up."""
    if how == DOWN:
        return minutes // to * to
    if how == NEAREST:
        return (2 * minutes + to) // (2 * to) * to
    return minutes


def hours_hundredths(minutes: int, rules: Rules) -> int:
    """The month's minutes as reported hours, in hundredths, after the month's rounding."""
    whole = rounded(minutes, rules.month_rounding, rules.month_rounding_minutes)
    return (whole * 200 + 60) // 120


def planned_time(presence: Presence, rules: Rules) -> list[Interval]:
    """The time that can be counted: the occasion without its breaks, unless breaks count."""
    if presence.cancelled:
        return []
    whole = [(presence.starts, presence.ends)]
    if rules.breaks_count or not presence.breaks:
        return whole
    start = presence.starts
    return without(whole, union((start + a, start + b) for a, b in presence.breaks))


def tied_days(
    days: Iterable[datetime.date], units: Iterable[int], met: Iterable[tuple[datetime.date, int]]
) -> set[datetime.date]:
    """The days, and those that share a unit that counts once with one of them, and so on.

    :param units: units that bring their days in any case.
    :param met: on which days which such units were met.
    """
    found, wanted, rows = set(days), set(units), list(met)
    while True:
        wanted |= {unit for day, unit in rows if day in found}
        more = {day for day, unit in rows if unit in wanted}
        if more <= found:
            return found
        found |= more


def count_day(
    day: Iterable[tuple[Rules, Presence]], reached: dict[int, int] | None = None
) -> list[Counted]:
    """Count one person's day: in order of start, no minute twice, no more than a day holds.

    Each occasion is counted by its own rule set; two programmes may meet in one day.

    :param reached: minutes counted on earlier days of units that count once; what this
        day adds is added to it.
    """
    reached = {} if reached is None else reached
    owned: list[tuple[Interval, int]] = []
    used = 0
    results = []
    for rules, presence in sorted(day, key=_in_order):
        attended = _attended(rules, _bare(presence))
        steps: list[Step] = []
        own = without(attended.time, [span for span, _id in owned]) if owned else attended.time
        if own != attended.time:
            others = sorted({id for span, id in owned if common([span], attended.time)})
            overlapped = Step("overlap", _min(attended.time), _min(own), {"occasions": others})
            steps.append(overlapped)
        already = reached.get(presence.once, 0) if presence.once is not None else 0
        left = max(rules.most_minutes_a_day - used, 0)
        counted = _closed(rules, presence, attended, own, steps, left, already)
        used += counted.minutes
        if presence.once is not None:
            reached[presence.once] = already + counted.minutes
        owned = sorted([*owned, *((span, presence.occasion) for span in own)])
        results.append(counted)
    return results


def _in_order(one: tuple[Rules, Presence]) -> tuple[bool, int, int, int]:
    return one[1].most is not None, one[1].starts, one[1].ends, one[1].occasion


def _min(time: Iterable[Interval]) -> int:
    return measure(time) // 60


class _Attended(NamedTuple):
    """What one person was there for, before other occasions; never changed, since it is shared."""

    time: list[Interval]
    steps: Steps
    # Whole minutes that can be counted at most.
    planned: int


def _bare(presence: Presence) -> Presence:
    """The presence without whose it is, so that everybody marked alike is worked out once."""
    return presence if presence.participation is None else presence._replace(participation=None)


@lru_cache(maxsize=4096)
def _attended(rules: Rules, presence: Presence) -> _Attended:
    """The time within the plan that the person counts as present, and the steps to it."""
    net = planned_time(presence, rules)
    time, steps = _present(rules, presence, net)
    planned = _min(net) if presence.most is None else min(_min(net), presence.most)
    return _Attended(time, Steps(steps), planned)


def _present(
    rules: Rules, presence: Presence, net: list[Interval]
) -> tuple[list[Interval], list[Step]]:
    if presence.cancelled:
        return [], [Step("cancelled", 0, 0)]
    if presence.mark in (ABSENT, EXCUSED):
        return [], [Step(presence.mark, _raw(presence.segments), 0)]
    if not presence.segments:
        return _marked(rules, presence.mark, net)
    steps: list[Step] = []
    time = _within(rules, presence, steps)
    time = _forgiven(rules, presence, time, net, steps)
    inside = time if rules.breaks_count or not presence.breaks else common(time, net)
    if inside != time:
        steps.append(Step("breaks", _min(time), _min(inside)))
    return inside, steps


def _raw(segments: Iterable[tuple[int, int | None]]) -> int:
    return sum(end - begin for begin, end in segments if end is not None) // 60


def _marked(rules: Rules, mark: str, net: list[Interval]) -> tuple[list[Interval], list[Step]]:
    if mark != PRESENT:
        return [], [Step("unmarked", 0, 0)]
    if not rules.mark_counts_whole:
        return [], [Step("mark_without_times", 0, 0)]
    return net, [Step("whole", 0, _min(net))]


def _within(rules: Rules, presence: Presence, steps: list[Step]) -> list[Interval]:
    """The union of the times present, clipped to the occasion."""
    segments = sorted(presence.segments, key=lambda one: (one[0], one[1] or presence.ends))
    shown = [[text_of(a), None if b is None else text_of(b)] for a, b in segments]
    before = _raw(segments)
    steps.append(Step("times", 0, before, {"times": shown}))
    closed = [(a, b) for a, b in segments if b is not None]
    if len(closed) < len(segments):
        if rules.open_end_counts:
            until = presence.ends
            closed = [(a, max(a, until) if b is None else b) for a, b in segments]
        after = sum(b - a for a, b in closed) // 60
        steps.append(Step("open_end", before, after, {"counts": rules.open_end_counts}))
    merged = union(closed)
    total = sum(b - a for a, b in closed)
    if measure(merged) != total:
        steps.append(Step("union", total // 60, _min(merged)))
    clipped = common(merged, [(presence.starts, presence.ends)])
    if clipped != merged:
        steps.append(Step("clip", _min(merged), _min(clipped)))
    return clipped


def _forgiven(
    rules: Rules,
    presence: Presence,
    time: list[Interval],
    net: list[Interval],
    steps: list[Step],
) -> list[Interval]:
    """Small lateness and short gaps filled; what lies in a break is no absence."""
    if not time:
        return time
    late = rules.late_minutes_forgiven * 60
    ends = [(presence.starts, time[0][0]), (time[-1][1], presence.ends)]
    extra = [span for span in ends if 0 < measure(common([span], net)) <= late]
    if extra:
        before, time = time, union([*time, *extra])
        steps.append(Step("late", _min(before), _min(time)))
    most = rules.gap_minutes_forgiven * 60
    short = [gap for gap in gaps_between(time) if 0 < measure(common([gap], net)) <= most]
    if short:
        before, time = time, union([*time, *short])
        steps.append(Step("gaps", _min(before), _min(time), {"gaps": len(short)}))
    return time


def _closed(
    rules: Rules,
    presence: Presence,
    attended: _Attended,
    own: list[Interval],
    steps: list[Step],
    left: int,
    already: int,
) -> Counted:
    """Rounded, kept within the plan and the day, with the digest of what went in.

    :param steps: those that follow the steps to what was attended.
    """
    planned = attended.planned
    there = _min(own)
    exact = min(there, planned)
    if exact < there:
        steps.append(Step("length", there, exact))
    minutes = min(rounded(exact, rules.rounding, rules.rounding_minutes), planned)
    if minutes != exact:
        steps.append(Step("rounding", exact, minutes, {"to": rules.rounding_minutes}))
    if minutes > left:
        steps.append(Step("day_cap", minutes, left, {"most": rules.most_minutes_a_day}))
        minutes = left
    if already and minutes > (fresh := max(planned - already, 0)):
        steps.append(Step("once", minutes, fresh, {"already": already}))
        minutes = fresh
    digest = _digest(rules, presence, own, minutes)
    explained = Steps((*attended.steps, *steps)) if steps else attended.steps
    return Counted(presence, rules.id, minutes, planned, explained, digest)


def _digest(rules: Rules, presence: Presence, own: list[Interval], minutes: int) -> str:
    """Of the text of a tuple of all that went in; that text never changes its form."""
    most = "" if presence.most is None else f", {presence.most!r}"
    text = f"({_text_of(rules)}, {presence!r}, {own!r}, {minutes!r}{most})"
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=64)
def _text_of(rules: Rules) -> str:
    return repr(rules)
