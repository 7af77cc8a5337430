"""Work in the background: running twice is harmless."""

from celery import shared_task

from programme.venues import needs


@shared_task(name="programme.erase_needs")
def erase_needs() -> int:
    """Erase what participants needed in courses that have ended."""
    return needs.erase_due()
