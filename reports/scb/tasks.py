"""Many old files made again, away from the page that asked for it."""

from celery import shared_task

from core.jobs.work import NotDone, StopAsked, working
from people.models import User
from programme.errors import Refused
from programme.models import Programme
from reports.scb import actions


@shared_task(name="reports.make_files_again")
def make_files_again(programme_id: int, actor_id: int, reason: str, job_id: int) -> int:
    """Make new versions month by month, in order; a month is whole or as it was.

    What has been made when somebody stops it, or a month is refused, stands: the months before
    a refused one do not depend on it.

    :returns: how many new versions were made.
    """
    actor, made = User.objects.get(pk=actor_id), 0
    try:
        with working(job_id) as work:
            months = actions.old_months(Programme.objects.get(pk=programme_id))
            work.total(len(months))
            for month in months:
                try:
                    actions.make(
                        month_id=month.pk, actor=actor, reason=reason, leave_out_missing=True
                    )
                except Refused as error:
                    raise NotDone(f"{month.first_day:%Y-%m}: {error.message}") from error
                made += 1
                told = (actions.made_in_words(made), actions.left_out_in_words(months[:made]))
                work.advance(1, " ".join(filter(None, told)))
    except (NotDone, StopAsked):
        pass
    return made
