"""Reads shaped for the occasions' pages; the number of queries never follows the number of rows."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.models import Operation
from audit.registry import describe
from people.display import name_of
from people.models import User
from people.ordering import by_name
from programme.models import Attendance, Booking, Invitation, Occasion
from programme.occasions.access import seen_by
from programme.venues.booking import hours_in_words
from programme.venues.queries import State


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; days as YYYY-MM-DD."""

    since: str = ""
    until: str = ""
    district: str = ""
    group: str = ""
    state: str = ""
    lack: str = ""


STATES = ("coming", "held", "cancelled", "all")
LACKS = ("venue", "marks", "trainer")


def occasions_for(user: User, wanted: Filter, now: datetime.datetime) -> QuerySet[Occasion]:
    """Occasions that the user sees: those to come, unless something else is asked for."""
    found = seen_by(user).filter(_in_state(wanted, now), _in_period(wanted))
    if wanted.district:
        found = found.filter(district__public_id=wanted.district)
    if wanted.group:
        found = found.filter(group__public_id=wanted.group)
    if wanted.lack in LACKS:
        found = _lacking(found, wanted.lack, now)
    newest_first = wanted.state in ("held", "cancelled") or wanted.lack == "marks"
    return with_counts(found).order_by(
        *(("-starts_at", "-pk") if newest_first else ("starts_at", "pk"))
    )


def _in_state(wanted: Filter, now: datetime.datetime) -> Q:
    planned = Q(state=Occasion.State.PLANNED)
    if wanted.lack == "marks" or wanted.state == "held":
        return planned & Q(ends_at__lt=now)
    if wanted.state == "cancelled":
        return Q(state=Occasion.State.CANCELLED)
    if wanted.state == "all" or wanted.since or wanted.until:
        return Q()
    return planned & Q(ends_at__gte=now)


def _in_period(wanted: Filter) -> Q:
    limits = Q()
    since, until = _day(wanted.since), _day(wanted.until)
    if since:
        limits &= Q(starts_at__date__gte=since)
    if until:
        limits &= Q(starts_at__date__lte=until)
    return limits


def _day(text: str) -> datetime.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _lacking(found: QuerySet[Occasion], lack: str, now: datetime.datetime) -> QuerySet[Occasion]:
    if lack == "venue":
        booked = Booking.objects.filter(occasion=OuterRef("pk"), cancelled_at=None)
        return found.filter(~Exists(booked), online=False, state=Occasion.State.PLANNED)
    if lack == "trainer":
        return found.filter(trainers=None, state=Occasion.State.PLANNED)
    marked = Attendance.objects.filter(
        occasion=OuterRef("occasion"), person=OuterRef("person")
    ).exclude(mark="")
    waiting = Invitation.objects.filter(~Exists(marked), occasion=OuterRef("pk"), withdrawn_at=None)
    return found.filter(Exists(waiting), ends_at__lt=now)


def with_counts(found: QuerySet[Occasion]) -> QuerySet[Occasion]:
    """With how many are invited and have answered, and the venue that is booked."""
    standing = Q(invitations__withdrawn_at=None)
    return (
        found.select_related("group", "district", "unit")
        .annotate(
            invited=Count("invitations", filter=standing),
            coming=Count("invitations", filter=standing & Q(invitations__answer="coming")),
            not_coming=Count("invitations", filter=standing & Q(invitations__answer="not_coming")),
        )
        .prefetch_related(
            Prefetch(
                "bookings",
                queryset=Booking.objects.filter(cancelled_at=None).select_related("venue"),
                to_attr="standing_bookings",
            )
        )
    )


@dataclass(frozen=True)
class OccasionRow:
    """An occasion in a list."""

    occasion: Occasion
    when: str
    where: str
    state: State

    @property
    def expected(self) -> int:
        """Those invited who have not said that they cannot come."""
        found: Any = self.occasion
        return int(found.invited - found.not_coming)

    @property
    def free(self) -> int | None:
        """Seats of the group that nobody is expected in; nothing where no group has seats."""
        group = self.occasion.group
        return max(0, group.seats - self.expected) if group else None


def rows(occasions: Sequence[Occasion], now: datetime.datetime) -> list[OccasionRow]:
    """The occasions in words; they come from ``with_counts``."""
    return [
        OccasionRow(one, hours_in_words(one.starts_at, one.ends_at), where(one), state_of(one, now))
        for one in occasions
    ]


