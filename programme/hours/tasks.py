"""Counting everybody anew, away from the page that asked for it."""

import datetime

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from audit.operations import Actor, operation
from core.jobs.keeping import forget
from core.jobs.work import StopAsked, working
from people.access import actor_of
from people.models import User
from programme.hours.actions import recount
from programme.models import Month, Occasion, Programme
from programme.queries import settings_on

#: Occasions in one transaction: attendance waits no longer than for these.
AT_ONCE = 100


@shared_task(name="programme.recount_open_months")
def recount_open_months(programme_id: int, actor_id: int, reason: str, job_id: int) -> int:
    """Count every occasion outside the locked months; run twice it writes once.

    Whatever has been counted when a worker stops, or when the job is stopped, stays counted.

    :param job_id: the row that shows how far it has come.
    """
    actor = actor_of(User.objects.get(pk=actor_id))
    written = 0
    try:
        with working(job_id) as work:
            wanted = open_occasions(programme_id)
            work.total(len(wanted))
            for start in range(0, len(wanted), AT_ONCE):
                part = wanted[start : start + AT_ONCE]
                written += _count(part, actor, reason)
                work.advance(len(part), _changed(written))
            work.say(_changed(written))
    except StopAsked:
        pass
    return written


@shared_task(name="programme.forget_jobs")
def forget_jobs() -> int:
    """Throw away the rows of work that ended long enough ago; how long is a dated setting."""
    now = timezone.now()
    settings = [
        settings_on(one, timezone.localdate(now)) for one in Programme.objects.order_by("pk")
    ]
    days = max((int(values["job_kept_days"]) for values in settings), default=0)
    return forget(now - datetime.timedelta(days=days)) if days else 0


def open_occasions(programme_id: int) -> list[int]:
    """The programme's occasions outside the locked months, in the order of time."""
    locked = Month.objects.filter(programme=programme_id, state=Month.State.LOCKED)
    closed = set(locked.values_list("first_day", flat=True))
    moments = Occasion.objects.filter(programme=programme_id).order_by("starts_at", "pk")
    return [
        pk
        for pk, day in moments.values_list("pk", "starts_at__date")
        if day.replace(day=1) not in closed
    ]


@transaction.atomic
def _count(occasion_ids: list[int], actor: Actor, reason: str) -> int:
    with operation("hours.recount", actor=actor, reason=reason):
        return recount(occasion_ids=occasion_ids, reason=reason)


def _changed(written: int) -> str:
    return ngettext(
        "%(n)d counted time has changed.", "%(n)d counted times have changed.", written
    ) % {"n": written}
