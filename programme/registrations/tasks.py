"""Work in the background: running twice is harmless."""

from celery import shared_task
from django.conf import settings
from django.utils import translation

from programme.registrations import minding


@shared_task(name="programme.mind_registrations")
def mind_registrations() -> int:
    """Let offers lapse, release shares whose time has come, and offer what is free."""
    with translation.override(settings.LANGUAGE_CODE):
        return minding.mind_due()