def where(occasion: Occasion) -> str:
    """The venue's name, «Online», or nothing; reads what ``with_counts`` fetched."""
    if occasion.online:
        return _("Online")
    booked: list[Booking] = getattr(occasion, "standing_bookings", [])
    return booked[0].venue.name if booked else ""


def state_of(occasion: Occasion, now: datetime.datetime) -> State:
    """To come, over, or cancelled."""
    if occasion.state == Occasion.State.CANCELLED:
        return State(pgettext("occasion", "Cancelled"), "red")
    if occasion.ends_at < now:
        return State(pgettext("occasion", "Over"), "grey")
    if occasion.starts_at <= now:
        return State(pgettext("occasion", "Going on"), "green")
    return State(pgettext("occasion", "Planned"), "teal")


@dataclass(frozen=True)
class Guest:
    """Someone on the roster, as the viewer may see them."""

    invitation: Invitation
    name: str
    unit: str
    answer: State
    sent: bool


@dataclass(frozen=True)
class Roster:
    """Who is expected, and who no longer is."""

    guests: list[Guest] = field(default_factory=list)
    withdrawn: list[Guest] = field(default_factory=list)

    @property
    def not_coming(self) -> list[Guest]:
        """Those who have said that they cannot come."""
        no = Invitation.Answer.NOT_COMING
        return [guest for guest in self.guests if guest.invitation.answer == no]

    @property
    def unsent(self) -> int:
        """How many have not been invited yet."""
        return sum(not guest.sent for guest in self.guests)


def roster_of(occasion: Occasion, viewer: User) -> Roster:
    """Everyone invited, in order of name; two queries."""
    found = (
        Invitation.objects.filter(occasion=occasion)
        .select_related("person__unit")
        .order_by(*by_name("person__"), "pk")
    )
    guests = [
        Guest(
            row,
            name_of(row.person, viewer),
            row.person.unit.short_name,
            answer_in_words(row),
            row.invited_at is not None,
        )
        for row in found
    ]
    return Roster(
        [guest for guest in guests if guest.invitation.withdrawn_at is None],
        [guest for guest in guests if guest.invitation.withdrawn_at is not None],
    )


def answer_in_words(row: Invitation) -> State:
    """What someone has answered."""
    if row.answer == Invitation.Answer.COMING:
        return State(_("Coming"), "green")
    if row.answer == Invitation.Answer.NOT_COMING:
        return State(_("Cannot come"), "amber")
    return State(_("No answer yet"), "grey")


@dataclass(frozen=True)
class Event:
    """One line of what has happened to an occasion."""

    when: datetime.datetime
    who: str
    text: str
    detail: str


# What participants do is theirs: their names and answers are on the roster, masked there.
_STAFFS = [
    "occasion.add",
    "occasion.change",
    "occasion.reschedule",
    "occasion.cancel",
    "occasion.invite",
    "occasion.substitute",
    "occasion.seat",
    "venue.book",
    "venue.rebook",
    "venue.release",
    "seats.plan",
    "seats.release",
    "registration.add",
    "registration.remove",
    "registration.reorder",
    "guests.list",
    "guests.count",
]


def events_of(occasion: Occasion) -> list[Event]:
    """What staff have done with the occasion and why, the newest first."""
    found = Operation.objects.filter(subject=occasion.public_id, name__in=_STAFFS)
    return [
        Event(one.at, one.actor_name, describe(one.name), one.reason)
        for one in found.order_by("-at")[:40]
    ]


def trainers_occasions(found: QuerySet[Occasion]) -> tuple[list[Occasion], list[Occasion]]:
    """The trainer's occasions to come, and those that are over."""
    now = timezone.now()
    shown = list(with_counts(found).order_by("starts_at", "pk"))
    return (
        [one for one in shown if one.ends_at >= now],
        [one for one in reversed(shown) if one.ends_at < now],
    )


def calendar_rows(person_id: int, since: datetime.datetime) -> QuerySet[Invitation]:
    """Everything for a person's calendar, what is off too, from the day on."""
    return (
        Invitation.objects.filter(person=person_id, occasion__ends_at__gt=since)
        .exclude(occasion__kind=Occasion.Kind.RECORDING)
        .select_related("occasion", "person")
        .prefetch_related(
            Prefetch(
                "occasion__bookings",
                queryset=Booking.objects.filter(cancelled_at=None).select_related("venue"),
                to_attr="standing_bookings",
            )
        )
        .order_by(F("occasion__starts_at"), "pk")
    )
