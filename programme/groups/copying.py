"""What a copy of a group takes along: each occasion's trainers, and its venue where that is free."""

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from people.access import held_by
from people.models import Capability, User
from programme.groups.making import Day
from programme.models import Booking, Group, Occasion, Venue
from programme.occasions import checks
from programme.occasions.forms import trainers_today
from programme.venues import accessibility

Time = tuple[datetime.datetime, datetime.datetime]


@dataclass(frozen=True)
class Carried:
    """The days with what they take along, and in words what they could not."""

    days: tuple[Day, ...]
    notes: tuple[str, ...] = ()


def is_free(wanted: Time, taken: Iterable[Time]) -> bool:
    """Whether nothing taken lies within the wanted time; ends that meet do not."""
    return not any(start < wanted[1] and wanted[0] < end for start, end in taken)


def carry(source: Group, days: Sequence[Day], actor: User, *, with_venue: bool) -> Carried:
    """Give each day the trainers and the venue of the source's occasion of the same unit.

    The same few queries however many days there are. A venue that is taken then, out of
    use, without a good check or not the actor's to book is left out, and so is a trainer who
    is busy or teaches no more; the notes say which.

    :param with_venue: leave venues out when staff have chosen one for all.
    """
    if not days:
        return Carried(())
    taught = _taught(source)
    venues = _bookable({one.venue for one in taught.values() if one.venue}, source, actor)
    span = min(day.starts_at for day in days), max(day.ends_at for day in days)
    booked = _booked(venues, span)
    active, busy = _trainers({user for one in taught.values() for user in one.trainers}, span)
    carried, notes = [], []
    for day in days:
        from_ = taught.get(day.unit.pk, _Taught())
        time = (day.starts_at, day.ends_at)
        free = tuple(
            user for user in from_.trainers if user.pk in active and is_free(time, busy[user.pk])
        )
        has_room = (
            from_.venue is not None
            and from_.venue.pk in venues
            and is_free(time, booked[from_.venue.pk])
        )
        notes += _without_trainer(day, from_, free)
        if with_venue and not has_room:
            notes.append(_without_venue(day, from_.venue))
        venue = from_.venue if with_venue and has_room else None
        carried.append(dataclasses.replace(day, trainers=free, venue=venue))
    return Carried(tuple(carried), tuple(notes))


@dataclass(frozen=True)
class _Taught:
    """What the source's occasion of a unit has."""

    trainers: tuple[User, ...] = ()
    venue: Venue | None = None


def _taught(source: Group) -> dict[int, _Taught]:
    held = Booking.objects.filter(cancelled_at=None).select_related("venue__district")
    found: dict[int, _Taught] = {}
    for one in (
        Occasion.objects.standing()
        .filter(group=source, unit__isnull=False)
        .order_by("starts_at", "pk")
        .prefetch_related("trainers", Prefetch("bookings", queryset=held, to_attr="held"))
    ):
        bookings: list[Booking] = one.held  # type: ignore[attr-defined]
        # The first time a unit is taught; a day that repeats it is not part of the template.
        if one.unit_id is not None:
            found.setdefault(
                one.unit_id,
                _Taught(tuple(one.trainers.all()), bookings[0].venue if bookings else None),
            )
    return found


def _bookable(venues: Collection[Venue], source: Group, actor: User) -> set[int]:
    """Venues that the actor may book without writing a reason for it."""
    held = held_by(actor)
    points = accessibility.points_of(source.course.programme_id)
    newest = accessibility.newest_checks([venue.pk for venue in venues])
    return {
        venue.pk
        for venue in venues
        if venue.in_use
        and held.covers(Capability.ARRANGE, venue.district)
        and accessibility.verdict_of(newest.get(venue.pk), points).accessible
    }


def _booked(venues: Collection[int], span: Time) -> dict[int, list[Time]]:
    found: dict[int, list[Time]] = defaultdict(list)
    for venue, period in Booking.objects.filter(
        venue__in=venues, cancelled_at=None, period__overlap=span
    ).values_list("venue_id", "period"):
        found[venue].append((period.lower, period.upper))
    return found


def _trainers(trainers: Collection[User], span: Time) -> tuple[set[int], dict[int, list[Time]]]:
    """Who of them teaches today, and when each is busy within the span."""
    ids = [user.pk for user in trainers]
    active = set(trainers_today(None).filter(pk__in=ids).values_list("pk", flat=True))
    busy: dict[int, list[Time]] = defaultdict(list)
    for user, start, end in Occasion.objects.filter(
        checks.overlapping(*span), trainers__in=ids
    ).values_list("trainers", "starts_at", "ends_at"):
        busy[user].append((start, end))
    return active, busy


def _without_trainer(day: Day, source: _Taught, free: Collection[User]) -> list[str]:
    return [
        _("%(day)s, %(title)s: %(name)s is busy then or teaches no more, and is not taken along.")
        % {"day": f"{day.date}", "title": day.unit.title, "name": user.get_full_name()}
        for user in source.trainers
        if user not in free
    ]


def _without_venue(day: Day, venue: Venue | None) -> str:
    facts = {"day": f"{day.date}", "title": day.unit.title}
    if venue is None:
        return _("%(day)s, %(title)s: no venue, as in the group that is copied.") % facts
    return _("%(day)s, %(title)s: no venue. %(venue)s is not free or cannot be booked then.") % {
        **facts,
        "venue": venue.name,
    }
