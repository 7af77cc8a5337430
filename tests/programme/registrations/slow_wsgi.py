"""The portal as it runs, made a little slow between counting the seats and giving one.

With ``WITHOUT_LOCK`` nothing makes two registrations wait for each other: the negative
control of the race. It names an empty folder, where as many as ``MEET`` registrations wait
until all of them have counted: chance has no part in whether they meet.
"""

import os
import random
import tempfile
import time
from pathlib import Path

from config.wsgi import application
from programme.models import Occasion, SeatPlan
from programme.registrations import rules, seating

# Between the count and the seat, so that two who wait in turn would be seen not to.
PAUSE = 0.02
# However slow the machine is, those who are to meet have come by then.
PATIENCE = 60
_gets_a_seat = rules.gets_a_seat


def _slowly(*arguments: object) -> bool:
    answer = _gets_a_seat(*arguments)  # type: ignore[arg-type]
    time.sleep(PAUSE)
    if folder := os.environ.get("WITHOUT_LOCK"):
        _meet(Path(folder), int(os.environ["MEET"]))
    return answer


def _meet(folder: Path, number: int) -> None:
    tempfile.mkstemp(dir=folder)
    given_up = time.monotonic() + PATIENCE
    while len(os.listdir(folder)) < number and time.monotonic() < given_up:
        time.sleep(0.01)


def _unlocked(plan_id: int) -> SeatPlan:
    plan = SeatPlan.objects.select_related("needs_unit", "workflow").get(pk=plan_id)
    plan.occasion = Occasion.objects.select_related("programme", "district", "unit").get(
        seat_plan=plan_id
    )
    return plan


rules.gets_a_seat = _slowly  # type: ignore[assignment]
if os.environ.get("WITHOUT_LOCK"):
    seating.lock = _unlocked
    seating.next_order = lambda plan: random.randrange(1, 2**31)

__all__ = ["application"]
