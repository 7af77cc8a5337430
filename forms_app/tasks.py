"""Work in the background: what is due is erased; running twice is harmless."""

from celery import shared_task
from django.utils import timezone

from forms_app import retention


@shared_task(name="forms_app.erase_due")
def erase_due() -> int:
    """Erase answers and files that have been kept as long as was promised."""
    done = retention.erase_due(timezone.localdate())
    if done.answers >= retention.BATCH:
        erase_due.delay()  # more may be due
    return done.answers


@shared_task(name="forms_app.purge_drafts")
def purge_drafts() -> int:
    """Throw away drafts that nobody goes on with, and files that nothing names."""
    today = timezone.localdate()
    done = retention.purge_drafts(today)
    if done.drafts >= retention.BATCH:
        purge_drafts.delay()
    return done.drafts + retention.purge_orphans().orphans
