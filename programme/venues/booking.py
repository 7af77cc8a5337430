"""Bookings: one occasion in a venue at a time, refused by the database itself (R-019, R-240).

The venue's row is locked while a booking is made, so that a check or a change of the
venue cannot slip in between what was asked and what is booked. The exclusion
constraint is what refuses two bookings at once.
"""

import datetime
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.formats import date_format

from audit.operations import operation
from people.access import actor_of, held_by
from people.models import Capability, User
from programme.errors import NotAllowed
from programme.models import Booking, Occasion, Venue
from programme.venues import accessibility
from programme.venues.errors import NotAccessible, NotInUse, VenueTaken

TAKEN = "venue_booked_once"


def hours_in_words(starts_at: datetime.datetime, ends_at: datetime.datetime) -> str:
    """A time as 2026-03-02 kl. 9.00–15.30."""
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    day = date_format(start, "Y-m-d")
    last = "" if start.date() == end.date() else f"{date_format(end, 'Y-m-d')} "
    return f"{day} kl. {start.hour}.{start:%M}–{last}{end.hour}.{end:%M}"


@transaction.atomic
def book(*, venue_id: int, occasion: Occasion, actor: User, exception_reason: str = "") -> Booking:
    """Book the venue for the occasion's time; the same venue again gives the booking there is.

    :param exception_reason: why the venue may be used though the checklist does not say yes.
    :raises NotAccessible: without a check that says yes, and without a reason.
    :raises VenueTaken: when something else is booked then.
    """
    venue = (
        Venue.objects.select_for_update(of=("self",), no_key=True)
        .select_related("district")
        .get(pk=venue_id)
    )
    if not held_by(actor).covers(Capability.ARRANGE, venue.district):
        raise NotAllowed
    existing = Booking.objects.filter(occasion=occasion, cancelled_at=None).first()
    if existing and existing.venue_id == venue.pk:
        return existing
    if not venue.in_use:
        raise NotInUse(venue.name)
    reason = exception_reason.strip()
    check = accessibility.newest_checks([venue.pk]).get(venue.pk)
    found = accessibility.verdict_of(check, accessibility.points_of(occasion.programme_id))
    if not found.accessible and not reason:
        raise NotAccessible(venue.name, found.lacking)
    with operation("venue.book", actor=actor_of(actor), reason=reason, subject=occasion.public_id):
        if existing:
            _end(existing)
        booking = Booking(
            venue=venue,
            occasion=occasion,
            period=_period(occasion),
            exception_reason="" if found.accessible else reason,
            booked_by=actor,
        )
        _save(booking)
    return booking


@transaction.atomic
def follow(*, occasion: Occasion, actor: User) -> Booking | None:
    """Move the occasion's booking to its new time.

    :raises VenueTaken: when the venue is booked for something else then.
    """
    booking = _current(occasion)
    if booking is None or booking.period == _period(occasion):
        return booking
    booking.period = _period(occasion)
    with operation("venue.rebook", actor=actor_of(actor), subject=occasion.public_id):
        _save(booking)
    return booking


@transaction.atomic
def release(*, occasion: Occasion, actor: User, reason: str = "") -> Booking | None:
    """Give the venue back; the row stays as history."""
    booking = _current(occasion)
    if booking is None:
        return None
    with operation(
        "venue.release", actor=actor_of(actor), reason=reason, subject=occasion.public_id
    ):
        _end(booking)
    return booking


def booked_venue(occasion: Occasion) -> Venue | None:
    """Where the occasion is held, when a venue is booked."""
    return Venue.objects.filter(bookings__occasion=occasion, bookings__cancelled_at=None).first()


def booked_venues(occasions: Sequence[Occasion]) -> dict[int, Venue]:
    """Where each occasion is held, by the occasion; one query, with the venues' districts."""
    standing = Booking.objects.filter(occasion__in=occasions, cancelled_at=None)
    return {
        row.occasion_id: row.venue
        for row in standing.select_related("venue__district")
        if row.occasion_id is not None
    }


def _current(occasion: Occasion) -> Booking | None:
    return (
        Booking.objects.select_for_update(of=("self",))
        .select_related("venue")
        .filter(occasion=occasion, cancelled_at=None)
        .first()
    )


def _period(occasion: Occasion) -> DateTimeTZRange:
    return DateTimeTZRange(occasion.starts_at, occasion.ends_at)


def _end(booking: Booking) -> None:
    booking.cancelled_at = timezone.now()
    booking.save(update_fields=["cancelled_at"])


def _save(booking: Booking) -> None:
    """Write the booking; a collision is told in words, whoever got there first."""
    try:
        with transaction.atomic():
            booking.save()
    except IntegrityError as error:
        if TAKEN not in str(error):
            raise
        raise VenueTaken(booking.venue.name, _booked_then(booking)) from error


def _booked_then(booking: Booking) -> str:
    other = (
        Booking.objects.filter(
            venue=booking.venue_id, cancelled_at=None, period__overlap=booking.period
        )
        .exclude(pk=booking.pk)
        .select_related("occasion__group")
        .first()
    )
    if other is None or other.occasion is None:
        return hours_in_words(booking.period.lower, booking.period.upper)
    where = f" ({other.occasion.group.name})" if other.occasion.group else ""
    when = hours_in_words(other.period.lower, other.period.upper)
    return f"“{other.occasion.title}”{where}, {when}"
