"""Writes of the register: venues, and what a visit found."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from people.access import actor_of, held_by
from people.models import Capability, Organisation, User
from programme.errors import NotAllowed, Refused
from programme.models import Programme, Venue, VenueCheck
from programme.venues.accessibility import points_of
from programme.venues.errors import SameVenue
from programme.venues.rules import Reply, place_of


@dataclass(frozen=True)
class Facts:
    """What is known of a venue."""

    name: str
    address: str
    district: Organisation
    capacity: int
    cost_a_day: int = 0
    directions: str = ""
    in_use: bool = True


@dataclass(frozen=True)
class Found:
    """What a visit found about one question."""

    reply: str
    note: str = ""


@transaction.atomic
def save_venue(*, facts: Facts, actor: User, venue_id: int | None = None) -> Venue:
    """Add a venue, or change the one given.

    :raises SameVenue: when another one in use there has the same name and address.
    """
    _ensure_arranges(actor, facts.district)
    # Two who add the same one at once wait for each other.
    Organisation.objects.select_for_update(no_key=True).get(pk=facts.district.pk)
    if venue_id is None:
        venue = Venue()
    else:
        venue = lock(venue_id)
        _ensure_arranges(actor, venue.district)
    _ensure_no_other(facts, venue)
    for name, value in vars(facts).items():
        setattr(venue, name, value)
    name = "venue.change" if venue_id else "venue.add"
    with operation(name, actor=actor_of(actor), subject=facts.name[:80]):
        venue.save()
    return venue


def _ensure_no_other(facts: Facts, before: Venue) -> None:
    """Refuse what would become the same place as another; what was so before may be mended."""
    place = place_of(facts.name, facts.address)
    unchanged = before.pk and before.in_use and before.district_id == facts.district.pk
    if not facts.in_use or (unchanged and place == place_of(before.name, before.address)):
        return
    others = Venue.objects.filter(district=facts.district, in_use=True).exclude(pk=before.pk)
    for other in others.only("name", "address"):
        if place_of(other.name, other.address) == place:
            raise SameVenue(other.name, other.address)


@transaction.atomic
def record_check(
    *,
    venue_id: int,
    programme: Programme,
    checked_on: datetime.date,
    found: Mapping[int, Found],
    actor: User,
) -> VenueCheck:
    """Keep what a visit found, question by question as they read that day (R-240).

    :param found: by the question's key; a question without an answer is unknown.
    """
    venue = lock(venue_id)
    _ensure_arranges(actor, venue.district)
    if checked_on > timezone.localdate():
        raise Refused(_("The visit cannot lie in the future. Nothing was kept."))
    nothing = Found(Reply.UNKNOWN)
    answers = [
        {
            "text": point.text,
            "needed": point.needed,
            "answer": Reply(found.get(point.pk, nothing).reply).value,
            "note": found.get(point.pk, nothing).note,
        }
        for point in points_of(programme.pk)
    ]
    with operation("venue.check", actor=actor_of(actor), subject=venue.name[:80]):
        return VenueCheck.objects.create(
            venue=venue, checked_on=checked_on, answers=answers, checked_by=actor
        )


def lock(venue_id: int) -> Venue:
    """The venue as it is now; a booking waits for it."""
    return (
        Venue.objects.select_for_update(of=("self",), no_key=True)
        .select_related("district")
        .get(pk=venue_id)
    )


def _ensure_arranges(actor: User, district: Organisation) -> None:
    if not held_by(actor).covers(Capability.ARRANGE, district):
        raise NotAllowed
