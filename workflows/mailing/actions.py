"""Every write about texts, plans, wishes, messages to many and rules by the clock."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people.access import actor_of
from people.models import User
from workflows import outbox
from workflows.mailing import errors, timing
from workflows.mailing.access import ensure_sends, ensure_words
from workflows.mailing.audiences import Reader, audience_named
from workflows.mailing.words import Words, filled
from workflows.models import (
    Mailing,
    Message,
    MessagePlan,
    MessagePreference,
    MessageRule,
    MessageText,
)


@transaction.atomic
def word(*, kind: str, subject: str, body: str, reason: str, actor: User) -> MessageText:
    """Give a kind of message new words; what was said before is kept."""
    ensure_words(actor)
    with operation("message.word", actor=actor_of(actor), reason=reason, subject=kind):
        return MessageText.objects.create(
            kind=kind, subject=subject, body=body, reason=reason, written_by=actor
        )


@transaction.atomic
def plan(*, actor: User, **values: Any) -> MessagePlan:
    """Decide when messages are held, from a date on."""
    ensure_words(actor)
    with operation("message.plan", actor=actor_of(actor), reason=values["decision"]):
        return MessagePlan.objects.create(**values)


@transaction.atomic
def wish(*, user: User, pace: str) -> None:
    """Remember how somebody wants what is nice to know."""
    with operation("message.wish", actor=actor_of(user)):
        MessagePreference.objects.update_or_create(user=user, defaults={"pace": pace})


@transaction.atomic
def draft(*, actor: User, mailing_id: int | None = None, **values: Any) -> Mailing:
    """Write a draft, or change one.

    :raises CannotSend: when it is a draft no longer.
    """
    ensure_sends(actor)
    with operation("mailing.draft", actor=actor_of(actor)):
        if mailing_id is None:
            return Mailing.objects.create(created_by=actor, **values)
        mailing = _locked(mailing_id)
        for name, value in values.items():
            setattr(mailing, name, value)
        mailing.revision += 1
        mailing.save()
        return mailing


@transaction.atomic
def discard(*, mailing_id: int, actor: User) -> None:
    """Throw a draft away; its row stays."""
    ensure_sends(actor)
    mailing = _locked(mailing_id)
    with operation("mailing.discard", actor=actor_of(actor), subject=mailing.public_id):
        mailing.state = Mailing.State.DISCARDED
        mailing.save(update_fields=["state"])


@transaction.atomic
def send(*, mailing_id: int, revision: int, actor: User) -> int:
    """Queue the draft to everyone who belongs to its readers now; returns how many.

    :param revision: the draft that the sender has read.
    :raises CannotSend: when it has been sent or changed meanwhile, when nobody belongs to the
        readers, or when so many do that a colleague must send.
    """
    ensure_sends(actor)
    mailing = _locked(mailing_id)
    if mailing.revision != revision:
        raise errors.CannotSend(errors.CHANGED)
    if not may_write_to(actor, mailing.audience, mailing.subject_key):
        raise errors.CannotSend(errors.NOT_YOURS)
    readers = readers_of(mailing, actor)
    if not readers:
        raise errors.CannotSend(errors.NOBODY)
    if needs_colleague(mailing, len(readers), actor):
        raise errors.CannotSend(errors.ASK_A_COLLEAGUE)
    with operation("mailing.send", actor=actor_of(actor), subject=mailing.public_id):
        mailing.state = Mailing.State.SENT
        mailing.sent_by, mailing.sent_at = actor, timezone.now()
        mailing.readers = len(readers)
        mailing.save(update_fields=["state", "sent_by", "sent_at", "readers"])
        outbox.queue_rows(message_to(mailing, reader) for reader in readers)
    return len(readers)


def may_write_to(actor: User, audience: str, subject_key: str) -> bool:
    """Whether the readers are among those the account may choose."""
    found = audience_named(audience)
    if found is None:
        return False
    if found.subjects is None:
        return not subject_key
    return subject_key in {key for key, _words in found.subjects(actor)}


def needs_colleague(mailing: Mailing, readers: int, actor: User) -> bool:
    """Whether somebody else than the author must send to so many."""
    row = timing.plan_on(timezone.localdate())
    return row is not None and readers > row.review_over and mailing.created_by_id == actor.pk


def readers_of(mailing: Mailing, viewer: User | None) -> Sequence[Reader]:
    """Who belongs to the readers now, each account once."""
    audience = audience_named(mailing.audience)
    if audience is None:
        return []
    found = audience.readers(mailing.subject_key, viewer)
    return list({reader.user_id: reader for reader in found}.values())


def words_to(mailing: Mailing | MessageRule, reader: Reader) -> Words:
    """What one reader will read."""
    return filled(mailing.subject, mailing.body, {**reader.values})


def message_to(mailing: Mailing, reader: Reader) -> Message:
    """The message to one reader; never two to the same."""
    words = words_to(mailing, reader)
    return Message(
        recipient_id=reader.user_id,
        address=reader.address,
        kind=kind_of(mailing),
        dedupe_key=f"mailing:{mailing.public_id}:{reader.user_id}",
        subject=words.subject,
        body=words.body,
        link=reader.link,
        mailing=mailing,
    )


def kind_of(source: Mailing | MessageRule) -> str:
    """How the message is sent."""
    return "many.must" if source.must_know else "many.nice"


@transaction.atomic
def stop(*, mailing_id: int, actor: User) -> int:
    """Stop what has not gone out yet; how many messages that was."""
    ensure_sends(actor)
    mailing = Mailing.objects.select_for_update(of=("self",)).get(pk=mailing_id)
    if mailing.state != Mailing.State.SENT:
        raise errors.CannotSend(errors.NOT_SENT)
    with operation("mailing.stop", actor=actor_of(actor), subject=mailing.public_id):
        stopped = Message.objects.filter(mailing=mailing, state=Message.State.WAITING).update(
            state=Message.State.STOPPED, next_attempt_at=None
        )
        if stopped:
            mailing.state = Mailing.State.STOPPED
            mailing.save(update_fields=["state"])
    return stopped


def _locked(mailing_id: int) -> Mailing:
    mailing = Mailing.objects.select_for_update(of=("self",)).get(pk=mailing_id)
    if mailing.state != Mailing.State.DRAFT:
        raise errors.CannotSend(errors.NOT_A_DRAFT)
    return mailing


@transaction.atomic
def add_rule(*, actor: User, **values: Any) -> MessageRule:
    """Take a rule by the clock into use; what was due before now is not sent."""
    ensure_sends(actor)
    with operation("message.rule", actor=actor_of(actor), reason=values["decision"]):
        return MessageRule.objects.create(created_by=actor, starts_at=timezone.now(), **values)


@transaction.atomic
def end_rule(*, rule_id: int, actor: User) -> None:
    """Take a rule out of use; what it has queued is sent all the same."""
    ensure_sends(actor)
    rule = MessageRule.objects.select_for_update(of=("self",)).get(pk=rule_id)
    if rule.ended_at is not None:
        return
    with operation("message.rule_end", actor=actor_of(actor), subject=rule.public_id):
        rule.ended_at = timezone.now()
        rule.save(update_fields=["ended_at"])


@transaction.atomic
def erase_bodies(today: datetime.date) -> int:
    """Erase the text of what was sent long ago; that it was sent, and its digest, stay."""
    row = timing.plan_on(today)
    if row is None:
        return 0
    before = timezone.now() - datetime.timedelta(days=row.keep_bodies_days)
    old = Message.objects.filter(state=Message.State.SENT, sent_at__lt=before).exclude(body="")
    with operation("message.erase", reason=row.decision):
        return old.update(body="", values={})
