"""Invitations and reminders that are due: found by the clock, sent once whatever runs twice."""

import datetime

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people.access import actor_of
from people.models import User
from programme.models import Invitation, Occasion, Programme
from programme.occasions import notices
from programme.occasions.changing import lock
from programme.occasions.errors import Over
from programme.occasions.planning import ensure_arranges
from programme.queries import settings_on
from workflows.models import Message

# Nobody is reminded the day after being invited.
REST = datetime.timedelta(days=1)


def send_due(now: datetime.datetime | None = None) -> int:
    """Invite to and remind of every occasion whose day has come near enough; returns mails."""
    at = now or timezone.now()
    sent = 0
    for programme in Programme.objects.order_by("pk"):
        values = settings_on(programme, timezone.localdate(at))
        sent += sum(invite(pk) for pk in _near(programme, at, int(values["invitation_days"])))
        sent += sum(remind(pk, at) for pk in _near(programme, at, int(values["reminder_days"])))
    return sent


def _near(programme: Programme, at: datetime.datetime, days: int) -> list[int]:
    """Standing occasions that begin within so many days."""
    return list(
        Occasion.objects.standing()
        .filter(
            programme=programme,
            starts_at__gt=at,
            starts_at__lte=at + datetime.timedelta(days=days),
            invitations__withdrawn_at=None,
        )
        .exclude(kind=Occasion.Kind.RECORDING)
        .order_by("starts_at", "pk")
        .distinct()
        .values_list("pk", flat=True)
    )


@transaction.atomic
def invite(occasion_id: int, actor: User | None = None) -> int:
    """Invite those who have not been; whoever cannot be reached stays uninvited and is seen."""
    occasion = lock(occasion_id)
    if occasion.state == Occasion.State.CANCELLED or occasion.starts_at <= timezone.now():
        return 0
    rows = list(
        Invitation.objects.select_for_update()
        .filter(occasion=occasion, withdrawn_at=None, invited_at=None)
        .order_by("pk")
    )
    if not rows:
        return 0
    who = actor_of(actor) if actor else None
    with operation("occasion.invite", actor=who, subject=occasion.public_id):
        reached = notices.invited(occasion, rows)
        Invitation.objects.filter(pk__in=[row.pk for row in reached]).update(
            invited_at=timezone.now()
        )
    return len(reached)


@transaction.atomic
def invite_now(*, occasion_id: int, actor: User) -> int:
    """Staff send the invitations before the clock does."""
    occasion = lock(occasion_id)
    ensure_arranges(actor, occasion.district)
    if occasion.state == Occasion.State.CANCELLED or occasion.starts_at <= timezone.now():
        raise Over
    return invite(occasion_id, actor)


@transaction.atomic
def remind(occasion_id: int, now: datetime.datetime) -> int:
    """Remind those invited who have not said no, once for each version of the occasion."""
    occasion = lock(occasion_id)
    rows = list(
        Invitation.objects.filter(
            occasion=occasion, withdrawn_at=None, invited_at__lt=now - REST
        ).exclude(answer=Invitation.Answer.NOT_COMING)
    )
    keys = {notices.key_of("reminded", occasion, row): row for row in rows}
    already = Message.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True)
    for key in already:
        del keys[key]
    if not keys:
        return 0
    with operation("occasion.remind", subject=occasion.public_id):
        return len(notices.reminded(occasion, list(keys.values())))
