"""What the story of hours knows by itself: what each action was told, counted by the oracle."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import hypothesis.strategies as st
from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine
from time_machine import travel

from people.models import Person, User
from programme.errors import Refused
from programme.hours.rules import Presence, Rules
from programme.models import Group, Month, Occasion
from programme.months import figures, statements
from tests.oracle import oracle
from tests.programme.attendance.exported import STOCKHOLM
from tests.programme.builders import World

TODAY = datetime.datetime(2026, 7, 1, 12, tzinfo=STOCKHOLM)
# Two that overlap in March, two of one day in April.
PLAN = ((3, 3, 9, 12), (3, 3, 11, 14), (4, 7, 9, 12), (4, 7, 13, 16))
BREAKS: tuple[list[list[int]], ...] = ([], [[60, 75]], [[0, 20], [100, 150]])
RULES = (
    {"gap_minutes_forgiven": 10},
    {"late_minutes_forgiven": 15, "breaks_count": True},
    {"rounding": "nearest", "rounding_minutes": 15},
    {"mark_counts_whole": False, "open_end_counts": True},
    {"most_minutes_a_day": 200, "rounding": "down", "rounding_minutes": 30},
)
MARKS = ("present", "present", "present", "absent", "excused", "")
Seat = tuple[int, int]

occasions = st.integers(0, len(PLAN) - 1)
persons = st.integers(0, 4)
minutes = st.integers(-30, 200)
lengths = st.integers(1, 200)


class Known(RuleBasedStateMachine):
    """Three persons of the register, up to two written down by name, two months."""

    world: World
    trainer: User
    economist: User
    groups: list[Group]
    done: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.clock = travel(TODAY, tick=False)
        self.now = self.clock.start()
        self.programme = self.world.programme
        self.people: list[Person] = list(self.world.staff[:3])
        self.held = list(Occasion.objects.order_by("starts_at", "pk"))
        self.marks: dict[Seat, str] = {}
        self.times: dict[Seat, list[tuple[int, int | None]]] = defaultdict(list)
        self.merged: dict[int, int] = {}
        self.rule_sets = [(self.programme.starts_on, Rules(id=1))]
        self.rates = [(datetime.date(2026, 1, 1), Decimal(417))]
        self.checked: dict[datetime.date, set[int]] = {}
        self.frozen: dict[Seat, int] = {}
        self.old: set[datetime.date] = set()
        self.files = 0

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def start_of(self, at: int) -> int:
        return int(self.held[at].starts_at.timestamp())

    def day_of(self, at: int) -> datetime.date:
        return self.held[at].starts_at.astimezone(STOCKHOLM).date()

    def month_of(self, at: int) -> datetime.date:
        return self.day_of(at).replace(day=1)

    def who(self, number: int) -> Person:
        return self.people[number % len(self.people)]

    def standing(self, person: Person) -> Person:
        """The person in the register, for one who was joined with them."""
        return next(one for one in self.people if one.pk == self.merged.get(person.pk, person.pk))

    def expected(self) -> dict[Seat, int]:
        """Minutes of each occasion and person by the oracle, where there are any."""
        found: dict[Seat, int] = {}
        for person in self.people:
            if person.pk in self.merged:
                continue
            everyone = [person.pk, *(one for one, to in self.merged.items() if to == person.pk)]
            days = defaultdict(list)
            for at, occasion in enumerate(self.held):
                marks = [self.marks.get((at, one), "") for one in everyone]
                mark = max(marks, key=("", "absent", "excused", "present").index)
                spans = [span for one in everyone for span in self.times[at, one]]
                days[self.day_of(at)].append(
                    (
                        self.valid(self.rule_sets, self.day_of(at)),
                        Presence(
                            at,
                            self.start_of(at),
                            int(occasion.ends_at.timestamp()),
                            tuple((a * 60, b * 60) for a, b in occasion.breaks),
                            mark=mark,
                            segments=tuple(spans),
                        ),
                    )
                )
            for sets in days.values():
                for at, (counted, _planned) in oracle.minutes_of_day(sets).items():
                    if counted:
                        found[self.held[at].pk, person.pk] = counted
        return found

    @staticmethod
    def valid(dated: Sequence[tuple[datetime.date, Any]], day: datetime.date) -> Any:
        return max((row for row in dated if row[0] <= day), key=lambda row: row[0])[1]

    def worth(self, day: datetime.date, counted: int) -> Decimal:
        kronor: Decimal = self.valid(self.rates, day) * counted / 60
        return kronor.quantize(Decimal("0.01"), ROUND_HALF_UP)

    def may_change(self, at: int) -> bool:
        return self.month_of(at) not in self.checked

    def has_file(self, month: datetime.date) -> bool:
        return Month.objects.filter(
            first_day=month, programme=self.programme, scb_files__isnull=False
        ).exists()

    def month_at(self, occasion_id: int) -> datetime.date:
        return self.month_of(next(i for i, o in enumerate(self.held) if o.pk == occasion_id))


def moment(second: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(second, STOCKHOLM)


def sign(story: Known, month: datetime.date, whom: set[int]) -> None:
    """Attest on paper and check, as far as it goes."""
    people = list(Person.objects.filter(pk__in=whom).order_by("pk"))
    signed_for = []
    for person in people:
        try:
            statements.attest_on_paper(
                programme=story.programme,
                month=month,
                person=person,
                note="Pärm 3",
                actor=story.world.administrator,
            )
        except Refused:
            continue
        signed_for.append(person)
    statements.check(
        programme=story.programme, month=month, persons=signed_for, actor=story.economist
    )


def signed(programme_id: int, month: datetime.date) -> set[int]:
    people = figures.persons_of(programme_id, month)
    return {one.person_id for one in people if one.standing == "checked"}
