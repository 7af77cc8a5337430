"""Promises and terms of the application, as pure rules: thresholds, shortfalls and days."""

import datetime
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal


def reaches(part: int, whole: int, percent: int) -> bool:
    """Whether so many of so many reach the threshold; asked in whole numbers, never rounded up."""
    return whole > 0 and part * 100 >= whole * percent


def share_shown(part: int, whole: int) -> Decimal:
    """The share in per cent with one decimal, cut and not rounded: 799 of 1 000 is 79,9."""
    if whole <= 0:
        return Decimal(0)
    exact = Decimal(part) * 100 / Decimal(whole)
    return exact.quantize(Decimal("0.1"), rounding=ROUND_DOWN)


def needed(percent: int, whole: int) -> int:
    """The fewest that reach the threshold."""
    return -(-percent * whole // 100)


def shortfall(planned: Decimal, earned: Decimal) -> Decimal:
    """What must be paid in cash when hours earn less than planned (R-128); never below zero."""
    return max(planned - earned, Decimal(0))


def own_share(own: Decimal, direct: Decimal) -> Decimal:
    """What the city's own hours are of the whole cost, in per cent: exact, rounded when shown."""
    whole = own + direct
    return Decimal(100) * own / whole if whole > 0 else Decimal(0)


def own_needed(direct: Decimal, percent: Decimal) -> Decimal:
    """The own share in kronor, to the öre, that is the percentage of the whole cost."""
    exact = direct * percent / (Decimal(100) - percent)
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def hours_worth(kronor: Decimal, rate: Decimal) -> Decimal:
    """Hours at the rate that earn at least so much, with two decimals and rounded up."""
    return (kronor / rate).quantize(Decimal("0.01"), rounding=ROUND_CEILING)


def falls_short(planned: Decimal, expected: Decimal, percent: int) -> bool:
    """Whether what is expected lies more than so many per cent below what is planned."""
    return expected * 100 < planned * (100 - percent)


def half_time(first: datetime.date, last: datetime.date) -> datetime.date:
    """The day in the middle of a period; the later half is never shorter."""
    return first + (last - first) // 2


def paid_by(handed_in: datetime.date, days: int) -> datetime.date:
    """The last day a claim is paid, so many days after it was handed in."""
    return handed_in + datetime.timedelta(days=days)


def kept_until(last_payment: datetime.date, years: int) -> datetime.date:
    """The last day documents are kept: so many years from the end of the year of payment.

    Regulation (EU) 2021/1060 article 82 counts from 31 December.
    """
    return datetime.date(last_payment.year + years, 12, 31)
