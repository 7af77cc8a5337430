"""What the demo's story leaves with Statistics Sweden, and the certificates it leads to.

Made by the same functions as everything else; only the days are the story's.
"""

import datetime
from itertools import count

from django.db import transaction

from audit.operations import operation
from people.demo import DEMO, DOMAIN
from people.models import User
from programme.demo_story.dating import at
from programme.demo_story.planted import REASON
from programme.models import Month
from programme.months.rules import last_day
from reports.certificates.actions import issue_courses, issue_month, uncertified_ids
from reports.models import ScbFile
from reports.scb.actions import make, reconcile, send

# Days after the end of the month; it is locked on the twentieth.
MADE_ON, SENT_ON = 21, 24
# Certificates at once: enough for the statements to be worth their while, few enough to hold.
CHUNK = 2000


def report_months(*, today: datetime.date) -> None:
    """The files of every locked month with hours, sent in order as far as the day has come."""
    economist = User.objects.get(email=f"ekonom@{DOMAIN}")
    months = Month.objects.filter(
        state=Month.State.LOCKED, summary__persons__gt=0, scb_files=None
    ).order_by("first_day")
    for month in months:
        if last_day(month.first_day) + datetime.timedelta(days=MADE_ON) < today:
            with transaction.atomic(), operation("demo.story", actor=DEMO):
                _report(month, economist, today)
    _miscount(economist)


def _report(month: Month, economist: User, today: datetime.date) -> None:
    end = last_day(month.first_day)
    file = make(month_id=month.pk, actor=economist, leave_out_missing=True)
    dates = {"made_at": at(end + datetime.timedelta(days=MADE_ON), 600)}
    sent_on = end + datetime.timedelta(days=SENT_ON)
    if sent_on < today:
        file = send(file_id=file.pk, receipt=f"SCB {month}: mottagen", actor=economist)
        reconcile(
            file_id=file.pk, rows=file.rows, hundredths=file.hours_hundredths, actor=economist
        )
        dates["sent_at"] = at(sent_on, 600)
    ScbFile.objects.filter(pk=file.pk).update(**dates)


def _miscount(economist: User) -> None:
    """A planted error: one receipt says that a row less arrived than was sent."""
    sent = ScbFile.objects.filter(state=ScbFile.State.SENT).order_by("month__first_day")
    second = sent[1] if sent.count() > 1 else None
    if second is not None and second.received_rows == second.rows:
        with transaction.atomic(), operation("demo.planted_error", actor=DEMO, reason=REASON):
            reconcile(
                file_id=second.pk,
                rows=second.rows - 1,
                hundredths=second.hours_hundredths,
                actor=economist,
            )


def certify() -> None:
    """Certificates of every locked month and of every completed course."""
    for month in Month.objects.filter(state=Month.State.LOCKED).order_by("first_day"):
        for _ in count():
            if not issue_month(month_id=month.pk, actor=None, most=CHUNK):
                break
    completed = uncertified_ids()
    for start in range(0, len(completed), CHUNK):
        issue_courses(participation_ids=completed[start : start + CHUNK])
