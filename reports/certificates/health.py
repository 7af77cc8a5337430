"""Certificates that should have been issued and have not; for the configuration check."""

import datetime
from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import ngettext

from core.health import Finding, Severity
from programme.models import CountedTime, Month
from reports.certificates import actions, sources
from reports.models import Certificate

#: The work is done every night; what is older than this it has not done.
NIGHTS = 2
#: Days after a month was locked within which its certificates are expected.
DAYS = 14


def check(on: datetime.date) -> Iterator[Finding]:
    """Completed courses that the nightly work has passed by, and locked months nobody issued."""
    counted = CountedTime.objects.filter(participation=OuterRef("pk"), current=True, minutes__gt=0)
    # Without counted time there is nothing that a certificate could say.
    completed = sources.completed_participations().filter(
        Exists(counted),
        pk__in=actions.uncertified_ids(),
        ended_on__lt=on - datetime.timedelta(days=NIGHTS),
    )
    if left := completed.count():
        yield Finding(
            ngettext(
                "%(n)d completed course has no certificate. Is the worker running?",
                "%(n)d completed courses have no certificate. Is the worker running?",
                left,
            )
            % {"n": left},
            Severity.BROKEN,
        )
    kind = Certificate.Kind.MONTH
    held = Certificate.objects.filter(kind=kind, revoked_at__isnull=True)
    waiting = set(
        sources.issuable_statements()
        .filter(month__locked_at__date__lt=on - datetime.timedelta(days=DAYS))
        .values_list("month", "person")
    )
    waiting -= set(held.values_list("month", "person"))
    # What somebody has revoked is no work left undone.
    waiting -= set(actions.revoked_by_hand(kind).values_list("month", "person"))
    months = Month.objects.filter(pk__in={month for month, _person in waiting})
    if names := [f"{month}" for month in months]:
        yield Finding(
            ngettext(
                "Certificates of a locked month have not been issued: %(months)s.",
                "Certificates of %(n)d locked months have not been issued: %(months)s.",
                len(names),
            )
            % {"n": len(names), "months": ", ".join(names)},
            Severity.WARNING,
            reverse("months:list"),
        )
