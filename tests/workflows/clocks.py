"""A step with everything the clock does, and days to look at it."""

import datetime
from zoneinfo import ZoneInfo

import time_machine

from tests.workflows.builders import World
from workflows.actions import clock, decide
from workflows.clock import Tick
from workflows.models import Case, Message
from workflows.rules import Step, Verdict

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FULL = Step(
    key="prioritise",
    name="Prioritera",
    role="avdelningschef",
    working_days=5,
    remind_before=1,
    escalate_to="projektledare",
    escalate_after=2,
    lapse_after=3,
)
# Opened on Monday 2 November 2026, due on the 9th.
OPENED = datetime.datetime(2026, 11, 2, 9, tzinfo=STOCKHOLM)


def at(day: int, month: int = 11, hour: int = 8, minute: int = 0) -> datetime.datetime:
    return datetime.datetime(2026, month, day, hour, minute, tzinfo=STOCKHOLM)


def story(case: Case) -> list[str]:
    return list(case.step_events.values_list("kind", flat=True))


def told(case: Case, kind: str) -> set[str]:
    rows = Message.objects.filter(case=case, kind=kind)
    return set(rows.values_list("recipient__first_name", flat=True))


def tick_at(moment: datetime.datetime) -> dict[Tick, int]:
    with time_machine.travel(moment, tick=False):
        return dict(clock.tick())


def clock_answer(case: Case, world: World) -> None:

    decide(
        case_id=case.pk,
        step_key="prioritise",
        round=1,
        verdict=Verdict.APPROVE,
        actor=world["avdelning"],
    )
