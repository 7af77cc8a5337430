"""What is wrong with workflows and messages as they stand today; for the daily digest."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.health import Finding, Severity
from workflows import delivery
from workflows.mailing import drafts, timing
from workflows.models import Message, WorkflowDefinition
from workflows.publishing import problems_of

#: A message that has waited this long says that nothing is sent at all.
STUCK = datetime.timedelta(hours=1)


def workflows(on: datetime.date) -> Iterator[Finding]:
    """What would stop each workflow from being published today, such as a district with nobody."""
    for definition in WorkflowDefinition.objects.annotate(numbers=Count("versions")):
        # What has never been published stops nobody yet.
        severity = Severity.BROKEN if definition.numbers else Severity.WARNING
        link = reverse("workflows_publish", args=[definition.pk])
        for problem in problems_of(definition, on=on):
            words = {"name": definition.name, "problem": problem.message}
            yield Finding(_("«%(name)s»: %(problem)s") % words, severity, link)


def mails(on: datetime.date) -> Iterator[Finding]:
    """Messages that were given up, and a queue that stands still."""
    link = reverse("workflows:failed_mail")
    failed = delivery.failed().count()
    if failed:
        yield Finding(
            ngettext(
                "%(number)s message could not be delivered.",
                "%(number)s messages could not be delivered.",
                failed,
            )
            % {"number": failed},
            Severity.BROKEN,
            link,
        )
    plan = timing.plan_on(on)
    late = drafts.late(timezone.now(), plan.draft_days).count() if plan else 0
    if late:
        yield Finding(
            ngettext(
                "%(number)s message of a decision has waited too long for a colleague to read it.",
                "%(number)s messages of decisions have waited too long for a colleague to read them.",
                late,
            )
            % {"number": late},
            Severity.WARNING,
            reverse("workflows:message_drafts"),
        )
    stuck = Message.objects.filter(
        state=Message.State.WAITING, attempts=0, created_at__lt=timezone.now() - STUCK
    ).count()
    if stuck:
        yield Finding(
            ngettext(
                "%(number)s message has waited for more than an hour. Is the worker running?",
                "%(number)s messages have waited for more than an hour. Is the worker running?",
                stuck,
            )
            % {"number": stuck},
        )
