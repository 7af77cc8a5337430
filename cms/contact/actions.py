"""Every write about messages from outside."""

import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override

from audit.operations import operation
from cms.contact import access
from cms.contact.message_kinds import RECEIVED
from cms.models.contact import ContactMessage, ContactPage
from people.models import RoleAssignment, User
from workflows.mailing.words import first_words
from workflows.models import Message
from workflows.outbox import queue_rows


@transaction.atomic
def receive(
    *, page: ContactPage, subject: str, text: str, name: str = "", email: str = ""
) -> ContactMessage:
    """Keep what a visitor wrote, and tell the staff that something has come in."""
    with operation("contact.receive"):
        message = ContactMessage.objects.create(
            subject=subject,
            text=text,
            name=name,
            email=email,
            language=get_language() or "sv",
            keep_until=timezone.localdate() + datetime.timedelta(days=page.keep_days),
        )
        _tell(page, message)
    return message


def _tell(page: ContactPage, message: ContactMessage) -> None:
    if page.told_role_id is None:
        return
    held = RoleAssignment.objects.on(timezone.localdate()).filter(role_id=page.told_role_id)
    # Staff read Swedish, whatever language the visitor reads.
    with override(settings.LANGUAGE_CODE):
        values = {"about": str(message.get_subject_display())}
    words = first_words(RECEIVED.key, values)
    queue_rows(
        Message(
            recipient=user,
            address=user.email,
            kind=RECEIVED.key,
            dedupe_key=f"{RECEIVED.key}:{message.public_id}:{user.pk}",
            subject=words.subject,
            body=words.body,
            values=values,
            link=reverse("cms:message", args=[message.public_id]),
        )
        for user in User.objects.filter(pk__in=held.values("user"))
    )


@transaction.atomic
def mark_answered(*, message_id: int, actor: User) -> ContactMessage:
    """Say that somebody has answered; the first one stands."""
    message = ContactMessage.objects.select_for_update().get(pk=message_id)
    access.ensure_may_read(actor)
    if message.answered_at is None:
        with operation("contact.answer", subject=message.public_id):
            message.answered_at, message.answered_by = timezone.now(), actor
            message.save(update_fields=["answered_at", "answered_by"])
    return message


@transaction.atomic
def erase_due(*, today: datetime.date) -> int:
    """Empty the messages whose time is over; run twice, nothing more happens."""
    due = ContactMessage.objects.filter(keep_until__lt=today, erased_at__isnull=True)
    with operation("contact.erase"):
        return due.update(text="", name="", email="", erased_at=timezone.now())
