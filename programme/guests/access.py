"""Who may ask to come, and who handles the guests."""

import datetime

from django.db.models import QuerySet

from people.access import below, held_by
from people.models import Capability, User
from programme.errors import NotAllowed
from programme.models import GuestList, Occasion


def public_list(occasion: str) -> GuestList | None:
    """The guest list of an event, for anybody."""
    return (
        GuestList.objects.select_related("occasion__programme", "occasion__district")
        .filter(occasion__public_id=occasion, occasion__kind=Occasion.Kind.EVENT)
        .first()
    )


def is_open(found: GuestList, now: datetime.datetime) -> bool:
    """Whether guests may ask to come now."""
    return (
        found.occasion.state == Occasion.State.PLANNED
        and found.erased_at is None
        and found.opens_at <= now < found.closes_at
        and now < found.occasion.starts_at
    )


def read_by(user: User) -> QuerySet[Occasion]:
    """Events whose guests the user reads: where they arrange, or as auditor."""
    return Occasion.objects.filter(
        below(user, Capability.ARRANGE, "district") | below(user, Capability.AUDIT, "district"),
        kind=Occasion.Kind.EVENT,
    )


def ensure_arranges(actor: User, occasion: Occasion) -> None:
    """Raise unless the actor arranges occasions there."""
    if not held_by(actor).covers(Capability.ARRANGE, occasion.district):
        raise NotAllowed
