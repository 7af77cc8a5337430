"""What staff and managers read about registrations; queries do not grow with the rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from people.display import email_of, name_of
from people.models import Organisation, User
from people.ordering import by_name
from programme.models import Occasion, Registration, SeatPlan
from programme.registrations import errors, facts, queries, rules
from programme.venues.queries import State as Tag

State = Registration.State


@dataclass(frozen=True)
class Line:
    """One registration as the viewer may see it."""

    row: Registration
    name: str
    unit: str
    district: str
    tag: Tag
    place: int = 0
    why: str = ""


@dataclass(frozen=True)
class Share:
    """One district's share and who has how much of it."""

    name: str
    quota: int
    held: int
    left: int
    waiting: int


@dataclass(frozen=True)
class Overview:
    """Everyone who has asked for a seat, by where they stand."""

    registered: Sequence[Line] = ()
    offered: Sequence[Line] = ()
    waiting: Sequence[Line] = ()
    asked: Sequence[Line] = ()
    ended: Sequence[Line] = ()
    shares: Sequence[Share] = field(default_factory=list)
    seats: int = 0
    free: int = 0
    pool: int = 0
    pool_left: int = 0
    released: bool = False


def overview(plan: SeatPlan, viewer: User) -> Overview:
    """The plan's registrations with the line explained; five queries."""
    rows = list(
        Registration.objects.filter(plan=plan)
        .select_related("person__unit", "district")
        .order_by("order")
    )
    seats = facts.seats_of(plan)
    in_line = sorted(
        (row for row in rows if row.state == State.WAITING), key=lambda row: row.queue or 0
    )
    line = [rules.Waiting(row.pk, row.district_id or rules.NOWHERE) for row in in_line]
    why = {one.registration: one for one in rules.explained(seats, line)}

    def lines(*states: State) -> list[Line]:
        return [_line(row, viewer) for row in rows if row.state in states]

    return Overview(
        registered=lines(State.REGISTERED),
        offered=lines(State.OFFERED),
        waiting=[_line(row, viewer, why[row.pk]) for row in in_line],
        asked=lines(State.ASKED),
        ended=lines(*(state for state in State if state not in Registration.LIVE)),
        shares=_shares(plan, seats, rows),
        seats=seats.total,
        free=seats.free,
        pool=seats.pool,
        pool_left=seats.pool_left,
        released=seats.released,
    )


def _line(row: Registration, viewer: User, explained: rules.Explained | None = None) -> Line:
    return Line(
        row,
        name_of(row.person, viewer),
        row.person.unit.short_name,
        row.district.short_name if row.district else "",
        queries.tag_of(row.state),
        explained.place if explained else 0,
        _WHY[explained.why]() if explained else _until(row),
    )


def _until(row: Registration) -> str:
    if row.state == State.OFFERED and row.offer_until:
        return _("To be answered before %(until)s.") % {"until": errors.moment(row.offer_until)}
    return row.reason


_WHY = {
    rules.Why.NEXT: lambda: _("Next: a seat is free."),
    rules.Why.BEHIND: lambda: _("The free seats go to those before."),
    rules.Why.FULL: lambda: _("All seats are taken."),
    rules.Why.SHARE_FULL: lambda: _("The free seats are kept for other districts."),
}


def _shares(plan: SeatPlan, seats: rules.Seats, rows: Sequence[Registration]) -> list[Share]:
    """Districts with a share, or with anybody who has asked."""
    waiting: dict[int, int] = {}
    for row in rows:
        if row.state == State.WAITING:
            where = row.district_id or rules.NOWHERE
            waiting[where] = waiting.get(where, 0) + 1
    ids = {*seats.quotas, *seats.held, *waiting} - {rules.NOWHERE}
    names = dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "short_name"))
    return [
        Share(
            names[pk],
            seats.quotas.get(pk, 0),
            seats.held.get(pk, 0),
            seats.left_for(pk),
            waiting.get(pk, 0),
        )
        for pk in sorted(ids, key=lambda pk: names[pk])
    ]


def export_rows(plan: SeatPlan, viewer: User) -> Iterator[list[str]]:
    """The list as rows for a file, the head first; the writer makes them safe."""
    yield [
        _("Number"),
        _("Name"),
        _("E-mail"),
        _("Unit"),
        _("Administration"),
        _("State"),
        _("Registered at"),
    ]
    rows = (
        Registration.objects.filter(plan=plan)
        .select_related("person__unit", "district")
        .order_by("order")
    )
    for row in rows:
        yield [
            str(row.order),
            name_of(row.person, viewer),
            email_of(row.person, viewer),
            row.person.unit.name,
            row.district.name if row.district else "",
            queries.tag_of(row.state).text,
            errors.moment(row.registered_at),
        ]


@dataclass(frozen=True)
class StaffBooking:
    """One of a manager's staff, and what they have asked for."""

    name: str
    row: Registration
    tag: Tag

    @property
    def occasion(self) -> Occasion:
        """The occasion."""
        return self.row.plan.occasion


def bookings_of_staff(user: User, now: object) -> list[StaffBooking]:
    """What the manager's staff are registered for or stand in line for; one query."""
    rows = (
        Registration.objects.live()
        .staff_of(user)
        .filter(plan__occasion__ends_at__gt=now)
        .exclude(plan__occasion__state=Occasion.State.CANCELLED)
        .select_related("person__unit", "plan__occasion")
        .order_by("plan__occasion__starts_at", *by_name("person__"), "pk")
    )
    return [StaffBooking(name_of(row.person, user), row, queries.tag_of(row.state)) for row in rows]
