"""Work in the background; running twice is harmless."""

from celery import shared_task
from django.utils import timezone

from programme.groups.advancing import advance


@shared_task(name="programme.groups.advance")
def advance_groups() -> int:
    """Begin the groups whose first occasion has come, and finish those whose last is over."""
    return advance(timezone.now())
