"""The portal as it runs, made a little slow between counting the seats and giving one.

With ``WITHOUT_LOCK=1`` nothing makes two registrations wait for each other: the negative
control of the race.
"""

import os
import random
import time

from config.wsgi import application
from programme.models import Occasion, SeatPlan
from programme.registrations import rules, seating

# Between the count and the seat, so that two who do not wait are sure to meet.
PAUSE = 0.02
_gets_a_seat = rules.gets_a_seat


def _slowly(*arguments: object) -> bool:
    answer = _gets_a_seat(*arguments)  # type: ignore[arg-type]
    time.sleep(PAUSE)
    return answer


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
