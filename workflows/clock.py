"""What silence leads to: when a waiting step is due for a reminder, for help, for its end.

Pure: the day, the step and what has happened are given. Everything counts in working
days, and nothing happens on a free day, so nobody finds on a Monday that their
case lapsed on the Sunday. Nothing here ever approves.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.workdays import add_working_days, is_working_day, working_days_between
from workflows.rules import Step


class Tick(StrEnum):
    """What the clock does to a step; each at most once a round, except giving it back."""

    REMIND = "reminded"
    ESCALATE = "escalated"
    TELL_OFFICE = "office_told"
    LAPSE = "lapsed"
    # From someone to whom it was handed and who may not decide it any more.
    GIVE_BACK = "given_back"


@dataclass(frozen=True)
class Waited:
    """A step that waits: its days, and on which day the clock did what."""

    step: Step
    opened_on: datetime.date
    due_on: datetime.date
    done: Mapping[str, datetime.date] = field(default_factory=dict)
    # Whether anyone may decide the step today, and whether anyone holds the role called in.
    somebody: bool = True
    helper: bool = True


def due(waited: Waited, today: datetime.date) -> tuple[Tick, ...]:
    """What the step is due for today, in order.

    After a time without the clock everything that was missed is done once. A case
    never lapses on the day somebody was told: they get their days of silence first.
    """
    if not is_working_day(today):
        return ()
    found = []
    if _reminder_is_due(waited, today):
        found.append(Tick.REMIND)
    if _help_is_due(waited, today):
        found.append(Tick.ESCALATE)
    if _office_is_due(waited, today):
        found.append(Tick.TELL_OFFICE)
    if _end_is_due(waited, today):
        found.append(Tick.LAPSE)
    return tuple(found)


def reminder_day(step: Step, opened_on: datetime.date, due_on: datetime.date) -> datetime.date:
    """The day of the reminder; never the opening day, when those who decide were told."""
    day, before = due_on, step.remind_before or 0
    while working_days_between(day, due_on) < before or not is_working_day(day):
        day -= datetime.timedelta(days=1)
    return max(day, add_working_days(opened_on, 1))


def _reminder_is_due(waited: Waited, today: datetime.date) -> bool:
    step = waited.step
    if step.remind_before is None or Tick.REMIND in waited.done or not waited.somebody:
        return False
    return today >= reminder_day(step, waited.opened_on, waited.due_on)


def _help_is_due(waited: Waited, today: datetime.date) -> bool:
    step = waited.step
    if step.escalate_to is None or Tick.ESCALATE in waited.done or not waited.helper:
        return False
    return _late(waited, today)


def _office_is_due(waited: Waited, today: datetime.date) -> bool:
    """When nobody may decide at all, or when the late step is silent and nothing will end it."""
    step = waited.step
    if Tick.TELL_OFFICE in waited.done:
        return False
    if not waited.somebody and today >= min(
        waited.due_on, reminder_day(step, waited.opened_on, waited.due_on)
    ):
        return True
    if step.escalate_to is None or not waited.helper:
        return step.lapse_after is None and _late(waited, today)
    escalated = waited.done.get(Tick.ESCALATE)
    if step.lapse_after is not None or escalated is None:
        return False
    return working_days_between(escalated, today) >= max(step.escalate_after, 1)


def _end_is_due(waited: Waited, today: datetime.date) -> bool:
    step = waited.step
    since = silent_since(waited)
    if step.lapse_after is None or Tick.LAPSE in waited.done or since is None:
        return False
    return working_days_between(since, today) >= max(step.lapse_after, 1)


def silent_since(waited: Waited) -> datetime.date | None:
    """From when the silence counts that ends a case; None while somebody is still to be told."""
    step = waited.step
    told = waited.done.get(Tick.REMIND)
    if step.remind_before is not None and told is None and waited.somebody:
        return None
    if step.escalate_to is not None and waited.helper:
        return waited.done.get(Tick.ESCALATE)
    return max(waited.due_on, told) if told else waited.due_on


def _late(waited: Waited, today: datetime.date) -> bool:
    return today > waited.due_on and (
        working_days_between(waited.due_on, today) >= waited.step.escalate_after
    )


@dataclass(frozen=True)
class Ahead:
    """The days on which something happens if nobody decides."""

    reminder: datetime.date | None
    escalation: datetime.date | None
    lapse: datetime.date | None


def ahead(waited: Waited) -> Ahead:
    """What comes if the step stays silent; what has been done already is left out."""
    step, done = waited.step, waited.done
    reminder = escalation = lapse = None
    if step.remind_before is not None and Tick.REMIND not in done:
        reminder = reminder_day(step, waited.opened_on, waited.due_on)
    if step.escalate_to is not None and Tick.ESCALATE not in done:
        escalation = add_working_days(waited.due_on, max(step.escalate_after, 1))
    if step.lapse_after is not None:
        since = escalation or silent_since(waited) or waited.due_on
        lapse = add_working_days(since, max(step.lapse_after, 1))
    return Ahead(reminder, escalation, lapse)
