"""When a message goes out: the plan of the day, the reader's wish, and the kind's importance."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from core.workdays import is_working_day
from workflows.mailing import rules
from workflows.mailing.kinds import importance_of
from workflows.models import Message, MessagePlan, MessagePreference


@dataclass(frozen=True)
class Hold:
    """Until when a message waits, and whether it then goes with the day's summary."""

    until: datetime.datetime
    in_digest: bool


def plan_on(day: datetime.date) -> MessagePlan | None:
    """The plan that holds on the day; without one nothing is held back."""
    return MessagePlan.objects.filter(valid_from__lte=day).first()


def hold_for(message: Message, now: datetime.datetime) -> Hold | None:
    """Whether the message waits a while longer, as the plan and the reader want it.

    What has been put with a summary is not put off again: the summary's time has come.
    """
    importance = importance_of(message.kind)
    local = timezone.localtime(now)
    row = plan_on(local.date())
    if row is None or importance is rules.Importance.URGENT or message.in_digest:
        return None
    plan = as_rules(row)
    at = local.replace(tzinfo=None)
    if importance is rules.Importance.NICE_TO_KNOW and _wants_summary(message):
        return Hold(_aware(rules.next_digest(plan, at, is_working_day)), in_digest=True)
    until = rules.quiet_until(plan, at, is_working_day)
    return Hold(_aware(until), in_digest=False) if until else None


def as_rules(row: MessagePlan) -> rules.Plan:
    """The plan as the pure rules know it."""
    return rules.Plan(row.quiet_from, row.quiet_to, row.quiet_days_off, row.digest_at)


def _wants_summary(message: Message) -> bool:
    """Whoever has said nothing gets one summary a day."""
    if message.recipient_id is None:
        return False
    return not MessagePreference.objects.filter(
        user_id=message.recipient_id, pace=MessagePreference.Pace.AT_ONCE
    ).exists()


def _aware(moment: datetime.datetime) -> datetime.datetime:
    """The local time as a moment; in the hour that the clock skips, the one after it."""
    return timezone.make_aware(moment)
