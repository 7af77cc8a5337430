"""What happens in the story: groups, days and everyone's attendance, drawn from a seed.

Pure: no database, no clock, no settings. The same seed draws the same story
whatever day it is told, so a later day only adds to it.
"""

import datetime
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.workdays import add_working_days, is_working_day

STARTS = datetime.date(2026, 1, 1)
ENDS = datetime.date(2027, 6, 30)
SERIES, MANAGERS = "serie", "chefsutbildning"
GROUP_SIZE = 20
GROUP_WORDS = {SERIES: "Seriegrupp", MANAGERS: "Chefsgrupp"}
# Managers first: the first four of their groups go before or beside the first wave.
MANAGER_STARTS = (
    datetime.date(2026, 1, 20),
    datetime.date(2026, 2, 3),
    datetime.date(2026, 2, 17),
    datetime.date(2026, 3, 3),
    datetime.date(2026, 8, 18),
    datetime.date(2026, 9, 1),
    datetime.date(2026, 9, 15),
)
# Groups of the series in each wave: how many, the first one's first day, days between occasions.
WAVES = (
    (5, datetime.date(2026, 2, 23), 42),
    (27, datetime.date(2026, 8, 24), 42),
    (18, datetime.date(2027, 1, 11), 28),
)
MANAGER_GAP = 28
# When each wave's districts nominate: managers go first, so the windows overlap.
WINDOWS = {
    1: (datetime.date(2025, 11, 3), datetime.date(2025, 12, 19)),
    2: (datetime.date(2025, 12, 8), datetime.date(2026, 5, 29)),
    3: (datetime.date(2026, 6, 1), datetime.date(2026, 12, 4)),
}
# How long before the group's first day its members have accepted their places.
ADMITTED_DAYS_BEFORE = {SERIES: 42, MANAGERS: 21}
# The number of occasions each course plans.
OCCASIONS = {SERIES: 6, MANAGERS: 4}
LENGTHS = {SERIES: 300, MANAGERS: 315}
SUMMER = (datetime.date(2026, 6, 29), datetime.date(2026, 8, 9))

LEFT_BECAUSE = (
    "Har bytt arbete till en annan förvaltning.",
    "Föräldraledig från och med nästa månad.",
    "Kommer tillbaka i en senare omgång.",
    "Arbetsplatsen kan inte frigöra tiden.",
    "Har slutat sin anställning.",
)
# The key of the kind that each of them is counted as; a few leave without stating one.
LEFT_AS = dict(zip(LEFT_BECAUSE, ("arbete", "ledighet", "", "bemanning", "arbete"), strict=True))
MOVED_BECAUSE = (
    "Schemat krockar med gruppens dagar.",
    "Har bytt enhet och följer den nya enhetens grupp.",
)
EXCUSED_BECAUSE = ("Sjuk", "Vård av barn", "Akut ärende på enheten")
RESCHEDULED_BECAUSE = "Utbildaren är sjuk, tillfället hålls en annan dag."
CANCELLED_BECAUSE = (
    "Lokalen kunde inte användas efter en vattenläcka. Ett nytt tillfälle är utsatt."
)
ONLINE_BECAUSE = "Deltagarna kommer från flera stadsdelar och resan blir för lång."


@dataclass(frozen=True)
class GroupPlan:
    """One group before it has members."""

    course: str
    number: int
    wave: int
    first_day: datetime.date
    gap: int


@dataclass(frozen=True)
class OccasionPlan:
    """One occasion; a moved one keeps the day it was planned for first."""

    unit: int
    day: datetime.date
    starts: int
    minutes: int
    how: str = "screen"
    first_day: datetime.date | None = None
    cancelled: bool = False

    @property
    def online(self) -> bool:
        """Whether it is held as an online meeting."""
        return self.how == "report"

    @property
    def ends(self) -> int:
        """Minutes after midnight."""
        return self.starts + self.minutes


@dataclass(frozen=True)
class Presence:
    """How someone attended: a mark, and when they came and left, in minutes after the start."""

    mark: str
    came: int = 0
    left: int = 0
    # A lost connection of an online meeting: from, to.
    away: tuple[int, int] | None = None
    note: str = ""


@dataclass
class MemberPlan:
    """What becomes of one member: the unit after which they leave or change group."""

    leaves_after: int | None = None
    moves_after: int | None = None
    reason: str = ""
    needs: bool = False
    presences: dict[int, Presence] = field(default_factory=dict)


