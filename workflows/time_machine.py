"""A case as it would stand on another day if nobody decided: who, how late, and what the clock did.

Nothing is written and nobody is told: the same pure clock is asked about each day.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from people.access import held_by
from people.models import Role, User
from workflows import access, clock, notices
from workflows.actions import engine
from workflows.clock import Tick, Waited
from workflows.many import levels_of
from workflows.models import Case, WorkItem
from workflows.rules import Step
from workflows.waiting import waiting_in, waiting_words

FARTHEST = 366


@dataclass(frozen=True)
class Happening:
    """What the clock would do on a day."""

    day: datetime.date
    text: str


@dataclass
class Then:
    """The case on the chosen day."""

    day: datetime.date
    waiting_for: Sequence[str]
    happenings: Sequence[Happening]
    lapsed: bool = False


def may_travel(user: User, case: Case) -> bool:
    """Those who look after the case, unless they are kept apart from it."""
    held = held_by(user)
    covers = any(held.covers(capability, case.organisation) for capability in notices.OFFICE)
    return covers and case.is_open and user.pk not in access.kept_apart(case)


def bounded(day: datetime.date) -> datetime.date:
    """The day, between today and a year from now."""
    today = timezone.localdate()
    return max(today, min(day, today + datetime.timedelta(days=FARTHEST)))


def then(case: Case, day: datetime.date) -> Then:
    """The case on the day, with roles and deputies as they are known to hold then."""
    run = _on(case, day)
    found: list[Happening] = []
    lapsed = False
    names = dict(Role.objects.values_list("key", "name"))
    waiting = waiting_in(run, run.position())
    for each in waiting:
        happened = _happenings(case, each.step, each.item, day)
        for when, tick in happened:
            found.append(Happening(when, _in_words(tick, each.step, names)))
            if tick is Tick.ESCALATE:
                _call_in(run, each.step, each.item)
            lapsed = lapsed or tick is Tick.LAPSE
    words = [
        waiting_words(each, day, name_step=len(waiting) > 1)
        for each in waiting_in(run, run.position())
    ]
    found.sort(key=lambda one: one.day)
    return Then(day, () if lapsed else words, found, lapsed)


def _on(case: Case, day: datetime.date) -> engine.Run:
    run = engine.read(case)
    return engine.Run(case, run.decisions, run.items, levels_of([case], on=day)[case.pk])


def _call_in(run: engine.Run, step: Step, item: WorkItem) -> None:
    """Let the role that is called in decide too, on the row in memory alone."""
    helpers = run.late_deciders(step, step.escalate_to or "", ())
    if helpers is not None:
        item.escalated_role_id = helpers.role
        item.escalated_organisation_id = helpers.organisation_id


def _happenings(
    case: Case, step: Step, item: WorkItem, until: datetime.date
) -> list[tuple[datetime.date, Tick]]:
    """What the clock would do to the step, day by day, until it ends or the day comes."""
    events = case.step_events.filter(step_key=step.key, round=item.round)
    done = {event.kind: timezone.localdate(event.at) for event in events}
    found: list[tuple[datetime.date, Tick]] = []
    day = timezone.localdate()
    opened = timezone.localdate(item.opened_at)
    while day <= until:
        if clock.due(Waited(step, opened, item.due_on, done), day) or clock.due(
            Waited(step, opened, item.due_on, done, somebody=False), day
        ):
            run = _on(case, day)
            waited = Waited(
                step,
                opened,
                item.due_on,
                done,
                somebody=run.deciders(step) is not None,
                helper=bool(step.escalate_to and run.late_deciders(step, step.escalate_to, ())),
            )
            for tick in clock.due(waited, day):
                found.append((day, tick))
                done[tick.value] = day
                if tick is Tick.LAPSE:
                    return found
        day += datetime.timedelta(days=1)
    return found


def _in_words(tick: Tick, step: Step, names: dict[str, str]) -> str:
    role = names.get(step.escalate_to or "", "").lower()
    words = {"step": step.name, "role": role}
    return {
        Tick.REMIND: _("A reminder about “%(step)s” is sent."),
        Tick.ESCALATE: _("“%(step)s” is late: %(role)s may decide too."),
        Tick.TELL_OFFICE: _("The project office is told that “%(step)s” stands still."),
        Tick.LAPSE: _("The case lapses, because “%(step)s” stayed silent."),
        Tick.GIVE_BACK: "",
    }[tick] % words


def day_words(day: datetime.date) -> str:
    """The day as people write it."""
    return date_format(day, "j F Y")
