"""Locking a month: everything checked, or the rest left out with a reason; months in order."""

import datetime
import hashlib
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import User
from programme.hours.closed import first_of
from programme.models import Month, Programme, Statement
from programme.months import access, figures, rules
from programme.months.errors import MonthNotOver, OutOfOrder, Unfinished
from programme.months.rules import UNFINISHED, Standing


@transaction.atomic
def lock(
    *, programme: Programme, month: datetime.date, left_out_reason: str = "", actor: User
) -> Month:
    """Freeze the month's hours; locking it twice changes nothing.

    Earlier months without hours are locked with it. Whoever writes attendance
    holds the month's row for sharing, so this waits for them, and they find the
    month locked afterwards.

    :param left_out_reason: why those who are not attested and checked are left out.
    :raises MonthNotOver: before the month has ended.
    :raises OutOfOrder: while an earlier month with hours is open.
    :raises Unfinished: when someone is unfinished and no reason is given.
    """
    access.ensure_closes(actor, programme)
    first = first_of(month)
    if rules.last_day(first) >= timezone.localdate():
        raise MonthNotOver(first)
    rows = _all_until(programme, first)
    this = rows[first]
    if this.state == Month.State.LOCKED:
        return this
    sums = figures.months_of(programme.pk, programme.starts_on.replace(day=1), first)
    _ensure_in_order(rows, sums, first)
    persons = figures.persons_of(programme.pk, first)
    unfinished = [one for one in persons if one.standing in UNFINISHED]
    if unfinished and not says(left_out_reason):
        raise Unfinished(len(unfinished))
    with operation(
        "month.lock",
        actor=actor_of(actor),
        reason=left_out_reason.strip(),
        subject=f"{first:%Y-%m}",
    ):
        gone = [one.statement_id or 0 for one in persons if one.standing == Standing.GONE]
        Statement.objects.filter(pk__in=gone).update(replaced_at=timezone.now())
        for earlier in (row for row in rows.values() if row.first_day < first):
            if earlier.state == Month.State.OPEN:
                _freeze(earlier, actor, [], "")
        _freeze(this, actor, persons, left_out_reason.strip())
    return this


def _all_until(programme: Programme, month: datetime.date) -> dict[datetime.date, Month]:
    """Every month of the programme until this one, locked in the order of the calendar."""
    wanted = rules.months_between(programme.starts_on.replace(day=1), month) or [month]
    with operation("month.open"):
        Month.objects.bulk_create(
            [Month(programme=programme, first_day=first) for first in wanted],
            ignore_conflicts=True,
        )
    rows = Month.objects.select_for_update().filter(programme=programme, first_day__lte=month)
    return {row.first_day: row for row in rows.order_by("first_day")}


def _ensure_in_order(
    rows: dict[datetime.date, Month],
    sums: dict[datetime.date, figures.MonthSum],
    month: datetime.date,
) -> None:
    for first, row in rows.items():
        has_hours = first in sums and sums[first].persons > 0
        if first < month and row.state == Month.State.OPEN and has_hours:
            raise OutOfOrder(first)


def _freeze(row: Month, actor: User, persons: list[figures.PersonMonth], reason: str) -> None:
    kept = [one for one in persons if one.standing == Standing.CHECKED]
    left_out = [one for one in persons if one.standing in UNFINISHED]
    text = ";".join(f"{one.person_id}:{one.digest}" for one in kept)
    row.state = Month.State.LOCKED
    row.locked_by, row.locked_at = actor, timezone.now()
    row.summary = {
        "persons": len(kept),
        "minutes": sum(one.minutes for one in kept),
        "kronor": str(sum((one.kronor for one in kept), start=Decimal(0))),
        "digest": hashlib.sha256(text.encode()).hexdigest(),
        "left_out": [
            {"person": one.person_id, "minutes": one.minutes, "standing": one.standing}
            for one in left_out
        ],
        "left_out_reason": reason if left_out else "",
    }
    row.save(update_fields=["state", "locked_by", "locked_at", "summary"])
