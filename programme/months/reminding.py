"""Reminders to attest, through the outbox: one a person and day, and no name in them."""

import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from people.access import actor_of
from people.models import Person, User
from programme.models import Programme
from programme.months import access, figures
from programme.months.rules import Standing
from workflows.mailing.words import first_words
from workflows.models import Message
from workflows.outbox import queue_rows


@transaction.atomic
def remind(*, programme: Programme, month: datetime.date, actor: User) -> int:
    """Remind everyone with an account whose hours wait for being attested; returns how many."""
    access.ensure_closes(actor, programme)
    waiting = [
        one.person_id
        for one in figures.persons_of(programme.pk, month)
        if one.standing in (Standing.WAITING, Standing.CHANGED)
    ]
    code = f"{month:%Y-%m}"
    today = timezone.localdate().isoformat()
    recipients = User.objects.filter(
        person__in=Person.objects.filter(pk__in=waiting), is_active=True
    ).order_by("pk")
    values = {"month": code}
    words = first_words("month.attest", values)
    rows = [
        Message(
            recipient=user,
            address=user.email,
            kind="month.attest",
            dedupe_key=f"month.attest:{programme.pk}:{code}:{user.pk}:{today}",
            subject=words.subject,
            body=words.body,
            values=values,
            link=reverse("months:my_month", args=[code]),
        )
        for user in recipients
    ]
    with operation("month.remind", actor=actor_of(actor), subject=code):
        queue_rows(rows)
    return len(rows)
