"""Where and with whom: venues with their checks, trainers, and a diary that nothing collides in."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from people.demo import DOMAIN, SINCE
from people.models import Organisation, RoleAssignment, User
from people.setup import CITY
from programme.demo_story.dating import at
from programme.demo_story.ids import Ids
from programme.demo_story.plan import STARTS, OccasionPlan, on_or_after
from programme.models import AccessibilityPoint, Programme, Venue, VenueCheck

VENUES = (
    ("Medborgarhuset", "Torget 1", 30, 4200),
    ("Kulturhusets sal", "Parkvägen 12", 26, 3100),
    ("Förvaltningens stora sal", "Stationsgatan 5", 24, 0),
)
TRAINERS = (
    ("Sanna", "Bergkvist"),
    ("Amir", "Rostami"),
    ("Cecilia", "Lundmark"),
    ("Petter", "Sandin"),
    ("Lena", "Hultgren"),
    ("Mikael", "Nordahl"),
)


Bookable = TypeVar("Bookable", User, Venue)


@dataclass(frozen=True)
class Slot:
    """An occasion's day with its trainer and its room; online it has no room."""

    plan: OccasionPlan
    trainer: User
    venue: Venue | None


@dataclass
class Diary:
    """Which venues and trainers are taken on which days."""

    venues: dict[int, list[Venue]]
    trainers: list[User]
    # Not checked for accessibility yet.
    unvisited: Venue
    taken: set[tuple[str, int, datetime.date]] = field(default_factory=set)

    def settle(self, plan: OccasionPlan, district: int, usual: int) -> Slot:
        """The plan's day or the first one after it with a room and a trainer, who are now taken.

        :param usual: which trainer the group has when they are free.
        """
        day = plan.day
        trainers = self.trainers[usual % len(self.trainers) :] + self.trainers
        while True:
            trainer = self._free("trainer", trainers, day)
            venue = None if plan.online else self._free("venue", self.venues[district], day)
            if trainer is not None and (plan.online or venue is not None):
                break
            day = on_or_after(day + datetime.timedelta(days=1))
        self.taken.add(("trainer", trainer.pk, day))
        if venue is not None:
            self.taken.add(("venue", venue.pk, day))
        return Slot(replace(plan, day=day), trainer, venue)

    def _free(self, kind: str, of: Sequence[Bookable], day: datetime.date) -> Bookable | None:
        return next((one for one in of if (kind, one.pk, day) not in self.taken), None)


def lay_places(
    programme: Programme, districts: list[Organisation], checker: User, copy: int, ids: Ids
) -> Diary:
    """Venues in every administration, checked, and the trainers who were procured."""
    venues = [
        Venue(
            public_id=ids.new(),
            name=f"{name} {district.short_name}{_suffix(copy)}",
            address=f"{street}, {district.short_name}",
            district=district,
            capacity=seats,
            cost_a_day=cost,
            directions="Nära kollektivtrafik. Entrén är märkt med Kompetensportalens skylt.",
        )
        for district in districts
        for name, street, seats, cost in VENUES
    ]
    Venue.objects.bulk_create(venues)
    points = list(AccessibilityPoint.objects.filter(programme=programme, in_use=True))
    # The first venue of the last administration has not been visited: its bookings say why.
    unvisited = len(venues) - len(VENUES)
    VenueCheck.objects.bulk_create(
        VenueCheck(
            public_id=ids.new(),
            venue=venue,
            checked_on=STARTS + datetime.timedelta(days=5 + turn % 10),
            answers=[_answer(point) for point in points],
            checked_by=checker,
        )
        for turn, venue in enumerate(venues)
        if turn != unvisited
    )
    by_district: dict[int, list[Venue]] = {district.pk: [] for district in districts}
    for venue in venues:
        by_district[venue.district_id].append(venue)
    return Diary(by_district, _trainers(copy, ids), venues[unvisited])


def _answer(point: AccessibilityPoint) -> dict[str, object]:
    return {"text": point.text, "needed": point.needed, "answer": "yes", "note": ""}


def _suffix(copy: int) -> str:
    return f" {copy + 1}" if copy else ""


def _trainers(copy: int, ids: Ids) -> list[User]:
    password = User.objects.get(email=f"utbildare@{DOMAIN}").password
    trainers = [
        User(
            public_id=ids.new(),
            email=f"utbildare{copy * len(TRAINERS) + number}@{DOMAIN}",
            first_name=first,
            last_name=last,
            password=password,
            date_joined=at(STARTS, 480),
        )
        for number, (first, last) in enumerate(TRAINERS, start=2)
    ]
    User.objects.bulk_create(trainers)
    city = Organisation.objects.get(code=CITY)
    RoleAssignment.objects.bulk_create(
        RoleAssignment(
            public_id=ids.new(), user=user, role_id="utbildare", organisation=city, valid_from=SINCE
        )
        for user in trainers
    )
    known = [User.objects.get(email=f"utbildare@{DOMAIN}")] if copy == 0 else []
    return known + trainers
