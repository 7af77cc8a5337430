"""Reads shaped for the pages about messages."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext

from people.models import User
from workflows.mailing import timing
from workflows.mailing.audiences import Audience, Reader, audience_named
from workflows.mailing.kinds import MessageKind, areas, worded_kinds
from workflows.models import Mailing, Message, MessageText

WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True)
class TextLine:
    """One kind of message, and staff's words for it when they have written any."""

    kind: MessageKind
    text: MessageText | None


@dataclass(frozen=True)
class TextArea:
    """What some kinds of messages are about, with those kinds by name."""

    key: str
    name: str
    lines: Sequence[TextLine]


def text_areas() -> list[TextArea]:
    """Every kind whose words staff may change, with the newest words, by area; one query."""
    newest = MessageText.objects.order_by("kind", "-pk").distinct("kind")
    texts = {text.kind: text for text in newest.select_related("written_by")}
    names = {**areas(), "": gettext("Other")}
    found: dict[str, list[TextLine]] = {prefix: [] for prefix in names}
    for kind in worded_kinds():
        prefix = kind.key.partition(".")[0]
        line = TextLine(kind, texts.get(kind.key))
        found[prefix if prefix in names else ""].append(line)
    return [
        TextArea(prefix or "other", str(names[prefix]), lines)
        for prefix, lines in found.items()
        if lines
    ]


@dataclass(frozen=True)
class MailingLine:
    """A message to many, with how far it has come."""

    mailing: Mailing
    readers_in_words: str
    sent: int = 0
    failed: int = 0
    waiting: int = 0

    @property
    def audience(self) -> Audience | None:
        """Whose placeholders the words may hold; none when the room no longer registers it."""
        return audience_named(self.mailing.audience)


def mailing_lines(rows: Sequence[Mailing], viewer: User) -> list[MailingLine]:
    """The rows with counts of their messages, in one query for all of them."""
    states = Message.State
    counts = {
        pk: (sent, failed, waiting)
        for pk, sent, failed, waiting in Message.objects.filter(mailing__in=rows)
        .values("mailing")
        .annotate(
            sent=Count("pk", filter=Q(state=states.SENT)),
            failed=Count("pk", filter=Q(state=states.FAILED)),
            waiting=Count("pk", filter=Q(state=states.WAITING)),
        )
        .values_list("mailing", "sent", "failed", "waiting")
    }
    words: dict[str, dict[str, str]] = {}
    return [
        MailingLine(row, _in_words(row, viewer, words), *counts.get(row.pk, (0, 0, 0)))
        for row in rows
    ]


def _in_words(row: Mailing, viewer: User, known: dict[str, dict[str, str]]) -> str:
    """The audience and what it is about; subjects are read once an audience."""
    audience = audience_named(row.audience)
    if audience is None:
        return row.audience
    if not row.subject_key:
        return str(audience.name)
    if audience.key not in known:
        known[audience.key] = dict(audience.subjects(viewer)) if audience.subjects else {}
    about = known[audience.key].get(row.subject_key)
    return f"{audience.name}: {about}" if about else str(audience.name)


def why(audience: Audience, subject_key: str, viewer: User) -> str:
    """The rule that chose the readers, in a sentence."""
    about = dict(audience.subjects(viewer)).get(subject_key, "") if audience.subjects else ""
    return str(audience.why) % {"subject": about}


@dataclass(frozen=True)
class Budget:
    """How many messages the readers have had lately."""

    limit: int
    over: int
    most: int


def budget(readers: Sequence[Reader], now: datetime.datetime) -> Budget | None:
    """How many of the readers have had many messages in a week; nothing without a plan."""
    plan = timing.plan_on(timezone.localdate(now))
    if plan is None:
        return None
    counts = (
        Message.objects.filter(
            recipient__in=[reader.user_id for reader in readers], created_at__gt=now - WEEK
        )
        .exclude(state=Message.State.STOPPED)
        .values("recipient")
        .annotate(n=Count("pk"))
        .values_list("n", flat=True)
    )
    found = list(counts)
    return Budget(
        plan.many_a_week, sum(n >= plan.many_a_week for n in found), max(found, default=0)
    )
