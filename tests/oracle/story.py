"""What people do with hours, in any order, and what must hold after each of it."""

import datetime
from collections import defaultdict
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis.stateful import initialize, invariant, precondition, rule
from time_machine import travel

from people.models import Person
from programme.attendance import checking, importing, marking, merging, queries
from programme.attendance import rules as attendance_rules
from programme.dated import actions as dated
from programme.errors import Refused
from programme.groups import placing
from programme.hours.actions import recount
from programme.hours.rules import Rules
from programme.hours.tasks import open_occasions
from programme.models import CountedTime, Occasion
from programme.months import corrections, figures, locking
from programme.months.errors import SamePerson
from programme.occasions import changing
from reports.economy import reading as economy
from reports.scb import actions as scb
from reports.scb import lines
from tests.oracle.known import (
    BREAKS,
    MARKS,
    RULES,
    Known,
    Seat,
    lengths,
    minutes,
    moment,
    occasions,
    persons,
    sign,
    signed,
)
from tests.programme.attendance import exported
from tests.programme.attendance.exported import Dress, Time
from tests.programme.months.builders import APRIL, MARCH


class Story(Known):
    """Every action that makes or changes hours, given at random."""

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
        names = {one.pk for one in self.ghosts()}
        earned = (self.worth(days[s], m) for s, m in theirs.items() if s[1] not in names)
        kronor = sum(earned, start=Decimal(0))
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
