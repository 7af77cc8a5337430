"""Asking for everything to be counted anew; a worker does it, and the job shows how far."""

from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.jobs.work import ask_for
from core.models import Job
from people.access import actor_of
from people.models import User
from programme.hours.tasks import recount_open_months
from programme.models import Programme

KIND = "hours-recount"


def start_recount(programme: Programme, actor: User, reason: str) -> Job:
    """Hand the open months to a worker when this transaction is done; whoever calls has checked."""
    job = ask_for(
        kind=KIND,
        title=_("Count all open months anew"),
        owner=actor_of(actor).id,
        link=reverse("months:list"),
    )
    # robust: without a broker the job waits, and its page says so.
    transaction.on_commit(
        partial(recount_open_months.delay, programme.pk, actor.pk, reason, job.pk), robust=True
    )
    return job
