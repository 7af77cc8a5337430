"""Marks on a guest's row that mail is to be sent, in the transaction that causes it."""

from django.db import transaction
from django.utils import timezone

from programme.guests.tasks import send_guest_mail
from programme.models import Guest


def queue(guest: Guest, mail: Guest.Mail) -> None:
    """Mark what the guest is to be sent, inside the caller's operation."""
    guest.mail = mail
    guest.mail_after = timezone.now()
    guest.mail_attempts = 0
    guest.save()
    # robust: a broker that does not answer must not break the request; the sweep sends it.
    transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    send_guest_mail.apply_async(countdown=1, retry=False)
