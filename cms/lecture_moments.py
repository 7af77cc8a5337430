"""When a kept page about lectures or events is no longer right, though nobody has done anything."""

import datetime

from django.db.models import Model

from programme.models import GuestList, Occasion, SeatPlan

#: What a page says of each turns into something else at these times.
TURNS: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (SeatPlan, ("opens_at", "closes_at")),
    (GuestList, ("opens_at", "closes_at")),
    (Occasion, ("starts_at", "ends_at")),
)


def next_turn(now: datetime.datetime) -> datetime.datetime | None:
    """When registration next opens or closes somewhere, or an occasion begins or ends."""
    coming = [
        model._default_manager.filter(**{f"{name}__gt": now})
        .order_by(name)
        .values_list(name, flat=True)
        .first()
        for model, names in TURNS
        for name in names
    ]
    return min((moment for moment in coming if moment is not None), default=None)
