"""Queueing messages: rows in the transaction that causes them, mail after it.

A message that has been queued is sent even if the broker is down or the worker
is killed, because a sweep looks for waiting rows; it is sent once, because a
row is locked while it is sent and says so afterwards.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from core import lean
from people.models import User
from workflows.mailing import drafts
from workflows.mailing.words import first_words
from workflows.models import Case, Message
from workflows.tasks import deliver_waiting


@transaction.atomic
def queue(
    *,
    recipient: User,
    kind: str,
    dedupe_key: str,
    subject: str,
    body: str,
    link: str = "",
    case: Case | None = None,
) -> Message:
    """Queue one message; the same key again gives back the message already there.

    Subject and body name no person: mail is read in open offices and forwarded.
    The link leads to the page where the reader signs in and sees the rest.
    """
    message = Message(
        recipient=recipient,
        address=recipient.email,
        kind=kind,
        dedupe_key=dedupe_key,
        subject=subject,
        body=body,
        link=link,
        case=case,
    )
    with operation("message.queue", subject=case.reference if case else ""):
        queue_rows([message])
    return Message.objects.get(dedupe_key=dedupe_key)


def queue_worded(
    *,
    recipient: User,
    kind: str,
    dedupe_key: str,
    values: Mapping[str, object],
    link: str = "",
) -> None:
    """Queue one message in the words of its kind; staff's own are filled in when it is sent.

    :raises KeyError: when nobody has registered the kind.
    """
    words = first_words(kind, values)
    message = Message(
        recipient=recipient,
        address=recipient.email,
        kind=kind,
        dedupe_key=dedupe_key,
        subject=words.subject,
        body=words.body,
        values=dict(values),
        link=link,
    )
    with operation("message.queue"):
        queue_rows([message])


def queue_rows(messages: Iterable[Message]) -> None:
    """Write many messages in one statement, inside the caller's operation.

    Those of a kind of decision that waits for a colleague are written as drafts.
    """
    rows = list(messages)
    if not rows:
        return
    now = timezone.now()
    waits = drafts.waiting_kinds({row.kind for row in rows})
    for row in rows:
        if row.kind in waits:
            row.state = Message.State.DRAFT
        else:
            row.next_attempt_at = now
    lean.insert(rows, ignore_conflicts=True)
    # robust: a broker that does not answer must not break the request whose
    # transaction has just been committed; the sweep sends the message instead.
    transaction.on_commit(_wake, robust=True)


# A worker that is asked now looks after this many seconds, and finds what many have queued.
WAKE_SECONDS = 1.0
_asked_at = float("-inf")


def _wake() -> None:
    """Ask a worker to send what waits, unless one has been asked and has not looked yet."""
    global _asked_at
    now = time.monotonic()
    # A margin, so that the one who was asked cannot look before this message was committed.
    if now - _asked_at < WAKE_SECONDS / 2:
        return
    _asked_at = now
    try:
        deliver_waiting.apply_async(countdown=WAKE_SECONDS, retry=False)
    except Exception:
        _asked_at = float("-inf")
        raise
