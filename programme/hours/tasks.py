"""Counting everybody anew, away from the page that asked for it."""

from celery import shared_task
from django.db import transaction

from audit.operations import operation
from people.access import actor_of
from people.models import User
from programme.hours.actions import recount
from programme.models import Month, Occasion

#: Occasions in one transaction: attendance waits no longer than for these.
AT_ONCE = 100


@shared_task(name="programme.recount_open_months")
def recount_open_months(programme_id: int, actor_id: int, reason: str) -> int:
    """Count every occasion outside the locked months; run twice it writes once.

    Whatever has been counted when a worker stops stays counted.
    """
    actor = actor_of(User.objects.get(pk=actor_id))
    locked = Month.objects.filter(programme=programme_id, state=Month.State.LOCKED)
    closed = set(locked.values_list("first_day", flat=True))
    moments = Occasion.objects.filter(programme=programme_id).order_by("starts_at", "pk")
    wanted = [
        pk
        for pk, day in moments.values_list("pk", "starts_at__date")
        if day.replace(day=1) not in closed
    ]
    written = 0
    for start in range(0, len(wanted), AT_ONCE):
        with transaction.atomic(), operation("hours.recount", actor=actor, reason=reason):
            written += recount(occasion_ids=wanted[start : start + AT_ONCE], reason=reason)
    return written
