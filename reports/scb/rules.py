"""When a month's file to Statistics Sweden needs somebody: pure."""

import datetime
from enum import StrEnum


class Due(StrEnum):
    """Where a file that has not been sent stands against its due day."""

    LATER = "later"
    SOON = "soon"
    LATE = "late"


def due(day: datetime.date, today: datetime.date, warn_days: int) -> Due:
    """Late from the day after the due day; soon from so many days before it."""
    left = (day - today).days
    if left < 0:
        return Due.LATE
    return Due.SOON if left <= warn_days else Due.LATER
