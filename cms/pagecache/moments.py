"""When a page changes by itself, because a moment comes: midnight, an embargo, a window that opens."""

import datetime
from collections.abc import Callable

from django.utils import timezone

Moment = Callable[[datetime.datetime], datetime.datetime | None]
_moments: dict[str, Moment] = {}


def register_moment(key: str, next_after: Moment) -> None:
    """Name the next moment after a given one when something public appears or goes away."""
    _moments[key] = next_after


def next_change(now: datetime.datetime) -> datetime.datetime:
    """The first moment when a page made now may be wrong: at the latest the next midnight."""
    tomorrow = timezone.localdate(now) + datetime.timedelta(days=1)
    midnight = timezone.make_aware(datetime.datetime.combine(tomorrow, datetime.time()))
    coming = [moment for next_after in _moments.values() if (moment := next_after(now))]
    return min([midnight, *coming])
