"""A row decided again, and a report taken back: earlier times are voided, never changed (4.4)."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import Operation
from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import User
from programme.attendance import deciding, importing, rules
from programme.attendance.errors import DecisionRefused, ReportRefused
from programme.attendance.marking import void, write_marks
from programme.hours.actions import recount
from programme.models import Attendance, Evidence, ReportRow, Segment

#: Marks that a report made by itself, so that they go when its time goes.
BY_A_REPORT = ("attendance.import_report", "attendance.decide_row", "attendance.decide_row_again")


@transaction.atomic
def decide_again(*, row_id: int, person_id: int | None, reason: str, actor: User) -> ReportRow:
    """A human says anew whose a row is, or that it is no participant's, while the month is open.

    :param person_id: someone on the list; nobody means «not a participant».
    :raises DecisionRefused: without a reason, for a row that no human has decided, for the
        same answer again, or for a person who is not on the list.
    :raises MonthLocked: when the occasion's month is locked.
    """
    evidence_id = ReportRow.objects.values_list("evidence_id", flat=True).get(pk=row_id)
    evidence = importing.lock_counted(evidence_id, actor)
    row = ReportRow.objects.get(pk=row_id)
    if row.decided_at is None:
        raise DecisionRefused(_("Nobody has decided this row, so it cannot be decided again."))
    if not says(reason):
        raise DecisionRefused(_("Write why the decision was wrong. Nothing was changed."))
    if row.person_id == person_id:
        raise DecisionRefused(_("That is what is decided already. Nothing was changed."))
    if person_id is not None:
        deciding.ensure_listed(evidence.occasion, person_id)
    with operation(
        "attendance.decide_row_again",
        actor=actor_of(actor),
        reason=reason.strip(),
        subject=evidence.occasion.public_id,
    ):
        times = Segment.objects.filter(report_row=row, voided_at=None)
        _take_away(evidence, list(times), reason.strip(), actor)
        deciding.write_decision([row], person_id, reason.strip(), actor)
        if person_id is not None:
            importing.write_segments(evidence, [row], actor)
    return row


@transaction.atomic
def take_back(*, evidence_id: int, reason: str, actor: User) -> Evidence:
    """A report of the wrong meeting, or one that should not be counted: its times count no more.

    The file and what was decided of its rows stay, so that it can be counted again.

    :raises ReportRefused: without a reason, or when it is taken back already.
    :raises MonthLocked: when the occasion's month is locked.
    """
    evidence = importing.lock_report(evidence_id, actor)
    if importing.state_of(evidence) == importing.TAKEN_BACK:
        raise ReportRefused(_("The report is taken back already. Nothing was changed."))
    if not says(reason):
        raise ReportRefused(_("Write why the report is taken back. Nothing was changed."))
    with operation(
        "attendance.take_back_report",
        actor=actor_of(actor),
        reason=reason.strip(),
        subject=evidence.occasion.public_id,
    ):
        times = Segment.objects.filter(evidence=evidence, voided_at=None)
        _take_away(evidence, list(times), reason.strip()[:200], actor)
        evidence.summary = evidence.summary | {"state": importing.TAKEN_BACK}
        evidence.save(update_fields=["summary"])
    return evidence


def _take_away(evidence: Evidence, times: Sequence[Segment], reason: str, actor: User) -> None:
    """Void the times; whoever has no time left loses the mark that the report made."""
    now = timezone.now()
    void([one.pk for one in times], reason=reason, actor=actor, now=now)
    persons = sorted({one.person_id for one in times})
    _unmark(evidence, persons, actor, now)
    recount(occasion_ids=[evidence.occasion.pk], person_ids=persons)


def _unmark(
    evidence: Evidence, persons: Sequence[int], actor: User, now: datetime.datetime
) -> None:
    at = {"occasion": evidence.occasion, "person__in": persons}
    there = Segment.objects.filter(**at, voided_at=None).values("person")
    present = Attendance.objects.filter(**at, mark=rules.PRESENT).exclude(person__in=there)
    marked = {one.pk: one for one in present}
    newest = Attendance.history.filter(id__in=marked).order_by("id", "-history_id").distinct("id")
    made_in = dict(newest.values_list("id", "operation_id"))
    by_reports = set(
        Operation.objects.filter(pk__in=made_in.values(), name__in=BY_A_REPORT).values_list(
            "pk", flat=True
        )
    )
    marks = {
        marked[pk].person_id: (rules.UNMARKED, marked[pk].note)
        for pk, made in made_in.items()
        if made in by_reports
    }
    if marks:
        write_marks(evidence.occasion, marks, actor=actor, now=now)
