"""The guard of locked months: whoever writes what hours are counted from asks here first."""

import datetime
from collections.abc import Iterable

from audit.operations import operation
from programme.hours.errors import MonthLocked
from programme.models import Month


def first_of(day: datetime.date) -> datetime.date:
    """The month of the day, named by its first day."""
    return day.replace(day=1)


def ensure_open(*, programme_id: int, days: Iterable[datetime.date]) -> None:
    """Refuse unless every day lies in an open month, and keep those months open.

    The months' rows are locked for sharing until the transaction ends: writers
    do not wait for each other, but whoever locks a month waits for them all, and
    they wait for it. A month that has no row yet gets one, so that there is
    something to lock.

    :param days: days in Stockholm that are about to be written to.
    :raises MonthLocked: when a day lies in a locked month.
    """
    wanted = sorted({first_of(day) for day in days})
    if not wanted:
        return
    found = shared(programme_id, wanted)
    if len(found) < len(wanted):
        known = {month.first_day for month in found}
        missing = [month for month in wanted if month not in known]
        with operation("month.open"):
            Month.objects.bulk_create(
                [Month(programme_id=programme_id, first_day=month) for month in missing],
                ignore_conflicts=True,
            )
        found = shared(programme_id, wanted)
    locked = [month.first_day for month in found if month.state == Month.State.LOCKED]
    if locked:
        raise MonthLocked(locked)


def is_locked(*, programme_id: int, day: datetime.date) -> bool:
    """Whether the day's month is locked, for pages that only tell: nothing is kept open."""
    return Month.objects.filter(
        programme=programme_id, first_day=first_of(day), state=Month.State.LOCKED
    ).exists()


def locked_among(*, programme_id: int, days: Iterable[datetime.date]) -> frozenset[datetime.date]:
    """Those of the days whose month is locked, for forms that only tell: nothing is kept open."""
    asked = set(days)
    if not asked:
        return frozenset()
    locked = set(
        Month.objects.filter(
            programme=programme_id,
            first_day__in={first_of(day) for day in asked},
            state=Month.State.LOCKED,
        ).values_list("first_day", flat=True)
    )
    return frozenset(day for day in asked if first_of(day) in locked)


def shared(programme_id: int, first_days: list[datetime.date]) -> list[Month]:
    """The months' rows as they are now, locked for sharing, in the order of the calendar."""
    return list(
        Month.objects.raw(
            "SELECT * FROM programme_month WHERE programme_id = %s AND first_day = ANY(%s)"
            " ORDER BY first_day FOR SHARE",
            [programme_id, first_days],
        )
    )
