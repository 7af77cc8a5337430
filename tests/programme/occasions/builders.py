"""Groups, occasions and those invited, for the tests of venues and occasions."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people.actions import create_user
from people.models import Organisation, Person, RoleAssignment, User
from programme.models import (
    AccessibilityPoint,
    Course,
    Group,
    Membership,
    Occasion,
    Participation,
    Venue,
    VenueCheck,
)
from programme.occasions.planning import add_occasion
from tests.programme.builders import LONG_AGO, World, account, build_world

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass
class Scene:
    """A group of three in Farsta, a venue that is checked, and a trainer."""

    world: World
    group: Group
    venue: Venue
    trainer: User
    other_trainer: User
    arranger: User
    members: list[Participation]

    @property
    def office(self) -> User:
        """Whoever arranges in the whole city."""
        return self.world.administrator


def at(days: int, hour: int = 9, minute: int = 0) -> datetime.datetime:
    """A local time so many days from the next Monday, so tests never depend on the weekday."""
    today = timezone.localdate()
    monday = today + datetime.timedelta(days=7 - today.weekday())
    day = monday + datetime.timedelta(days=days)
    return datetime.datetime.combine(day, datetime.time(hour, minute), STOCKHOLM)


def participation_of(world: World, course: Course, person: Person) -> Participation:
    """The person admitted to the course."""
    return Participation.objects.create(
        person=person,
        course=course,
        category=world.categories["medarbetare"],
        unit=person.unit,
        district=world.farsta,
        admitted_on=LONG_AGO,
    )


def join(group: Group, participation: Participation, **extra: Any) -> Membership:
    """In the group since long ago."""
    return Membership.objects.create(
        group=group, participation=participation, **({"from_date": LONG_AGO} | extra)
    )


def venue_in(district: Organisation, name: str = "Farsta träffpunkt", seats: int = 25) -> Venue:
    """A venue nobody has checked."""
    return Venue.objects.create(
        name=name, address="Storforsplan 1", district=district, capacity=seats
    )


def check(world: World, venue: Venue, answer: str = "yes") -> VenueCheck:
    """The checklist filled in with the same answer everywhere."""
    points = AccessibilityPoint.objects.filter(programme=world.programme, in_use=True)
    return VenueCheck.objects.create(
        venue=venue,
        checked_on=timezone.localdate(),
        checked_by=world.administrator,
        answers=[
            {"text": point.text, "needed": point.needed, "answer": answer, "note": ""}
            for point in points
        ],
    )


def with_account(person: Person) -> User:
    """The person's own account."""
    person.user = create_user(
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        actor=None,
        person=person,
    )
    return person.user


@transaction.atomic
def build_scene(*, members: int = 3) -> Scene:
    """Everything that venues and occasions need."""
    world = build_world(staff=max(6, members + 2), identities=False)
    with operation("test.scene"):
        course, _new = Course.objects.get_or_create(
            programme=world.programme, key="test", defaults={"name": "Serie"}
        )
        group = Group.objects.create(course=course, district=world.farsta, name="Grupp A", seats=20)
        admitted = [participation_of(world, course, one) for one in world.staff[:members]]
        for one in admitted:
            with_account(one.person)
            join(group, one)
        if not AccessibilityPoint.objects.exists():
            AccessibilityPoint.objects.create(programme=world.programme, text="Hiss finns", order=1)
        venue = venue_in(world.farsta)
        check(world, venue)
        arranger = account("farstas", "administrator", world.farsta)
        RoleAssignment.objects.filter(user=arranger).update(organisation=world.farsta)
        return Scene(
            world=world,
            group=group,
            venue=venue,
            trainer=account("utbildare", "utbildare", world.programme.owner),
            other_trainer=account("annanutbildare", "utbildare", world.programme.owner),
            arranger=arranger,
            members=admitted,
        )


def occasion_in(
    scene: Scene, days: int = 1, *, hour: int = 9, title: str = "Samtal", **extra: Any
) -> Occasion:
    """An occasion of three hours for the group."""
    trainers: Sequence[User] = extra.pop("trainers", ())
    return add_occasion(
        **(
            {
                "group": scene.group,
                "unit": None,
                "title": title,
                "starts_at": at(days, hour),
                "ends_at": at(days, hour + 3),
                "breaks": [[60, 75]],
                "district": scene.world.farsta,
                "actor": scene.office,
            }
            | extra
        ),
        trainers=trainers,
    )
