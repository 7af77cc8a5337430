"""Which of the dated values holds on a day: pure."""

import datetime
from collections.abc import Iterable, Mapping
from enum import StrEnum


class Holds(StrEnum):
    """Where a value stands on a day."""

    NOW = "now"
    COMING = "coming"
    PAST = "past"


def holding(days: Iterable[datetime.date], on: datetime.date) -> Mapping[datetime.date, Holds]:
    """For each day that a value holds from, where it stands: the latest begun one holds.

    :param days: the first day of each value of one thing.
    """
    all_days = list(days)
    begun = max((day for day in all_days if day <= on), default=None)
    return {
        day: Holds.COMING if day > on else Holds.NOW if day == begun else Holds.PAST
        for day in all_days
    }
