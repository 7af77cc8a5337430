"""The month's work by the clock: running twice is harmless."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone, translation

from programme.months.reminding import remind_due


@shared_task(name="programme.remind_to_attest")
def remind_to_attest() -> int:
    """Remind those who have not attested a month that is soon to be reported."""
    with translation.override(settings.LANGUAGE_CODE):
        return remind_due(timezone.localdate())
