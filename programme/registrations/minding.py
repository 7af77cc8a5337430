"""What the clock does about seats: found by time, done once whatever runs twice."""

import datetime

from django.db.models import Q
from django.utils import timezone

from programme.models import Occasion, SeatPlan
from programme.registrations import actions


def mind_due(now: datetime.datetime | None = None) -> int:
    """Mind every plan with an offer that has run out or a share to release; returns new offers."""
    at = now or timezone.now()
    due = (
        SeatPlan.objects.filter(
            Q(registrations__state="offered", registrations__offer_until__lte=at)
            | Q(release_at__lte=at, released_at=None)
        )
        .exclude(occasion__state=Occasion.State.CANCELLED)
        .filter(occasion__ends_at__gt=at - datetime.timedelta(days=1))
        .order_by("pk")
        .distinct()
        .values_list("pk", flat=True)
    )
    return sum(actions.mind_plan(plan_id=pk, now=at) for pk in due)
