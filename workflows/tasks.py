"""Work in the background: ids in, action out; running twice is harmless."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone, translation

from workflows import delivery


@shared_task(name="workflows.deliver_waiting")
def deliver_waiting() -> int:
    """Send what waits: what has just been queued, and what a lost task or a refused mail left."""
    sent = 0
    while now := sum(delivery.send_one(public_id) for public_id in delivery.waiting()):
        sent += now
    return sent + sum(delivery.send_digest(reader) for reader in delivery.digest_readers())


@shared_task(name="workflows.read_returned")
def read_returned() -> int:
    """Note what came back, where the city has said in which maildir such letters lie."""
    from workflows import returned

    return returned.sweep(settings.RETURNED_MAILDIR) if settings.RETURNED_MAILDIR else 0


@shared_task(name="workflows.send_by_rules")
def send_by_rules() -> int:
    """Queue what staff's rules by the clock say is due."""
    from workflows.mailing import due

    return due.send_due(timezone.now())


@shared_task(name="workflows.erase_message_bodies")
def erase_message_bodies() -> int:
    """Erase the texts of messages that were sent long enough ago."""
    from workflows.mailing import actions

    return actions.erase_bodies(timezone.localdate())


@shared_task(name="workflows.move_many")
def move_many(move_id: int, job_id: int) -> int:
    """Move the cases of a move that still wait; the job shows how far it has come."""
    # Imported here, because the outbox that a move writes to imports this module.
    from workflows.actions import moving_many

    with translation.override(settings.LANGUAGE_CODE):
        return moving_many.carry_out(move_id, job_id)


@shared_task(name="workflows.tick")
def tick() -> int:
    """Remind of what waits, call in help and let what stays silent lapse."""
    # Imported here, because the outbox that the clock writes to imports this module.
    from workflows.actions import clock

    return clock.tick().total()


@shared_task(name="workflows.daily_digest")
def daily_digest() -> int:
    """Tell administrators once a day what is broken, when something is."""
    # Imported here for the same reason.
    from workflows import digest

    with translation.override(settings.LANGUAGE_CODE):
        return digest.send(timezone.localdate())
