"""The whole story of hours, played at random over the real actions: whatever is done, sums agree.

The machine keeps facts of its own: what each action was told, never what it wrote. After
every step it counts them with the oracle, second by second, and holds every figure the
portal gives of the same hours against that: counted times, months, persons, occasions,
co-financing, and the lines to Statistics Sweden. ``HOURS_STORIES=500`` plays more of them.
"""

import datetime
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from time_machine import travel

from people.models import Person, User
from programme.attendance import checking, importing, marking, merging, queries
from programme.attendance import rules as attendance_rules
from programme.dated import actions as dated
from programme.errors import Refused
from programme.groups import placing
from programme.hours.actions import recount
from programme.hours.rules import Presence, Rules
from programme.hours.tasks import open_occasions
from programme.models import CountedTime, Group, Month, Occasion
from programme.months import corrections, figures, locking, statements
from programme.months.errors import SamePerson
from programme.occasions import changing
from reports.economy import reading as economy
from reports.scb import actions as scb
from reports.scb import lines
from tests.oracle import oracle
from tests.programme import training
from tests.programme.attendance import exported
from tests.programme.attendance.exported import STOCKHOLM, Dress, Time
from tests.programme.builders import World, build_world
from tests.programme.months.builders import APRIL, MARCH, staff_account

STORIES = int(os.environ.get("HOURS_STORIES", "8"))
STEPS = 18
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


