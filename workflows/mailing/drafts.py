"""Messages of decisions that wait as drafts, for a colleague to read and send.

Which kinds wait is data (`MessageReview`): the newest row of a kind counts. A draft is a row of
the outbox that no worker sends; sending it gives it to the outbox as it would have gone.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.operations import operation
from core import lean
from people.access import actor_of
from people.models import User
from workflows.mailing import errors
from workflows.mailing.access import ensure_sends, ensure_words, may_send
from workflows.mailing.kinds import MessageKind, decision_kinds, kind_named
from workflows.mailing.words import Words
from workflows.models import Message, MessageReview
from workflows.sources import Source, Waiting


def waiting_kinds(kinds: Collection[str]) -> set[str]:
    """Those of the kinds whose messages wait as drafts now; no question for other kinds."""
    asked = {key for key in kinds if (kind := kind_named(key)) is not None and kind.decides}
    if not asked:
        return set()
    # A later row of the same kind takes the place of an earlier one.
    newest = {row.kind: row for row in lean.select(MessageReview, _IN_ORDER, [sorted(asked)])}
    return {row.kind for row in newest.values() if row.waits}


# Asked whenever a case is decided, so in words that the database keeps prepared. A kind has a
# handful of rows in its life: reading them all takes a third of looking for the newest.
_IN_ORDER = "WHERE t.kind = ANY(%s::text[]) ORDER BY t.id"


def _newest(kinds: Collection[str]) -> dict[str, MessageReview]:
    rows = MessageReview.objects.filter(kind__in=kinds).order_by("kind", "-pk").distinct("kind")
    return {row.kind: row for row in rows.select_related("decided_by")}


@dataclass(frozen=True)
class Choice:
    """A kind of decision's message, and what has been decided about it."""

    kind: MessageKind
    row: MessageReview | None

    @property
    def waits(self) -> bool:
        """Whether its messages wait as drafts."""
        return self.row is not None and self.row.waits


def choices() -> list[Choice]:
    """Every kind that tells of a decision, by name; one query."""
    kinds = decision_kinds()
    rows = _newest([kind.key for kind in kinds])
    return [Choice(kind, rows.get(kind.key)) for kind in kinds]


@transaction.atomic
def decide(*, kind: str, waits: bool, decision: str, actor: User) -> MessageReview:
    """Let the kind's messages wait as drafts from now on, or go at once again."""
    ensure_words(actor)
    found = kind_named(kind)
    if found is None or not found.decides:
        raise errors.CannotSend(errors.NO_DECISION)
    with operation("message.review", actor=actor_of(actor), reason=decision, subject=kind):
        return MessageReview.objects.create(
            kind=kind, waits=waits, decision=decision, decided_by=actor
        )


def drafts() -> QuerySet[Message]:
    """Every draft, those that have waited longest first."""
    return (
        Message.objects.filter(state=Message.State.DRAFT)
        .select_related("recipient__person__unit", "case", "caused_by")
        .order_by("created_at", "pk")
    )


def released() -> QuerySet[Message]:
    """What was a draft until a colleague sent it or stopped it."""
    return Message.objects.exclude(state=Message.State.DRAFT).filter(released_by__isnull=False)


def to_review(user: User) -> QuerySet[Message]:
    """The drafts that the user may send: neither of their own decisions nor to themselves."""
    if not may_send(user):
        return Message.objects.none()
    return drafts().exclude(_own(user))


def _own(user: User) -> Q:
    return Q(caused_by__isnull=False, caused_by=user) | Q(recipient__isnull=False, recipient=user)


def late(now: datetime.datetime, days: int) -> QuerySet[Message]:
    """Drafts that have waited longer than so many days."""
    return drafts().filter(created_at__lt=now - datetime.timedelta(days=days))


@transaction.atomic
def send(*, message_id: int, words: Words | None, actor: User) -> Message:
    """Give the draft to the outbox, in the words of its kind or in words of its own.

    The sweep that looks for waiting messages sends it within a minute.

    :param words: what the reader changed, and nothing when they changed nothing.
    :raises CannotSend: when it is a draft no longer, or the actor decided it or is its reader.
    """
    message = _locked(message_id, actor)
    with operation("message.release", actor=actor_of(actor), subject=message.public_id):
        if words is not None:
            message.subject, message.body, message.own_words = words.subject, words.body, True
        message.state = Message.State.WAITING
        message.next_attempt_at = timezone.now()
        message.released_by = actor
        message.save()
    return message


@transaction.atomic
def stop(*, message_id: int, reason: str, actor: User) -> Message:
    """Let the draft go to nobody; the row and the reason stay."""
    message = _locked(message_id, actor)
    with operation(
        "message.withhold", actor=actor_of(actor), reason=reason, subject=message.public_id
    ):
        message.state = Message.State.STOPPED
        message.released_by = actor
        message.save(update_fields=["state", "released_by"])
    return message


def _locked(message_id: int, actor: User) -> Message:
    ensure_sends(actor)
    message = Message.objects.select_for_update(of=("self",)).get(pk=message_id)
    if message.state != Message.State.DRAFT:
        raise errors.CannotSend(errors.NOT_A_DRAFT)
    ensure_colleague(message, actor)
    return message


def ensure_colleague(message: Message, actor: User) -> None:
    """:raises CannotSend: to whoever made the decision, and to the one who is told of it."""
    if actor.pk in (message.caused_by_id, message.recipient_id):
        raise errors.CannotSend(errors.NOT_A_COLLEAGUE)


class ToReview(Source):
    """Drafts beside the cases, in the inbox of those who may send them."""

    key = "drafts"
    name = _("Messages of decisions to read and send")

    def is_for(self, user: User) -> bool:
        """Only those who write to others are asked about."""
        return may_send(user)

    def count(self, user: User, at_most: int) -> int:
        """How many wait, counted no further than asked."""
        return to_review(user).order_by()[:at_most].count()

    def rows(self, user: User, at_most: int) -> Sequence[Waiting]:
        """The drafts, in one query."""
        return [
            Waiting(
                title=message.subject,
                kind=str(found.name) if (found := kind_named(message.kind)) else message.kind,
                url=reverse("workflows:message_draft", args=[message.public_id]),
                since=message.created_at,
                sent_by=message.caused_by.get_full_name() if message.caused_by else "",
            )
            for message in to_review(user)[:at_most]
        ]
