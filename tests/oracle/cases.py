"""Days of attendance drawn at random, with what goes wrong in them more often than in life."""

import dataclasses
import datetime
import random
from zoneinfo import ZoneInfo

from programme.hours.rules import Presence, Rules

STOCKHOLM = ZoneInfo("Europe/Stockholm")
# An ordinary day, both nights when the clocks change, and a year's last night.
DAYS = (
    datetime.datetime(2026, 3, 2, 8, 30, tzinfo=STOCKHOLM),
    datetime.datetime(2026, 3, 28, 23, 30, tzinfo=STOCKHOLM),
    datetime.datetime(2026, 3, 29, 1, 15, tzinfo=STOCKHOLM),
    datetime.datetime(2026, 10, 25, 0, 45, tzinfo=STOCKHOLM),
    datetime.datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=STOCKHOLM),
    datetime.datetime(2026, 12, 31, 22, 0, tzinfo=STOCKHOLM),
)


def rules_from(draw: random.Random) -> Rules:
    """A rule set; every rule is off in most of them."""
    return Rules(
        id=1,
        breaks_count=draw.random() < 0.3,
        late_minutes_forgiven=draw.choice((0, 0, 5, 15)),
        gap_minutes_forgiven=draw.choice((0, 0, 3, 10)),
        mark_counts_whole=draw.random() < 0.7,
        open_end_counts=draw.random() < 0.4,
        rounding=draw.choice(("none", "none", "down", "nearest")),
        rounding_minutes=draw.choice((1, 5, 15, 30, 60)),
        most_minutes_a_day=draw.choice((600, 600, 240, 90)),
    )


def presence_from(draw: random.Random, occasion: int, base: int, grain: int = 60) -> Presence:
    """One occasion near the base with times present around it.

    :param grain: seconds that every time is a multiple of.
    """
    starts = base + draw.randrange(0, 180) * grain
    length = draw.randrange(20, 300)
    ends = starts + length * grain
    return Presence(
        occasion=occasion,
        starts=starts,
        ends=ends,
        breaks=tuple(_breaks(draw, length, grain)),
        cancelled=draw.random() < 0.03,
        mark=draw.choice(("", "present", "present", "present", "absent", "excused")),
        segments=tuple(_segments(draw, starts, length, grain)),
        participation=draw.choice((None, 7)),
    )


def _breaks(draw: random.Random, length: int, grain: int) -> list[tuple[int, int]]:
    if draw.random() < 0.4:
        return []
    edges = sorted(draw.sample(range(length + 1), draw.choice((2, 2, 4))))
    return [(a * grain, b * grain) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]


def _segments(
    draw: random.Random, starts: int, length: int, grain: int
) -> list[tuple[int, int | None]]:
    """Reconnects, two devices at once, early and late arrivals, and doors left open."""
    found: list[tuple[int, int | None]] = []
    for _ in range(draw.choice((0, 1, 1, 1, 2, 3, 5))):
        came = draw.randrange(-25, length + 5)
        left = came + draw.randrange(0, length + 30)
        found.append((starts + came * grain, starts + left * grain))
    if found and draw.random() < 0.5:
        # A lost connection: back a few minutes after the first time ended.
        came = (found[0][1] or starts) + draw.randrange(0, 12) * grain
        found.append((came, came + draw.randrange(1, length) * grain))
    if draw.random() < 0.15:
        found.append((starts + draw.randrange(-10, length) * grain, None))
    return found


def day_from(draw: random.Random, grain: int = 60) -> list[tuple[Rules, Presence]]:
    """One to three occasions of a day, overlapping more often than not."""
    base = int(draw.choice(DAYS).timestamp())
    rules = rules_from(draw)
    other = dataclasses.replace(rules_from(draw), id=2)
    return [
        (other if draw.random() < 0.1 else rules, presence_from(draw, number, base, grain))
        for number in range(1, draw.choice((1, 1, 2, 3)) + 1)
    ]