def group_plans(fraction: float = 1) -> list[GroupPlan]:
    """All groups of one copy of the story: managers' first, then the series by wave."""
    managers = [
        GroupPlan(MANAGERS, number, 1 if number == 1 else 2 if number <= 4 else 3, day, MANAGER_GAP)
        for number, day in enumerate(MANAGER_STARTS, start=1)
    ]
    series = list(_series())
    if fraction < 1:
        managers = managers[: max(1, round(len(managers) * fraction))]
        series = series[: max(1, round(len(series) * fraction))]
    return managers + series


def _series() -> Iterator[GroupPlan]:
    number = 0
    for wave, (count, first, gap) in enumerate(WAVES, start=1):
        day = first
        for _ in range(count):
            number += 1
            yield GroupPlan(SERIES, number, wave, day, gap)
            day = add_working_days(day, 1)


def on_or_after(day: datetime.date) -> datetime.date:
    """The first working day from that day on, after the summer if it falls there."""
    if SUMMER[0] <= day <= SUMMER[1]:
        day += SUMMER[1] - SUMMER[0]
    while not is_working_day(day):
        day += datetime.timedelta(days=1)
    return day


def days_of(group: GroupPlan) -> list[datetime.date]:
    """The group's days before anything has come in the way."""
    days = [on_or_after(group.first_day)]
    while len(days) < OCCASIONS[group.course]:
        days.append(on_or_after(days[-1] + datetime.timedelta(days=group.gap)))
    return days


class Draw:
    """The seeded choices of one copy of the story, made in a fixed order."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(f"kompetensportalen/{seed}")

    def occasions(self, group: GroupPlan) -> list[OccasionPlan]:
        """The group's occasions, with those moved, and those cancelled with their replacement."""
        found: list[OccasionPlan] = []
        for unit, day in enumerate(days_of(group), start=1):
            chance, how = self.random.random(), self._how(unit)
            starts = self.random.choice((510, 510, 540))
            minutes = LENGTHS[group.course]
            # Four weeks between occasions leave no room for a replacement two weeks later.
            if unit == 1 or chance > (0.12 if group.gap >= 42 else 0.06):
                found.append(OccasionPlan(unit, day, starts, minutes, how))
                continue
            later = on_or_after(day + datetime.timedelta(days=7 if chance < 0.06 else 14))
            if chance < 0.06:
                found.append(OccasionPlan(unit, later, starts, minutes, how, first_day=day))
            else:
                found.append(OccasionPlan(unit, day, starts, minutes, how, cancelled=True))
                found.append(OccasionPlan(unit, later, starts, minutes, how))
        return found

    def _how(self, unit: int) -> str:
        chance = self.random.random()
        if unit > 1 and chance < 0.08:
            return "report"
        return "screen" if chance < 0.62 else "list" if chance < 0.88 else "paper"

    def member(self, group: GroupPlan) -> MemberPlan:
        """What becomes of a member, and how they attend each unit."""
        units = OCCASIONS[group.course]
        member = MemberPlan(needs=self.random.random() < 0.05)
        chance = self.random.random()
        turn = self.random.randrange(2, units)
        if chance < 0.05:
            member.leaves_after, member.reason = turn, self.random.choice(LEFT_BECAUSE)
        elif chance < 0.08 and group.course == SERIES:
            member.moves_after, member.reason = turn, self.random.choice(MOVED_BECAUSE)
        faithful = self.random.uniform(0.86, 0.97)
        for unit in range(1, units + 1):
            member.presences[unit] = self._presence(faithful, LENGTHS[group.course])
        return member

    def _presence(self, faithful: float, minutes: int) -> Presence:
        if self.random.random() > faithful:
            if self.random.random() < 0.6:
                return Presence("excused", note=self.random.choice(EXCUSED_BECAUSE))
            return Presence("absent")
        came, left = -self.random.randrange(1, 12), minutes + self.random.randrange(0, 6)
        if self.random.random() < 0.07:
            came = self.random.randrange(5, 50)
        if self.random.random() < 0.04:
            left = minutes - self.random.randrange(10, 70)
        away = None
        if self.random.random() < 0.25:
            start = self.random.randrange(60, 120)
            away = (start, start + self.random.randrange(1, 9))
        return Presence("present", came, left, away)

    def choice(self, of: Sequence[str]) -> str:
        """One of them."""
        return self.random.choice(of)
