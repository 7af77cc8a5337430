"""Errors for an auditor to find, one of each (docs/demo.md says how).

Only such as the database lets through: what a constraint or an action refuses
cannot be planted. A story too short for an error leaves it out.
"""

import datetime
import itertools
from collections.abc import Sequence
from dataclasses import replace

from django.db.models import F, QuerySet

from audit.operations import operation
from people.demo import DEMO
from people.models import User
from programme.demo_story.groups import Told
from programme.demo_story.ids import Ids
from programme.demo_story.occasions import Held
from programme.demo_story.plan import SERIES
from programme.hours.actions import recount_corrected
from programme.models import (
    Attendance,
    Booking,
    Month,
    Participation,
    Programme,
    Segment,
    Statement,
    VenueCheck,
)

REASON = "Ett planterat fel för den som granskar demon."
AFTER_SENDING = "Ett planterat fel: timmar ändrade efter att filen skickades."
SUNDAY_GROUP, SUNDAY_UNIT = 2, 3


def hold_one_on_a_sunday(told: Sequence[Told]) -> None:
    """Before anything is laid: one occasion of the series, on the Sunday before its day."""
    for one in told:
        if (one.plan.course, one.plan.number) != (SERIES, SUNDAY_GROUP):
            continue
        for turn, slot in enumerate(one.slots):
            plan = slot.plan
            if plan.unit == SUNDAY_UNIT and not plan.cancelled and not plan.first_day:
                day = plan.day - datetime.timedelta(days=plan.day.isoweekday())
                one.slots[turn] = replace(slot, plan=replace(plan, day=day))
                return


def attend_two_at_once(held: Sequence[Held], ids: Ids) -> None:
    """Someone checked in by code is on the list of another group's occasion the same hours."""
    for one, other in itertools.pairwise(held):
        same_day = one.plan.day == other.plan.day and one.told is not other.told
        if not same_day or one.plan.how != "screen" or other.plan.how != "screen":
            continue
        theirs = Segment.objects.filter(occasion=one.occasion).order_by("pk")[3]
        with operation("demo.planted_error", actor=DEMO, reason=REASON):
            Attendance.objects.create(
                public_id=ids.new(),
                occasion=other.occasion,
                person_id=theirs.person_id,
                mark=Attendance.Mark.PRESENT,
                marked_by=other.trainer,
                marked_at=other.occasion.ends_at,
            )
            Segment.objects.create(
                public_id=ids.new(),
                occasion=other.occasion,
                person_id=theirs.person_id,
                began_at=other.occasion.starts_at,
                ended_at=other.occasion.ends_at,
                source=Segment.Source.LIST,
                recorded_by=other.trainer,
            )
        return


def check_in_two_on_one_device(held: Sequence[Held]) -> None:
    """Two persons of one occasion checked in from the same telephone."""
    screens = [one for one in held if one.plan.how == "screen"]
    if not screens:
        return
    first, second = Segment.objects.filter(occasion=screens[-1].occasion).order_by("pk")[:2]
    with operation("demo.planted_error", actor=DEMO, reason=REASON):
        Segment.objects.filter(pk=second.pk).update(device=first.device)


def start_before_admission(programme: Programme) -> None:
    """One participation is admitted ten days after it started."""
    one = (
        Participation.objects.filter(
            course__programme=programme,
            state=Participation.State.STARTED,
            memberships__group__course=F("course"),
        )
        .exclude(started_on=None)
        .order_by("pk")
        .first()
    )
    if one is not None and one.started_on is not None:
        with operation("demo.planted_error", actor=DEMO, reason=REASON):
            one.admitted_on = one.started_on + datetime.timedelta(days=10)
            one.save(update_fields=["admitted_on"])


def book_without_exception(programme: Programme) -> None:
    """One booking of the venue that nobody has visited says no reason."""
    visited = VenueCheck.objects.values("venue")
    booking = (
        Booking.objects.filter(occasion__programme=programme, cancelled_at=None)
        .exclude(venue__in=visited)
        .order_by("pk")
        .last()
    )
    if booking is not None:
        with operation("demo.planted_error", actor=DEMO, reason=REASON):
            booking.exception_reason = ""
            booking.save(update_fields=["exception_reason"])


def complete_too_early(programme: Programme, today: datetime.date) -> None:
    """Someone who was there too seldom is marked as having completed the course."""
    one = (
        Participation.objects.filter(
            course__programme=programme,
            course__key=SERIES,
            state=Participation.State.STARTED,
            memberships__group__state="finished",
            memberships__to_date=None,
        )
        .order_by("pk")
        .first()
    )
    if one is not None:
        with operation("demo.planted_error", actor=DEMO, reason=REASON):
            one.state = Participation.State.COMPLETED
            one.ended_on = today
            one.save(update_fields=["state", "ended_on"])


def check_what_one_registered(programme: Programme, checker: User) -> None:
    """Whoever checked a statement of the first locked month had marked the attendance too."""
    statement = _first_locked(programme).first()
    if statement is not None:
        with operation("demo.planted_error", actor=DEMO, reason=REASON):
            Attendance.objects.filter(
                occasion=statement.lines[0]["occasion"], person=statement.person_id
            ).update(marked_by=checker)


def change_after_attesting(programme: Programme, by: User) -> None:
    """Hours of a locked month were cut by an hour, past every guard and without a correction."""
    for statement in _first_locked(programme).order_by("-pk"):
        segment = Segment.objects.filter(
            occasion=statement.lines[0]["occasion"],
            person=statement.person_id,
            source=Segment.Source.SCREEN_CODE,
        ).first()
        if segment is None or segment.ended_at is None:
            continue
        with operation("demo.planted_error", actor=DEMO, reason=AFTER_SENDING):
            segment.ended_at -= datetime.timedelta(hours=1)
            segment.recorded_by = by
            segment.save(update_fields=["ended_at", "recorded_by"])
            recount_corrected(
                occasion_ids=[segment.occasion_id], person_ids=[segment.person_id], reason=""
            )
        return


def _first_locked(programme: Programme) -> QuerySet[Statement]:
    return Statement.objects.filter(
        month__programme=programme,
        month__state=Month.State.LOCKED,
        replaced_at=None,
        channel=Statement.Channel.WEB,
    ).order_by("month__first_day", "pk")
