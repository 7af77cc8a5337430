"""Work in the background: running twice is harmless."""

from celery import shared_task

from programme.absences import keeping


@shared_task(name="programme.erase_absences")
def erase_absences() -> int:
    """Erase absences that are no longer needed to check hours."""
    return keeping.erase_due()
