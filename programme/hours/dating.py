"""The guard of values that hold from a day on: never back into what is locked and reported."""

import datetime

from django.utils.translation import gettext as _

from programme.errors import Refused
from programme.hours.closed import ensure_open
from programme.hours.errors import MonthLocked
from programme.models import Month, Programme


class DatedBack(Refused):
    """A value that would change what is locked, or lies outside the project."""


def ensure_may_hold_from(programme: Programme, day: datetime.date) -> None:
    """Refuse unless a value may hold from the day, and keep the day's month open meanwhile.

    Months are locked in order, so when the day's month is open every later one is.

    :raises DatedBack: before the project or after it, or in a month that is locked.
    """
    if not programme.starts_on <= day <= programme.ends_on:
        raise DatedBack(
            _("Choose a day within the project, %(first)s to %(last)s. Nothing was saved.")
            % {"first": programme.starts_on.isoformat(), "last": programme.ends_on.isoformat()}
        )
    try:
        ensure_open(programme_id=programme.pk, days=[day])
    except MonthLocked as error:
        raise DatedBack(
            _(
                "%(month)s is locked and its hours are reported, so nothing new can hold from"
                " %(day)s. Choose %(first)s or later. Nothing was saved."
            )
            % {
                "month": f"{error.months[0]:%Y-%m}",
                "day": day.isoformat(),
                "first": first_open_day(programme).isoformat(),
            }
        ) from error


def first_open_day(programme: Programme) -> datetime.date:
    """The first day that a new value may hold from."""
    locked = (
        Month.objects.filter(programme=programme, state=Month.State.LOCKED)
        .order_by("-first_day")
        .values_list("first_day", flat=True)
        .first()
    )
    if locked is None:
        return programme.starts_on
    return (locked + datetime.timedelta(days=32)).replace(day=1)
