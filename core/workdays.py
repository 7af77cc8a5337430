"""Working days in Sweden, for deadlines that people can keep."""

import datetime
from functools import cache

import holidays


@cache
def _free_days(year: int) -> frozenset[datetime.date]:
    """Public holidays of the year, Sundays apart, with the eves the city keeps closed."""
    swedish = holidays.country_holidays("SE", years=year, include_sundays=False)
    eves = {
        datetime.date(year, 12, 24),
        datetime.date(year, 12, 31),
        next(
            day
            for day in (datetime.date(year, 6, 19 + n) for n in range(7))
            if day.weekday() == 4  # Midsummer Eve: the Friday of 19–25 June
        ),
    }
    return frozenset(swedish) | eves


def is_working_day(day: datetime.date) -> bool:
    """Monday to Friday, and no public holiday."""
    return day.weekday() < 5 and day not in _free_days(day.year)


def add_working_days(day: datetime.date, n: int) -> datetime.date:
    """The date ``n`` working days after the day; 0 gives the day itself.

    :raises ValueError: for a negative number.
    """
    if n < 0:
        raise ValueError("count working days forwards")
    while n:
        day += datetime.timedelta(days=1)
        n -= is_working_day(day)
    return day


def working_days_between(start: datetime.date, end: datetime.date) -> int:
    """Working days after ``start`` up to and including ``end``; negative backwards."""
    if end < start:
        return -working_days_between(end, start)
    days = (start + datetime.timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day) for day in days)
