"""The package is handed to a worker, and whoever asked follows it."""

from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.jobs.work import ask_for, running
from core.models import Job
from people.access import actor_of
from people.models import User
from programme.errors import NotAllowed
from reports.closing.access import may_take_out
from reports.closing.tasks import make_package

KIND = "closing-package"


@transaction.atomic
def start(*, actor: User) -> Job:
    """Hand the work to a worker; a second click leads to the same work."""
    if not may_take_out(actor):
        raise NotAllowed
    User.objects.select_for_update().get(pk=actor.pk)
    owner, link = actor_of(actor).id, reverse("closing:page")
    already = running(kind=KIND, owner=owner, link=link)
    if already is not None:
        return already
    job = ask_for(
        kind=KIND, title=_("The package that the project is closed with"), owner=owner, link=link
    )
    # robust: without a broker the job waits, and its page says so.
    transaction.on_commit(partial(make_package.delay, actor.pk, job.pk), robust=True)
    return job
