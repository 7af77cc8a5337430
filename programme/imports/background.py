"""A long file with nominations is carried out by a worker, and its owner follows it."""

from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.jobs.work import ask_for, running
from core.models import Job
from people.access import actor_of
from people.models import User
from programme.models import ImportBatch
from programme.tasks import nominate_from_file

KIND = "nomination-import"
#: A nomination with its case takes some hundredths of a second: with more rows one waits.
ROWS_AT_ONCE = 25


@transaction.atomic
def start(batch: ImportBatch, actor: User) -> Job:
    """Hand the file to a worker; while one is at it, a second click leads to the same work."""
    ImportBatch.objects.select_for_update().get(pk=batch.pk)
    owner, link = actor_of(actor).id, reverse("programme:import_preview", args=[batch.public_id])
    already = running(kind=KIND, owner=owner, link=link)
    if already is not None:
        return already
    job = ask_for(
        kind=KIND,
        title=_("Nominate from %(file)s") % {"file": batch.file_name},
        owner=owner,
        link=link,
    )
    # robust: without a broker the job waits, and its page says so.
    transaction.on_commit(
        partial(nominate_from_file.delay, batch.pk, actor.pk, job.pk), robust=True
    )
    return job
