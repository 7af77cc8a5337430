"""Reads shaped for the venues' pages; the number of queries never follows the number of rows."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import User
from programme.models import Booking, Programme, Venue, VenueCheck
from programme.venues.access import venues_seen_by
from programme.venues.accessibility import newest_checks, points_of, verdict_of
from programme.venues.booking import hours_in_words
from programme.venues.rules import Reply, Verdict


@dataclass(frozen=True)
class State:
    """A tag: words and the colour that repeats them."""

    text: str
    colour: str


def state_of(verdict: Verdict) -> State:
    """Whether the venue may be booked, in words."""
    if not verdict.checked:
        return State(_("Not checked"), "amber")
    if verdict.lacking:
        return State(_("Lacks accessibility"), "red")
    return State(_("Accessible"), "green")


@dataclass(frozen=True)
class VenueRow:
    """A venue in the register."""

    venue: Venue
    state: State
    checked: VenueCheck | None


def register(
    user: User, programme: Programme, *, district: str = "", words: str = ""
) -> "QuerySet[Venue]":
    """Venues that the user sees, with how many bookings lie ahead."""
    found = venues_seen_by(user)
    if district:
        found = found.filter(district__public_id=district)
    if words:
        found = found.filter(Q(name__icontains=words) | Q(address__icontains=words))
    ahead = Q(bookings__cancelled_at=None, bookings__period__endswith__gt=timezone.now())
    return (
        found.select_related("district")
        .annotate(ahead=Count("bookings", filter=ahead))
        .order_by("-in_use", "name", "pk")
    )


def rows(venues: Sequence[Venue], programme: Programme) -> list[VenueRow]:
    """The venues with what the newest check says."""
    points = points_of(programme.pk)
    checks = newest_checks([venue.pk for venue in venues])
    return [
        VenueRow(venue, state_of(verdict_of(checks.get(venue.pk), points)), checks.get(venue.pk))
        for venue in venues
    ]


@dataclass(frozen=True)
class BookingRow:
    """A booking in the venue's overview."""

    booking: Booking
    when: str
    over: bool


def bookings_of(venue: Venue, now: datetime.datetime) -> list[BookingRow]:
    """What is booked from a month back and on, in order."""
    since = now - datetime.timedelta(days=31)
    found = (
        Booking.objects.filter(venue=venue, cancelled_at=None, period__endswith__gt=since)
        .select_related("occasion__group", "occasion__district", "booked_by")
        .order_by("period")[:300]
    )
    return [
        BookingRow(
            booking,
            hours_in_words(booking.period.lower, booking.period.upper),
            booking.period.upper <= now,
        )
        for booking in found
    ]


@dataclass(frozen=True)
class ReplyRow:
    """One answer of a check."""

    text: str
    needed: bool
    state: State
    note: str


def replies(check: VenueCheck) -> list[ReplyRow]:
    """The check as it was filled in."""
    states = {
        Reply.YES: State(_("Yes"), "green"),
        Reply.NO: State(_("No"), "red"),
        Reply.UNKNOWN: State(_("Don't know"), "amber"),
    }
    return [
        ReplyRow(row["text"], row["needed"], states[Reply(row["answer"])], row["note"])
        for row in check.answers
    ]
