"""The package is made away from the page that asked for it."""

from celery import shared_task
from django.utils.translation import gettext as _

from core.jobs.work import NotDone, StopAsked, working
from people.models import User
from programme.queries import current_programme
from reports.closing import making
from reports.closing.access import may_take_out


@shared_task(name="reports.make_closing_package")
def make_package(actor_id: int, job_id: int) -> int:
    """Make it for whoever asked; the right is asked for once more.

    :returns: how many files it has.
    """
    actor = User.objects.get(pk=actor_id)
    try:
        with working(job_id) as work:
            programme = current_programme()
            if programme is None or not may_take_out(actor):
                raise NotDone(_("You do not have a role that allows this."))
            made = making.make(
                programme=programme, actor=actor, total=work.total, advance=work.advance
            )
            work.say(_("%(n)d files are in the package.") % {"n": made.files})
            return made.files
    except (NotDone, StopAsked):
        return 0
