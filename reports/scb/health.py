"""Months whose file to Statistics Sweden is late or soon due; for the configuration check."""

import datetime
from collections.abc import Iterator, Sequence

from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.translation import ngettext

from core.health import Finding, Severity
from programme.models import CountedTime, Month, Programme
from programme.months.rules import due_on, last_day
from programme.queries import current_programme, settings_on
from reports.models import ScbFile
from reports.scb.rules import Due, due


def check(on: datetime.date) -> Iterator[Finding]:
    """Months past their due day, and those within the days that a reminder comes before it."""
    programme = current_programme()
    if programme is None:
        return
    days = int(settings_on(programme, on)["attest_reminder_days"])
    standing = {month: due(due_on(month), on, days) for month in unsent(programme, on)}
    late = [month for month, how in standing.items() if how is Due.LATE]
    soon = [month for month, how in standing.items() if how is Due.SOON]
    if late:
        yield Finding(
            ngettext(
                "The file to Statistics Sweden is late: %(months)s.",
                "%(n)d files to Statistics Sweden are late: %(months)s.",
                len(late),
            )
            % {"n": len(late), "months": _named(late)},
            Severity.BROKEN,
            reverse("scb:list"),
        )
    if soon:
        yield Finding(
            ngettext(
                "The file to Statistics Sweden is to be sent soon: %(months)s.",
                "%(n)d files to Statistics Sweden are to be sent soon: %(months)s.",
                len(soon),
            )
            % {"n": len(soon), "months": _named(soon)},
            Severity.SOON,
            reverse("scb:list"),
        )


def unsent(programme: Programme, on: datetime.date) -> list[datetime.date]:
    """Ended months with hours whose newest file has not been sent, or must be sent again.

    A month in which nobody has hours has no file to send.
    """
    newest = {
        file.month.first_day: file
        for file in ScbFile.objects.filter(month__programme=programme)
        .order_by("version")
        .defer("lines")
        .select_related("month")
    }
    done = {
        month
        for month, file in newest.items()
        if file.state == ScbFile.State.SENT and file.stale_since is None
    }
    hours = set(
        CountedTime.objects.filter(
            occasion__programme=programme, current=True, minutes__gt=0, day__lt=on
        )
        .annotate(month=TruncMonth("day"))
        .values_list("month", flat=True)
        .distinct()
    )
    # A locked month's own summary says who is reported, whatever is counted since.
    for first, state, summary in Month.objects.filter(programme=programme).values_list(
        "first_day", "state", "summary"
    ):
        if state == Month.State.LOCKED and not summary.get("persons") and first not in newest:
            hours.discard(first)
    return sorted(month for month in (hours | newest.keys()) - done if last_day(month) < on)


def _named(months: Sequence[datetime.date]) -> str:
    return ", ".join(f"{month:%Y-%m} ({due_on(month).isoformat()})" for month in months)
