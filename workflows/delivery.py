"""Sending the outbox's messages."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone, translation

from audit.operations import operation
from people.access import actor_of
from people.models import User
from workflows import mail_links
from workflows.models import Message

# Waits after each failed attempt; after the last one the message has failed.
BACK_OFF = tuple(datetime.timedelta(minutes=m) for m in (1, 5, 15, 60, 240))
MAX_ATTEMPTS = len(BACK_OFF) + 1
SWEEP_SIZE = 200


@dataclass(frozen=True)
class Rendered:
    """A mail as it is sent."""

    subject: str
    text: str
    html: str


def waiting() -> list[str]:
    """Public ids of messages whose turn has come, oldest first.

    Rows that another worker is sending right now are left to it.
    """
    with transaction.atomic():
        return list(
            Message.objects.select_for_update(skip_locked=True)
            .filter(state=Message.State.WAITING, next_attempt_at__lte=timezone.now())
            .order_by("next_attempt_at", "pk")
            .values_list("public_id", flat=True)[:SWEEP_SIZE]
        )


@transaction.atomic
def send_one(public_id: str) -> bool:
    """Send the message unless it has been sent, or is being sent by another worker.

    If the process dies after the mail server has taken the mail but before the
    row says so, it is sent again with the same Message-ID, so that mail
    programs show it once.
    """
    message = (
        Message.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("recipient")
        .filter(public_id=public_id, state=Message.State.WAITING)
        .first()
    )
    if message is None:
        return False
    with operation("message.send", subject=message.public_id):
        message.attempts += 1
        try:
            _mail(message).send()
        except Exception as error:  # whatever the mail server does, the row must tell
            _put_off(message, error)
            return False
        message.state = Message.State.SENT
        message.sent_at = timezone.now()
        message.next_attempt_at = None
        message.last_error = ""
        message.save(update_fields=_CHANGES)
    return True


_CHANGES = ["attempts", "state", "sent_at", "next_attempt_at", "last_error"]


def _put_off(message: Message, error: Exception) -> None:
    message.last_error = f"{type(error).__name__}: {error}"[:200]
    if message.attempts >= MAX_ATTEMPTS:
        message.state = Message.State.FAILED
        message.next_attempt_at = None
    else:
        message.next_attempt_at = timezone.now() + BACK_OFF[message.attempts - 1]
    message.save(update_fields=_CHANGES)


def failed() -> QuerySet[Message]:
    """Messages that were given up, the latest first."""
    return Message.objects.filter(state=Message.State.FAILED).select_related("recipient", "case")


@transaction.atomic
def try_again(message: Message, *, actor: User) -> None:
    """Give a failed message a new round of attempts."""
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.state != Message.State.FAILED:
        return
    with operation("message.retry", actor=actor_of(actor), subject=message.public_id):
        message.state = Message.State.WAITING
        message.attempts = 0
        message.next_attempt_at = timezone.now()
        message.save(update_fields=_CHANGES)


def _mail(message: Message) -> EmailMultiAlternatives:
    rendered = render(message)
    mail = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.address],
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(rendered.html, "text/html")
    return mail


def message_id(message: Message) -> str:
    """The same for every attempt, so that a repeated mail is recognised."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{message.public_id}@{domain}>"


def render(message: Message) -> Rendered:
    """The mail in full: greeting, text, link and the statement of EU co-funding."""
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    recipient, link = message.recipient, mail_links.link_of(message)
    context = {
        "message": message,
        # The reader's own first name; nobody else's name is in a mail.
        "first_name": recipient.first_name if recipient else "",
        "paragraphs": [part for part in message.body.split("\n") if part.strip()],
        "link": f"{base}{link}" if link.startswith("/") else link,
        "emblem": f"{base}{static('emblem/eu-sv.svg')}",
        "portal": settings.WAGTAIL_SITE_NAME,
    }
    with translation.override(settings.LANGUAGE_CODE):
        return Rendered(
            # Staff's own names are in it, and a line break in one would stop the mail for good.
            subject=" ".join(message.subject.split()),
            text=render_to_string("workflows/mail.txt", context),
            html=render_to_string("workflows/mail.html", context),
        )
