"""Rules by the clock: what is due goes out once, and moves when the dated thing moves."""

from __future__ import annotations

import datetime

from django.db import transaction

from audit.operations import operation
from workflows import outbox
from workflows.mailing import rules
from workflows.mailing.actions import kind_of, words_to
from workflows.mailing.audiences import Audience, Moment, audience_named, clock
from workflows.models import Message, MessageRule

# A worker that stood still for longer sends nothing stale.
WINDOW = datetime.timedelta(hours=12)


def send_due(now: datetime.datetime) -> int:
    """Queue what every rule says is due; how many messages were new.

    Run twice, it sends once: each message carries the rule, the thing, its time and the reader.
    """
    return sum(_by_rule(rule, now) for rule in MessageRule.objects.in_use().order_by("pk"))


def _by_rule(rule: MessageRule, now: datetime.datetime) -> int:
    found, audience = clock(), audience_named(rule.audience)
    if found is None or audience is None:
        return 0
    before = rule.side == MessageRule.Side.BEFORE
    away = datetime.timedelta(hours=rule.hours)
    # Everything whose own moment can have been reached; the pure rule decides about each.
    start, end = (now - WINDOW, now + away) if before else (now - away - WINDOW, now)
    return sum(
        _send(rule, audience, moment)
        for moment in found.between(start, end, rule.kinds)
        if rules.is_due(
            begins=moment.begins,
            ends=moment.ends,
            hours=rule.hours,
            before=before,
            now=now,
            since=rule.starts_at,
            window=WINDOW,
        )
    )


@transaction.atomic
def _send(rule: MessageRule, audience: Audience, moment: Moment) -> int:
    """Queue one rule's messages about one thing, to those who belong now."""
    at = moment.begins if rule.side == MessageRule.Side.BEFORE else moment.ends
    rows = []
    for reader in audience.readers(moment.key, None):
        words = words_to(rule, reader)
        rows.append(
            Message(
                recipient_id=reader.user_id,
                address=reader.address,
                kind=kind_of(rule),
                dedupe_key=f"rule:{rule.public_id}:{moment.key}:{at:%Y%m%d%H%M}:{reader.user_id}",
                subject=words.subject,
                body=words.body,
                link=reader.link,
            )
        )
    known = set(
        Message.objects.filter(dedupe_key__in=[row.dedupe_key for row in rows]).values_list(
            "dedupe_key", flat=True
        )
    )
    new = [row for row in rows if row.dedupe_key not in known]
    if new:
        with operation("message.by_rule", subject=rule.public_id, reason=rule.decision):
            outbox.queue_rows(new)
    return len(new)
