"""What was watched, and when: pure, in whole milliseconds, sets and never the farthest point.

A part of the recording counts once, however often it is played; what is skipped is not
watched. Every moment of the server's clock is claimed once, so that two devices at the same
time give no more than one, and no more can have been watched than time has passed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from programme.hours.intervals import Interval, common, measure, union, without

# Per cent of ordinary speed. Outside these nobody follows a lecture, and the player offers none.
SLOWEST, FASTEST = 50, 200
# Two times this near each other are one: beacons arrive with the small delays of a network.
JOINED = 2_000


@dataclass(frozen=True)
class Watched:
    """One person's viewing of one recording so far.

    :param parts: of the recording, watched at least once.
    :param times: of the clock, when a part was watched for the first time.
    """

    parts: tuple[Interval, ...] = ()
    times: tuple[Interval, ...] = ()
    fastest: int = 100


@dataclass(frozen=True)
class Claim:
    """What a beacon says: this part has just been played, at this speed in per cent."""

    begin: int
    end: int
    speed: int = 100


@dataclass(frozen=True)
class Accepted:
    """The viewing afterwards, and the moments of the clock that the claim used up."""

    watched: Watched
    used: tuple[Interval, ...]

    @property
    def anything(self) -> bool:
        """Whether any of the claim was believed."""
        return bool(self.used)


def accept(
    watched: Watched, claim: Claim, *, length: int, opened: int, now: int, taken: Iterable[Interval]
) -> Accepted:
    """Believe as much of the claim as there are free moments to have watched it in.

    The latest free moments are used first, and the end of the part is cut when they are too few.

    :param length: of the recording.
    :param opened: the first moment that can be claimed: when the page was opened, or so
        far back as a late beacon is still believed.
    :param taken: moments that this person has claimed already, of this recording or another.
    """
    speed = min(max(claim.speed, SLOWEST), FASTEST)
    begin, end = max(claim.begin, 0), min(claim.end, length)
    if end <= begin or now <= opened:
        return Accepted(watched, ())
    used = _latest(without([(opened, now)], union(taken)), _clock(end - begin, speed))
    end = min(end, begin + measure(used) * speed // 100)
    fresh = without([(begin, end)], list(watched.parts)) if end > begin else []
    return Accepted(
        replace(
            watched,
            parts=tuple(union([*watched.parts, (begin, end)])),
            times=tuple(union([*watched.times, *_latest(used, _clock(measure(fresh), speed))])),
            fastest=max(watched.fastest, speed) if end > begin else watched.fastest,
        ),
        tuple(used),
    )


def _clock(played: int, speed: int) -> int:
    """How long it takes to play so much, rounded up so that nothing is given away."""
    return -(-played * 100 // speed)


def _latest(intervals: list[Interval], wanted: int) -> list[Interval]:
    """So much of the end of the intervals; all of them when they are too few."""
    found: list[Interval] = []
    for begin, end in reversed(intervals):
        if wanted <= 0:
            break
        begin = max(begin, end - wanted)
        wanted -= end - begin
        found.append((begin, end))
    return found[::-1]


def share_needed(length: int, percent: int) -> int:
    """How much of the recording must be watched, rounded up."""
    return -(-length * percent // 100)


def is_reached(watched: Watched, length: int, percent: int) -> bool:
    """Whether enough different parts have been watched."""
    return measure(watched.parts) >= share_needed(length, percent)


def missing_parts(watched: Watched, length: int, shortest: int = JOINED) -> list[Interval]:
    """What is not watched yet, without slivers that nobody could see."""
    left = without([(0, length)], list(watched.parts))
    return [(begin, end) for begin, end in left if end - begin >= shortest]


def as_seconds(times: Iterable[Interval]) -> list[Interval]:
    """The times in whole seconds for the engine of hours; near ones are joined."""
    joined: list[Interval] = []
    for begin, end in union(times):
        if joined and begin - joined[-1][1] <= JOINED:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    seconds = ((begin // 1000, end // 1000) for begin, end in joined)
    return union((begin, end) for begin, end in seconds if end > begin)


def uncounted(times: Iterable[Interval], counted: Iterable[Interval]) -> list[Interval]:
    """Seconds watched that no standing segment holds; slivers between segments are left."""
    left = without(as_seconds(times), union(counted))
    return [(begin, end) for begin, end in left if (end - begin) * 1000 > JOINED]


def recent(intervals: Iterable[Interval], since: int) -> list[Interval]:
    """What can still collide with a claim."""
    return [(max(a, since), b) for a, b in union(intervals) if b > since]


def overlap(left: Iterable[Interval], right: Iterable[Interval]) -> int:
    """Milliseconds in both."""
    return measure(common(union(left), union(right)))
