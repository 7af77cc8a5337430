"""Sending the outbox's messages."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audit.operations import operation
from core.letters import letter
from people.access import actor_of
from people.models import User
from workflows import mail_links
from workflows.mailing import timing, words
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
            .filter(
                state=Message.State.WAITING,
                in_digest=False,
                next_attempt_at__lte=timezone.now(),
            )
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
    if message is None or _held(message):
        return False
    with operation("message.send", subject=message.public_id):
        _word(message)
        message.attempts += 1
        try:
            _mail(message).send()
        except Exception as error:  # whatever the mail server does, the row must tell
            _put_off(message, error)
            return False
        _tell_sent(message)
    return True


def _held(message: Message) -> bool:
    """Put the message off when the hours are quiet, or to the day's summary."""
    hold = timing.hold_for(message, timezone.now())
    if hold is None:
        return False
    with operation("message.hold", subject=message.public_id):
        message.next_attempt_at = hold.until
        message.in_digest = hold.in_digest
        message.save(update_fields=["next_attempt_at", "in_digest"])
    return True


def _word(message: Message) -> None:
    """Give the message the words that are in use now."""
    now = words.as_sent(message)
    message.subject, message.body = now.subject, now.body


def _tell_sent(message: Message) -> None:
    message.state = Message.State.SENT
    message.sent_at = timezone.now()
    message.next_attempt_at = None
    message.last_error = ""
    message.body_digest = hashlib.sha256(message.body.encode()).hexdigest()
    message.save(update_fields=[*_CHANGES, "subject", "body", "body_digest"])


_CHANGES = ["attempts", "state", "sent_at", "next_attempt_at", "last_error"]


def digest_readers() -> list[int]:
    """Accounts whose summary is due."""
    return list(
        Message.objects.filter(
            state=Message.State.WAITING, in_digest=True, next_attempt_at__lte=timezone.now()
        )
        .order_by("recipient")
        .values_list("recipient", flat=True)
        .distinct()
    )


@transaction.atomic
def send_digest(recipient_id: int) -> int:
    """Send what waits for the reader's summary in one mail; how many messages it was.

    Another worker that is at it already has the rows, and nothing is left for this one.
    """
    rows = list(
        Message.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("recipient")
        .filter(
            recipient_id=recipient_id,
            state=Message.State.WAITING,
            in_digest=True,
            next_attempt_at__lte=timezone.now(),
        )
        .order_by("created_at", "pk")
    )
    if not rows:
        return 0
    with operation("message.send_digest", subject=rows[0].public_id):
        for row in rows:
            _word(row)
            row.attempts += 1
        try:
            (_digest_mail(rows) if len(rows) > 1 else _mail(rows[0])).send()
        except Exception as error:  # as above
            for row in rows:
                _put_off(row, error)
            return 0
        for row in rows:
            _tell_sent(row)
    return len(rows)


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
    """Give a failed message a new round of attempts, to the address that the reader has now."""
    message = (
        Message.objects.select_for_update(of=("self",))
        .select_related("recipient")
        .get(pk=message.pk)
    )
    if message.state != Message.State.FAILED:
        return
    with operation("message.retry", actor=actor_of(actor), subject=message.public_id):
        message.state = Message.State.WAITING
        message.attempts = 0
        message.next_attempt_at = timezone.now()
        if message.recipient is not None:
            # The address was perhaps the fault.
            message.address = message.recipient.email
        message.save(update_fields=[*_CHANGES, "address"])


def _mail(message: Message) -> EmailMultiAlternatives:
    return _addressed(message, render(message))


def _digest_mail(rows: list[Message]) -> EmailMultiAlternatives:
    return _addressed(rows[0], render_digest(rows))


def _addressed(message: Message, rendered: Rendered) -> EmailMultiAlternatives:
    with translation.override(settings.LANGUAGE_CODE):
        return letter(
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            to=message.address,
            message_id=message_id(message),
        )


def message_id(message: Message) -> str:
    """The same for every attempt, so that a repeated mail is recognised."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{message.public_id}@{domain}>"


def render(message: Message) -> Rendered:
    """The mail in full: greeting, text, link and the statement of EU co-funding."""
    paragraphs = [part for part in message.body.split("\n") if part.strip()]
    context = {
        **_frame(message.recipient),
        "message": message,
        "subject": message.subject,
        "paragraphs": paragraphs,
        "link": _full(mail_links.link_of(message)),
    }
    return _rendered(message.subject, "mail", context)


def render_digest(rows: list[Message]) -> Rendered:
    """The day's summary: each message under its subject, with its own link."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("%(number)s messages from the portal") % {"number": len(rows)}
    parts = [
        {
            "subject": row.subject,
            "paragraphs": [part for part in row.body.split("\n") if part.strip()],
            "link": _full(mail_links.link_of(row)),
        }
        for row in rows
    ]
    context = {**_frame(rows[0].recipient), "subject": subject, "parts": parts}
    return _rendered(subject, "mail_digest", context)


def _full(link: str) -> str:
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    return f"{base}{link}" if link.startswith("/") else link


def _frame(recipient: User | None) -> dict[str, object]:
    """What every mail has around its text."""
    return {
        # The reader's own first name; nobody else's name is in a mail.
        "first_name": recipient.first_name if recipient else "",
        "portal": settings.WAGTAIL_SITE_NAME,
        "wishes": _full(reverse("workflows:message_wishes")),
    }


def _rendered(subject: str, template: str, context: dict[str, object]) -> Rendered:
    with translation.override(settings.LANGUAGE_CODE):
        return Rendered(
            # Staff's own names are in it, and a line break in one would stop the mail for good.
            subject=" ".join(subject.split()),
            text=render_to_string(f"workflows/{template}.txt", context),
            html=render_to_string(f"workflows/{template}.html", context),
        )
