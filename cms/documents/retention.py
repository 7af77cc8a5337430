"""How long a document is kept: the fund's rule, for ever, or until a day (2021/1060 article 82)."""

import datetime


def kept_until(
    *, retention: str, keep_until: datetime.date | None, last_payment_year: int, years: int
) -> datetime.date | None:
    """The last day it must be kept; nothing when no day can be named yet, or it is for ever.

    The fund's years count from 31 December of the year of its last payment.
    """
    if retention == "dated":
        return keep_until
    if retention == "fund" and last_payment_year:
        return datetime.date(last_payment_year + years, 12, 31)
    return None
