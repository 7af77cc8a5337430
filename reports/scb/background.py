"""Many old files are made again by a worker, and whoever asked follows it."""

from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.jobs.work import ask_for, running
from core.models import Job
from core.words import says
from people.access import actor_of
from people.models import User
from programme.errors import ReasonNeeded
from programme.models import Programme
from programme.months import access
from reports.scb.tasks import make_files_again

KIND = "scb-again"
#: A month of a thousand persons takes about half a second: with more months one waits.
MONTHS_AT_ONCE = 6


@transaction.atomic
def start(*, programme: Programme, reason: str, actor: User) -> Job:
    """Hand the old months to a worker; a second click leads to the same work.

    :raises ReasonNeeded: without a reason.
    """
    access.ensure_closes(actor, programme)
    if not says(reason):
        raise ReasonNeeded
    # Two clicks at once wait for each other here.
    Programme.objects.select_for_update().get(pk=programme.pk)
    owner, link = actor_of(actor).id, reverse("scb:cascade")
    already = running(kind=KIND, owner=owner, link=link)
    if already is not None:
        return already
    job = ask_for(kind=KIND, title=_("Make the old files again"), owner=owner, link=link)
    # robust: without a broker the job waits, and its page says so.
    transaction.on_commit(
        partial(make_files_again.delay, programme.pk, actor.pk, reason.strip(), job.pk),
        robust=True,
    )
    return job
