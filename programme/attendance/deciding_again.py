"""A decided row of a meeting report decided again: the earlier time is voided, never changed (4.4)."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import Operation
from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import User
from programme.attendance import importing, rules
from programme.attendance.errors import DecisionRefused
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
    evidence = importing.lock_report(evidence_id, actor)
    row = ReportRow.objects.get(pk=row_id)
    if row.decided_at is None:
        raise DecisionRefused(_("Nobody has decided this row, so it cannot be decided again."))
    if not says(reason):
        raise DecisionRefused(_("Write why the decision was wrong. Nothing was changed."))
    if row.person_id == person_id:
        raise DecisionRefused(_("That is what is decided already. Nothing was changed."))
    if person_id is not None:
        importing.ensure_listed(evidence.occasion, person_id)
    with operation(
        "attendance.decide_row_again",
        actor=actor_of(actor),
        reason=reason.strip(),
        subject=evidence.occasion.public_id,
    ):
        _take_away(evidence, row, reason.strip(), actor)
        importing.write_decision([row], person_id, reason.strip(), actor)
        if person_id is not None:
            importing.write_segments(evidence, [row], actor)
    return row


def _take_away(evidence: Evidence, row: ReportRow, reason: str, actor: User) -> None:
    """Void the row's time; whoever has no time left loses the mark that the report made."""
    now = timezone.now()
    times = list(Segment.objects.filter(report_row=row, voided_at=None))
    void([one.pk for one in times], reason=reason, actor=actor, now=now)
    occasion = evidence.occasion
    for person in sorted({one.person_id for one in times}):
        _unmark(occasion.pk, evidence, person, actor, now)
    recount(occasion_ids=[occasion.pk], person_ids=sorted({one.person_id for one in times}))


def _unmark(
    occasion_id: int, evidence: Evidence, person: int, actor: User, now: datetime.datetime
) -> None:
    if Segment.objects.filter(occasion=occasion_id, person=person, voided_at=None).exists():
        return
    marked = Attendance.objects.filter(
        occasion=occasion_id, person=person, mark=rules.PRESENT
    ).first()
    if marked is None:
        return
    last = Attendance.history.filter(id=marked.pk).order_by("-history_id").first()
    made_by = Operation.objects.filter(pk=last.operation_id, name__in=BY_A_REPORT) if last else None
    if made_by is not None and made_by.exists():
        marks = {person: (rules.UNMARKED, marked.note)}
        write_marks(evidence.occasion, marks, actor=actor, now=now)