class Story(RuleBasedStateMachine):
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

    # What is known.

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

    # What people do.

    @initialize()
    def somebody_came(self) -> None:
        self.mark(0, 0, "present", 10, 60, timed=False)
        self.mark(2, 1, "present", 0, 100, timed=True)

    @rule(
        at=occasions,
        number=persons,
        mark=st.sampled_from(MARKS),
        came=minutes,
        long=lengths,
        timed=st.booleans(),
    )
    def mark(self, at: int, number: int, mark: str, came: int, long: int, timed: bool) -> None:
        person = self.standing(self.who(number))
        seat = next((s for s in queries.roster(self.held[at]) if s.person.pk == person.pk), None)
        if seat is None:
            return
        base = marking._unchanged(seat, queries.ZONE())
        timed = timed and mark in ("present", "")
        begin = self.start_of(at) + came * 60
        span = (begin, begin + long * 60)
        new = attendance_rules.WantedTime("", moment(span[0]), moment(span[1]))
        wanted = replace(
            base, mark=mark, reason="Fel tid.", times=base.times + ((new,) if timed else ())
        )
        try:
            marking.save_list(
                occasion_id=self.held[at].pk,
                wanted={person.public_id: wanted},
                actor=self.trainer,
            )
        except Refused:
            return
        assert self.may_change(at) or (seat.standing.mark == mark and not timed)
        self.done["mark"] += 1
        key = (at, person.pk)
        if mark in ("absent", "excused") or (mark == "" and self.marks.get(key) == "present"):
            for one in [person.pk, *(a for a, b in self.merged.items() if b == person.pk)]:
                self.times[at, one].clear()
            self.marks[key] = mark
        else:
            self.marks[key] = "present" if timed else mark
            if timed:
                self.times[key].append(span)

    @rule(at=occasions, number=persons, came=minutes, long=lengths, out=st.booleans())
    def check_in(self, at: int, number: int, came: int, long: int, out: bool) -> None:
        person, begin = self.who(number), self.start_of(at) + came * 60
        key = (at, person.pk)
        if any(left is None for _came, left in self.times[key]):
            return
        begin = max([begin, *(left + 60 for _came, left in self.times[key] if left)])
        how: dict[str, Any] = {
            "occasion_id": self.held[at].pk,
            "person_id": person.pk,
            "actor": self.trainer,
        }
        for leaving, second in ((False, begin), (True, begin + long * 60))[: 1 + out]:
            with travel(moment(second), tick=False):
                try:
                    (checking.check_out if leaving else checking.check_in)(**how)
                except Refused:
                    return
            assert self.may_change(at)
            if leaving:
                self.done["check out"] += 1
                self.times[key][-1] = (begin, second)
            else:
                self.times[key].append((begin, None))
                self.marks[key] = "present"

    @rule(at=occasions, who=st.lists(st.tuples(persons, minutes, lengths), min_size=1, max_size=4))
    def read_report(self, at: int, who: list[tuple[int, int, int]]) -> None:
        begin, end = self.start_of(at), int(self.held[at].ends_at.timestamp())
        rows = [
            (self.who(number), begin + came * 60, begin + (came + long) * 60)
            for number, came, long in who
        ]
        self.files += 1
        named = [Time(f"Fil {self.files}", p.email or "", came, left) for p, came, left in rows]
        try:
            evidence = importing.receive(
                occasion_id=self.held[at].pk,
                name="r.csv",
                file=BytesIO(exported.teams(named, Dress())),
                actor=self.trainer,
            )
            importing.confirm(evidence_id=evidence.pk, actor=self.trainer)
        except Refused:
            return
        assert self.may_change(at)
        for person, came, left in rows:
            self.done["report"] += 1
            if person.email and came < end and left > begin:
                self.times[at, person.pk].append((came, left))
                self.marks[at, person.pk] = self.marks.get((at, person.pk)) or "present"

    @rule(at=occasions, breaks=st.sampled_from(BREAKS))
    def move_breaks(self, at: int, breaks: list[list[int]]) -> None:
        occasion = Occasion.objects.get(pk=self.held[at].pk)
        changed = occasion.breaks != breaks
        try:
            changing.change(
                occasion_id=occasion.pk,
                wanted=changing.as_it_is(occasion, breaks=breaks),
                reason="Lunch",
                actor=self.world.administrator,
                despite_warnings=True,
            )
        except Refused:
            return
        assert self.may_change(at) or not changed
        self.done["breaks"] += changed
        self.held[at] = Occasion.objects.get(pk=occasion.pk)

    @precondition(lambda self: len(self.people) < 5)
    @rule(at=occasions)
    def write_down(self, at: int) -> None:
        try:
            person = marking.add_temporary(
                occasion_id=self.held[at].pk, first_name="Kim", last_name="Ny", actor=self.trainer
            )
        except Refused:
            assert not self.may_change(at)
            return
        self.people.append(person)
        self.marks[at, person.pk] = "present"

    def ghosts(self) -> list[Person]:
        return [one for one in self.people[3:] if one.pk not in self.merged]

    @precondition(lambda self: bool(self.ghosts()))
    @rule(into=st.integers(0, 2))
    def join(self, into: int) -> None:
        ghost, person = self.ghosts()[0], self.people[into]
        try:
            merging.merge(
                temporary_id=ghost.pk,
                into_id=person.pk,
                reason="Samma person",
                actor=self.world.administrator,
            )
        except Refused:
            return
        self.merged[ghost.pk] = person.pk
        self.done["join"] += 1
        for at in range(len(self.held)):
            self.marks[at, person.pk] = (
                self.marks.get((at, person.pk)) or self.marks.get((at, ghost.pk)) or ""
            )
            self.marks[at, ghost.pk] = ""

    @rule(number=st.integers(0, 2), to=st.integers(0, 1))
    def move_group(self, number: int, to: int) -> None:
        """Hours stay where they were made."""
        participation = self.people[number].participations.get()
        try:
            placing.move(
                participation_id=participation.pk,
                group=self.groups[to],
                reason="Byter",
                actor=self.world.administrator,
            )
        except Refused:
            return
        self.done["move"] += 1

    @rule(
        values=st.sampled_from(RULES), month=st.sampled_from((MARCH, APRIL)), day=st.integers(1, 8)
    )
    def decide_rules(self, values: dict[str, Any], month: datetime.date, day: int) -> None:
        first = month.replace(day=day)
        basis: dict[str, Any] = {
            "decision": "Beslut 7",
            "programme": self.programme,
            "valid_from": first,
        }
        chief = self.world.administrator
        try:
            dated.decide_hour_rules(values=values, actor=chief, **basis)
            dated.decide_rate(kind="participant", amount=Decimal(400 + day), actor=chief, **basis)
        except Refused:
            return
        assert month not in self.checked
        self.done["rules"] += 1
        self.rule_sets.append((first, Rules(id=len(self.rule_sets) + 1, **values)))
        self.rates.append((first, Decimal(400 + day)))
        with transaction.atomic():
            recount(occasion_ids=open_occasions(self.programme.pk), reason="Andra regler")

    @precondition(lambda self: APRIL not in self.checked)
    @rule(month=st.sampled_from((MARCH, MARCH, APRIL)))
    def lock(self, month: datetime.date) -> None:
        if month in self.checked:
            return
        expected = self.expected()
        there = {person for at, person in expected if self.month_at(at) == month}
        sign(self, month, there)
        try:
            row = locking.lock(
                programme=self.programme,
                month=month,
                left_out_reason="Ej klara",
                actor=self.economist,
            )
        except Refused:
            earlier = {self.month_at(at) for at, _person in expected} - set(self.checked)
            assert month == APRIL
            assert MARCH in earlier
            return
        checked = signed(self.programme.pk, month)
        self.checked.setdefault(MARCH, set())
        self.checked[month] = checked
        self.done["lock"] += bool(checked)
        assert checked <= there
        kept = {seat: m for seat, m in expected.items() if self.month_at(seat[0]) == month}
        self.frozen |= kept
        assert row.summary["minutes"] == sum(m for seat, m in kept.items() if seat[1] in checked)
        scb.make(month_id=row.pk, actor=self.economist, leave_out_missing=True)

    @precondition(lambda self: self.checked)
    @rule(
        at=occasions,
        number=st.integers(0, 2),
        came=st.integers(0, 100),
        long=lengths,
        mark=st.sampled_from(("present", "present", "absent")),
    )
    def correct(self, at: int, number: int, came: int, long: int, mark: str) -> None:
        reported = [i for i in range(len(self.held)) if not self.may_change(i)]
        at = reported[at % len(reported)]
        person, begin = self.people[number], self.start_of(at) + came * 60
        span = (begin, begin + long * 60)
        times = [(moment(span[0]), moment(span[1]))] if mark == "present" else []
        before = self.expected()
        try:
            made = corrections.propose(
                occasion=self.held[at],
                person=person,
                mark=mark,
                times=times,
                reason="Gick tidigare.",
                actor=self.world.administrator,
            )
        except Refused:
            return
        assert not self.may_change(at)
        self.agrees()
        with pytest.raises(SamePerson):
            corrections.decide(correction_id=made.pk, approve=True, actor=self.world.administrator)
        corrections.decide(correction_id=made.pk, approve=True, actor=self.economist)
        for one in [person.pk, *(a for a, b in self.merged.items() if b == person.pk)]:
            self.times[at, one].clear()
            self.marks[at, one] = ""
        self.marks[at, person.pk] = mark
        self.times[at, person.pk] = [span] if times else []
        month, after = self.month_of(at), self.expected()
        self.done["correct"] += before != after
        told = {
            occasion: (one, other)
            for occasion, one, other in made.effect["changes"]
            if one != other
        }
        assert told == {
            occasion: (before.get((occasion, person.pk), 0), after.get((occasion, person.pk), 0))
            for occasion in {at for at, _person in before | after}
            if before.get((occasion, person.pk), 0) != after.get((occasion, person.pk), 0)
        }
        self.frozen = {
            seat: counted
            for seat, counted in after.items()
            if self.month_at(seat[0]) in self.checked
        }
        old = {one.first_day for one in scb.old_months(self.programme)}
        self.old |= {one for one in self.checked if one >= month and self.has_file(one)}
        assert self.old == old
        sign(self, month, {person.pk})
        self.checked[month] = signed(self.programme.pk, month)
        try:
            scb.make_all_again(programme=self.programme, reason="Om", actor=self.economist)
        except Refused:
            # Somebody's corrected hours are not checked anew, so every file still waits.
            return
        self.old = set()

    def has_file(self, month: datetime.date) -> bool:
        return Month.objects.filter(
            first_day=month, programme=self.programme, scb_files__isnull=False
        ).exists()

    def month_at(self, occasion_id: int) -> datetime.date:
        return self.month_of(next(i for i, o in enumerate(self.held) if o.pk == occasion_id))

    # What must hold whatever they do.

    @invariant()
    def agrees(self) -> None:
        expected = self.expected()
        current = CountedTime.objects.filter(current=True, minutes__gt=0)
        rows = {(row.occasion_id, row.person_id): row for row in current}
        assert {seat: row.minutes for seat, row in rows.items()} == expected
        locked = {s: m for s, m in expected.items() if self.month_at(s[0]) in self.checked}
        assert locked == self.frozen
        for month in (MARCH, APRIL):
            theirs = {s: m for s, m in expected.items() if self.month_at(s[0]) == month}
            self.month_agrees(month, theirs, {s: rows[s].day for s in theirs})

    def month_agrees(
        self, month: datetime.date, theirs: dict[Seat, int], days: dict[Seat, datetime.date]
    ) -> None:
        kronor = sum((self.worth(days[s], m) for s, m in theirs.items()), start=Decimal(0))
        total = sum(theirs.values())
        of_month = figures.months_of(self.programme.pk, month, month).get(month)
        assert (of_month.minutes, of_month.kronor) == (total, kronor) if of_month else not total
        people = figures.persons_of(self.programme.pk, month)
        assert sum(one.minutes for one in people) == total
        assert sum((one.kronor for one in people), start=Decimal(0)) == kronor
        choice = economy.Choice(month=month)
        assert economy.whole(self.programme, choice) == (len(theirs), total, kronor)
        listed = economy.rows(self.programme, choice, limit=100)
        assert {(r.occasion_id, r.person_id): r.minutes for r in listed} == theirs
        cells = economy.counted(self.programme, choice).values()
        assert sum((cell.kronor for cell in cells), start=Decimal(0)) == kronor
        if month in self.checked:
            numbered = {one.pk for one in self.people[:3]} & self.checked[month]
            by_person: dict[int, int] = defaultdict(int)
            for (_at, person), counted in theirs.items():
                if person in numbered:
                    by_person[person] += counted
            sent = lines.computed(self.programme, month)
            assert {line["person"]: line["minutes"] for line in sent} == by_person
            for line in sent:
                hours = (Decimal(line["minutes"]) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)
                assert Decimal(line["hundredths"]) / 100 == hours


