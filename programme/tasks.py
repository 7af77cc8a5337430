"""Work in the background: running twice is harmless."""

from celery import shared_task

from core.jobs.work import NotDone, StopAsked, working
from people.models import User
from programme.actions.imports import confirm, nominated_in_words
from programme.errors import Refused


@shared_task(name="programme.nominate_from_file")
def nominate_from_file(batch_id: int, actor_id: int, job_id: int) -> int:
    """Nominate everyone in the file, or nobody; whoever asked may stop it until the last row.

    :returns: how many are nominated.
    """
    try:
        with working(job_id) as work:
            try:
                batch = confirm(
                    batch_id=batch_id,
                    actor=User.objects.get(pk=actor_id),
                    each=work.ensure_wanted,
                )
            except Refused as error:
                raise NotDone(str(error.message)) from error
            work.finish(len(batch.rows), nominated_in_words(len(batch.rows)))
            return len(batch.rows)
    except (NotDone, StopAsked):
        return 0
