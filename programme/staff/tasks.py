"""Work in the background: running twice is harmless."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone, translation

from programme.staff import actions, digest

# Participations that one transaction settles, so that no lock is held for long.
CHUNK = 200


@shared_task(name="programme.settle_participations")
def settle_participations() -> int:
    """Start and complete participations by the hours that have been counted."""
    ids = actions.waiting_ids()
    with translation.override(settings.LANGUAGE_CODE):
        return sum(
            actions.settle(participation_ids=ids[at : at + CHUNK])
            for at in range(0, len(ids), CHUNK)
        )


@shared_task(name="programme.manager_digest")
def manager_digest() -> int:
    """Tell managers how their staff are doing, as often as the setting says."""
    with translation.override(settings.LANGUAGE_CODE):
        return digest.send(timezone.localdate())
