"""Work in the background: running twice is harmless."""

from celery import shared_task
from django.conf import settings
from django.utils import translation

from programme.guests import erasing, mailing


@shared_task(name="programme.send_guest_mail")
def send_guest_mail() -> int:
    """Send guests what is marked on their rows."""
    with translation.override(settings.LANGUAGE_CODE):
        return mailing.send_waiting()


@shared_task(name="programme.erase_guests")
def erase_guests() -> int:
    """Erase the names of guests whose event is long over."""
    return erasing.erase_due()
