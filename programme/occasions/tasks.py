"""Work in the background: running twice is harmless."""

from celery import shared_task
from django.conf import settings
from django.utils import translation

from programme.occasions import sending


@shared_task(name="programme.send_invitations")
def send_invitations() -> int:
    """Send the invitations and reminders whose day has come."""
    with translation.override(settings.LANGUAGE_CODE):
        return sending.send_due()
