"""Lectures and events for the demo, filled through the same actions as everything else.

Deterministic and small: one lecture with seats left, one that is full and has a line, an
event to come with guests, and one that has been held and counted.
"""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from audit.operations import Actor, operation
from core.workdays import is_working_day
from people.models import Organisation, Person, RoleAssignment, User
from programme.guests import actions as guest_actions
from programme.guests import counting
from programme.hours.closed import first_of
from programme.models import (
    Guest,
    GuestList,
    LearningUnit,
    Month,
    Municipality,
    Occasion,
    Participation,
    Programme,
    SeatPlan,
)
from programme.occasions.planning import add_occasion
from programme.registrations import actions
from programme.registrations.errors import NotPossible
from programme.registrations.planning import WantedPlan, set_plan

DEMO = Actor(id="demo", name="Demo")
# Two of the six lectures; their pages are put up where the demo tells the whole story.
OPEN_LECTURE = "Att leda så att alla vågar fråga"
FULL_LECTURE = "Från kurs till vardag"
EVENT = "Spridningstillfälle: så förändrade vi introduktionen"
HELD_EVENT = "Spridningstillfälle: det första året"
SEATS_LEFT, SEATS_FULL, GUEST_SEATS = 40, 3, 80
# Name, address, municipality; invented people at a domain that nobody has.
GUESTS = [
    ("Alva Lindqvist", "alva.lindqvist@nacka.example", "0182"),
    ("Rasmus Ekdal", "rasmus.ekdal@huddinge.example", "0126"),
    ("Mona Tegnér", "mona.tegner@solna.example", "0184"),
    ("Idris Bergfors", "idris.bergfors@botkyrka.example", "0127"),
]
CAME = {"0182": 6, "0126": 4, "0184": 5, "0127": 3, "0180": 11, "0138": 2}


@transaction.atomic
def build_registrations(today: datetime.date | None = None) -> None:
    """Lay them once; adds nothing the second time."""
    programme = Programme.objects.order_by("pk").first()
    if programme is None or SeatPlan.objects.exists():
        return
    day = today or timezone.localdate()
    with operation("demo.registrations", actor=DEMO):
        _Builder(programme, day).build()


class _Builder:
    """One run."""

    def __init__(self, programme: Programme, day: datetime.date) -> None:
        self.programme = programme
        self.day = day
        self.office = _office()
        self.city = programme.owner
        self.now = timezone.now()

    def build(self) -> None:
        """Two lectures, two events."""
        self._lecture(OPEN_LECTURE, 21, 13, SEATS_LEFT, people=4, shares=True)
        self._lecture(FULL_LECTURE, 14, 9, SEATS_FULL, people=6)
        coming = self._occasion(EVENT, Occasion.Kind.EVENT, 42, 13)
        guest_list = self._open_for_guests(coming, coming.starts_at)
        # A story that is told up to a day long ago has nobody who may still register.
        for name, email, code in GUESTS if coming.starts_at > self.now else ():
            self._guest(guest_list, name, email, code)
        self._held()

    def _moment(self, days: int, hour: int) -> datetime.datetime:
        day = self.day + datetime.timedelta(days=days)
        step = 1 if days > 0 else -1
        while not is_working_day(day):
            day += datetime.timedelta(days=step)
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))

    def _occasion(
        self, title: str, kind: str, days: int, hour: int, unit: LearningUnit | None = None
    ) -> Occasion:
        starts = self._moment(days, hour)
        return add_occasion(
            group=None,
            unit=unit,
            title=title,
            starts_at=starts,
            ends_at=starts + datetime.timedelta(hours=2),
            breaks=[],
            district=self.city,
            online=True,
            join_address="https://mote.example.org/{token}",
            deviation_reason="Öppet för alla stadsdelar.",
            actor=self.office,
            programme=self.programme,
            kind=kind,
        )

    def _lecture(
        self, title: str, days: int, hour: int, seats: int, *, people: int, shares: bool = False
    ) -> None:
        occasion = self._occasion(title, Occasion.Kind.LECTURE, days, hour)
        quotas = dict.fromkeys(_first_wave(), 4) if shares else {}
        plan = set_plan(
            occasion_id=occasion.pk,
            wanted=WantedPlan(
                seats=seats,
                opens_at=min(self.now, occasion.starts_at) - datetime.timedelta(days=15),
                closes_at=occasion.starts_at,
                change_until=occasion.starts_at - datetime.timedelta(days=1),
                release_at=occasion.starts_at - datetime.timedelta(days=7) if shares else None,
                quotas=quotas,
            ),
            actor=self.office,
        )
        for person in _participants(self.programme)[:people]:
            assert person.user is not None
            try:
                actions.register(plan_id=plan.pk, person=person, actor=person.user)
            except NotPossible:  # expected somewhere else then, as people are
                continue

    def _open_for_guests(self, occasion: Occasion, closes_at: datetime.datetime) -> GuestList:
        return guest_actions.set_list(
            occasion=occasion,
            seats=GUEST_SEATS,
            opens_at=min(self.now, closes_at) - datetime.timedelta(days=30),
            closes_at=closes_at,
            actor=self.office,
        )

    def _guest(self, guest_list: GuestList, name: str, email: str, code: str) -> None:
        guest_actions.ask(
            list_id=guest_list.pk,
            name=name,
            email=email,
            municipality=Municipality.objects.get(code=code),
        )
        guest_actions.confirm(guest_id=Guest.objects.get(guest_list=guest_list, email=email).pk)

    def _held(self) -> None:
        if self.day - datetime.timedelta(days=40) < self.programme.starts_on:
            return
        back = self._latest_open()
        if back is None:
            return
        held = self._occasion(HELD_EVENT, Occasion.Kind.EVENT, -back, 13)
        guest_list = self._open_for_guests(held, held.starts_at)
        counting.enter(
            list_id=guest_list.pk,
            attended={
                one: CAME.get(one.code) for one in Municipality.objects.filter(code__in=CAME)
            },
            actor=self.office,
        )

    def _latest_open(self) -> int | None:
        """How many days back the event was held: a month, or less where that month is locked."""
        locked = set(
            Month.objects.filter(programme=self.programme, state=Month.State.LOCKED).values_list(
                "first_day", flat=True
            )
        )
        for back in (30, 20, 10, 5, 3, 1):
            if first_of(timezone.localdate(self._moment(-back, 13))) not in locked:
                return back
        return None


def _office() -> User:
    held = RoleAssignment.objects.filter(role_id="administrator").select_related("user")
    found = held.order_by("pk").first()
    if found is None:
        raise LookupError("nobody holds administrator")
    return found.user


def _first_wave() -> Sequence[Organisation]:
    return list(
        Organisation.objects.filter(kind=Organisation.Kind.DISTRICT).order_by("pk").all()[:5]
    )


def _participants(programme: Programme) -> list[Person]:
    """Persons with an account who take part, in a fixed order."""
    admitted = Participation.objects.ongoing().filter(course__programme=programme)
    return list(
        Person.objects.filter(
            participations__in=admitted, user__isnull=False, protected=False, temporary=False
        )
        .select_related("unit", "user")
        .distinct()
        .order_by("pk")[:12]
    )
