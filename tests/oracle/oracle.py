"""Hours counted second by second, from the documented rules alone.

Written from the words of `programme.models.HourRules` and of docs/hours.md, not from the
engine: a time is the set of its seconds, and every rule adds seconds to a set or
takes them away. Slow, plain and hard to get wrong.
"""

from collections.abc import Iterable, Sequence

from programme.hours.rules import Presence, Rules

Seconds = set[int]


def minutes_of_day(day: Iterable[tuple[Rules, Presence]]) -> dict[int, tuple[int, int]]:
    """Counted and planned minutes of one person's occasions of one day, by occasion.

    No second is counted twice: the occasion that starts first has it, and of two that
    start together the one that ends first.
    """
    counted: dict[int, tuple[int, int]] = {}
    given: Seconds = set()
    spent = 0
    for rules, presence in sorted(day, key=lambda one: _order(one[1])):
        plan = planned(rules, presence)
        theirs = attended(rules, presence, plan) - given
        given |= theirs
        minutes = min(rounded(len(theirs) // 60, rules), len(plan) // 60)
        minutes = min(minutes, max(0, rules.most_minutes_a_day - spent))
        spent += minutes
        counted[presence.occasion] = (minutes, len(plan) // 60)
    return counted


def _order(presence: Presence) -> tuple[int, int, int]:
    return presence.starts, presence.ends, presence.occasion


def planned(rules: Rules, presence: Presence) -> Seconds:
    """The seconds of the occasion that can be counted."""
    if presence.cancelled:
        return set()
    seconds = set(range(presence.starts, presence.ends))
    if not rules.breaks_count:
        for since, until in presence.breaks:
            seconds -= set(range(presence.starts + since, presence.starts + until))
    return seconds


def attended(rules: Rules, presence: Presence, plan: Seconds) -> Seconds:
    """The seconds of the plan that the person was there."""
    if presence.mark in ("absent", "excused"):
        return set()
    if not presence.segments:
        whole = presence.mark == "present" and rules.mark_counts_whole
        return set(plan) if whole else set()
    there = inside(rules, presence)
    if not there:
        return set()
    for missing in stretches_between(there, presence.starts, presence.ends):
        # A break that lies in it deducts nothing, so it does not make the absence longer.
        deducted = len(plan & set(missing))
        at_an_edge = missing[0] == presence.starts or missing[-1] == presence.ends - 1
        forgiven = rules.late_minutes_forgiven if at_an_edge else rules.gap_minutes_forgiven
        if deducted <= forgiven * 60:
            there |= set(missing)
    return there & plan


def inside(rules: Rules, presence: Presence) -> Seconds:
    """The seconds of the occasion, breaks too, that lie in one of the times present."""
    there: Seconds = set()
    for came, left in presence.segments:
        if left is None:
            left = presence.ends if rules.open_end_counts else came
        there |= set(range(max(came, presence.starts), min(left, presence.ends)))
    return there


def stretches_between(there: Seconds, start: int, end: int) -> list[Sequence[int]]:
    """The unbroken stretches of the occasion in which nobody was there."""
    found: list[Sequence[int]] = []
    begun: int | None = None
    for second in range(start, end + 1):
        away = second < end and second not in there
        if away and begun is None:
            begun = second
        elif not away and begun is not None:
            found.append(range(begun, second))
            begun = None
    return found


def rounded(minutes: int, rules: Rules) -> int:
    """The minutes of one occasion after its rounding; half goes up."""
    if rules.rounding == "none":
        return minutes
    steps, rest = divmod(minutes, rules.rounding_minutes)
    if rules.rounding == "nearest" and 2 * rest >= rules.rounding_minutes:
        steps += 1
    return steps * rules.rounding_minutes
