"""Reminders to attest, through the outbox: by hand one a day, by the clock one a month; no names."""

import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from people.access import actor_of
from people.models import Person, User
from programme.models import Month, Programme
from programme.months import access, figures
from programme.months.rules import Standing, due_on, months_between
from programme.queries import settings_on
from workflows.mailing.words import first_words
from workflows.models import Message
from workflows.outbox import queue_rows


def _messages(programme: Programme, month: datetime.date, when: str) -> list[Message]:
    """A message to everyone with an account whose hours wait for being attested.

    :param when: ends the key, so that the same occasion for reminding gives one message.
    """
    waiting = [
        one.person_id
        for one in figures.persons_of(programme.pk, month)
        if one.standing in (Standing.WAITING, Standing.CHANGED)
    ]
    code = f"{month:%Y-%m}"
    recipients = User.objects.filter(
        person__in=Person.objects.filter(pk__in=waiting), is_active=True
    ).order_by("pk")
    values = {"month": code}
    words = first_words("month.attest", values)
    return [
        Message(
            recipient=user,
            address=user.email,
            kind="month.attest",
            dedupe_key=f"month.attest:{programme.pk}:{code}:{user.pk}:{when}",
            subject=words.subject,
            body=words.body,
            values=values,
            link=reverse("months:my_month", args=[code]),
        )
        for user in recipients
    ]


@transaction.atomic
def remind(*, programme: Programme, month: datetime.date, actor: User) -> int:
    """Remind everyone with an account whose hours wait for being attested; returns how many."""
    access.ensure_closes(actor, programme)
    rows = _messages(programme, month, timezone.localdate().isoformat())
    with operation("month.remind", actor=actor_of(actor), subject=f"{month:%Y-%m}"):
        queue_rows(rows)
    return len(rows)


def months_to_remind(programme: Programme, today: datetime.date) -> list[datetime.date]:
    """The open months that end soon for reporting: within the setting's days of the last one."""
    days = int(settings_on(programme, today)["attest_reminder_days"])
    locked = set(
        Month.objects.filter(programme=programme, state=Month.State.LOCKED).values_list(
            "first_day", flat=True
        )
    )
    return [
        month
        for month in months_between(programme.starts_on, min(today, programme.ends_on))
        if month not in locked and 0 <= (due_on(month) - today).days <= days
    ]


def remind_due(today: datetime.date) -> int:
    """Remind once of each month that is soon to be reported; again the same month sends nothing.

    A day without a worker delays the reminder and loses none. Whoever attests, and whose hours
    change afterwards, is not reminded a second time: staff do that by hand.

    :returns: the number of messages that are new.
    """
    new = 0
    for programme in Programme.objects.order_by("pk"):
        for month in months_to_remind(programme, today):
            new += _remind_once(programme, month)
    return new


@transaction.atomic
def _remind_once(programme: Programme, month: datetime.date) -> int:
    rows = _messages(programme, month, "due")
    keys = [row.dedupe_key for row in rows]
    known = set(Message.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    fresh = [row for row in rows if row.dedupe_key not in known]
    if fresh:
        with operation("month.remind", subject=f"{month:%Y-%m}"):
            queue_rows(fresh)
    return len(fresh)