def moment(second: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(second, STOCKHOLM)


def sign(story: Story, month: datetime.date, whom: set[int]) -> None:
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


@pytest.fixture
def story(db: None) -> type[Story]:
    world = build_world(staff=3)
    groups = [
        training.group_of(
            world,
            name=f"Grupp {number}",
            members=[training.participation_of(world, one) for one in persons],
        )
        for number, persons in enumerate((world.staff[:2], world.staff[2:]))
    ]
    for month, day, start, end in PLAN:
        occasion = training.occasion_of(
            world,
            groups[0],
            starts_at=datetime.datetime(2026, month, day, start, tzinfo=STOCKHOLM),
            minutes=(end - start) * 60,
            breaks=BREAKS[1],
        )
        for person in world.staff:
            training.invitation_to(occasion, person, person.participations.get())

    trainer, economist = (
        staff_account(world, "narvaro", "administrator"),
        staff_account(world, "ekonom"),
    )

    class Here(Story):
        pass

    Here.done = Counter()
    Here.world, Here.groups, Here.trainer, Here.economist = world, groups, trainer, economist
    return Here


def test_every_sum_agrees_whatever_is_done(story: type[Story]) -> None:
    run_state_machine_as_test(
        story,
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_every_kind_of_action_is_part_of_the_story(story: type[Story]) -> None:
    """So that the random ones are not refusals all of them."""
    told = story()
    acts: tuple[Callable[[], object], ...] = (
        told.somebody_came,
        lambda: told.check_in(2, 0, 10, 60, True),
        lambda: told.read_report(1, [(1, -10, 100), (1, 60, 90), (0, 5, 30)]),
        lambda: told.move_breaks(2, BREAKS[2]),
        lambda: told.write_down(0),
        lambda: told.write_down(3),
        lambda: told.join(2),
        lambda: told.move_group(0, 1),
        lambda: told.decide_rules(RULES[2], APRIL, 5),
        lambda: told.lock(APRIL),
        lambda: told.lock(MARCH),
        lambda: told.mark(0, 0, "absent", 0, 1, False),
        lambda: told.lock(APRIL),
        lambda: told.correct(0, 0, 20, 70, "present"),
        lambda: told.correct(2, 0, 0, 1, "absent"),
    )
    try:
        for act in acts:
            act()
            told.agrees()
    finally:
        told.teardown()
    wanted = {"mark", "check out", "report", "breaks", "join", "move", "rules", "lock", "correct"}
    assert wanted == {name for name, times in told.done.items() if times}, told.done
