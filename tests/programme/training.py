"""Builders for everything after nomination: courses, groups, venues, occasions, invitations.

Rows are laid straight in the tables, in an operation of their own; a test that is about an
action calls the action.
"""

import datetime
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people.models import Organisation, Person, User
from programme.models import (
    Course,
    Group,
    Invitation,
    LearningUnit,
    LeavingReason,
    Membership,
    Occasion,
    Participation,
    Venue,
)
from tests.programme.builders import World, account

# A Tuesday at nine in Stockholm, in the middle of the programme.
START = datetime.datetime(2026, 9, 15, 7, 0, tzinfo=datetime.UTC)


def leaving_reason(key: str = "schema") -> LeavingReason:
    """One of the reasons that set-up lays."""
    return LeavingReason.objects.get(key=key)


def course_of(world: World, key: str = "serie") -> Course:
    """One of the courses that the set-up lays: serie, chefsutbildning, fordjupning, forelasning."""
    return Course.objects.get(programme=world.programme, key=key)


def units_of(course: Course) -> list[LearningUnit]:
    """The course's learning units in order."""
    return list(course.units.filter(in_use=True).order_by("number"))


def trainer_for(world: World, name: str = "utbildare") -> User:
    """An account with the trainer's role for the whole city."""
    with transaction.atomic(), operation("test.trainer"):
        return account(name, "utbildare", Organisation.objects.get(pk=world.farsta.lineage[0]))


def participation_of(
    world: World,
    person: Person,
    course: Course | None = None,
    *,
    state: str = Participation.State.ADMITTED,
    key_function: bool = False,
    started_on: datetime.date | None = None,
) -> Participation:
    """The person taking the course (the series unless told), admitted on the first of 2026."""
    taken = course or course_of(world)
    category = "chef" if person.is_manager else "medarbetare"
    administrations = {unit.pk: unit for unit in (world.farsta, world.skarholmen)}
    district = next(administrations[pk] for pk in person.unit.lineage if pk in administrations)
    with transaction.atomic(), operation("test.participation"):
        return Participation.objects.create(
            person=person,
            course=taken,
            category=world.categories[category],
            unit=person.unit,
            district=district,
            key_function=key_function,
            state=state,
            admitted_on=datetime.date(2026, 1, 1),
            started_on=started_on,
        )


def group_of(
    world: World,
    course: Course | None = None,
    *,
    name: str = "Grupp 1",
    members: Iterable[Participation] = (),
    district: Organisation | None = None,
    seats: int = 20,
    state: str = Group.State.PLANNED,
) -> Group:
    """A group in Farsta with its members since the start of 2026."""
    with transaction.atomic(), operation("test.group"):
        group = Group.objects.create(
            course=course or course_of(world),
            wave=world.wave,
            district=district or world.farsta,
            name=name,
            seats=seats,
            state=state,
        )
        for participation in members:
            Membership.objects.create(
                participation=participation, group=group, from_date=datetime.date(2026, 1, 1)
            )
    return group


def venue_in(
    district: Organisation, *, name: str = "Mötesrummet", capacity: int = 24, cost_a_day: int = 0
) -> Venue:
    """A venue that nobody has checked yet."""
    with transaction.atomic(), operation("test.venue"):
        return Venue.objects.create(
            name=name,
            address="Storforsplan 36",
            district=district,
            capacity=capacity,
            cost_a_day=cost_a_day,
        )


def occasion_of(
    world: World,
    group: Group | None = None,
    *,
    unit: LearningUnit | None = None,
    starts_at: datetime.datetime = START,
    minutes: int = 300,
    breaks: Sequence[Sequence[int]] = ((150, 190),),
    district: Organisation | None = None,
    trainers: Sequence[User] = (),
    online: bool = False,
    kind: str = Occasion.Kind.TRAINING,
    title: str = "",
) -> Occasion:
    """An occasion from nine to two with forty minutes' lunch: 260 minutes net."""
    with transaction.atomic(), operation("test.occasion"):
        occasion = Occasion.objects.create(
            programme=world.programme,
            kind=kind,
            group=group,
            unit=unit,
            title=title or (unit.title if unit else "Utbildningsdag"),
            starts_at=starts_at,
            ends_at=starts_at + datetime.timedelta(minutes=minutes),
            breaks=[list(pair) for pair in breaks],
            district=district or (group.district if group else world.farsta),
            online=online,
        )
        occasion.trainers.set(trainers)
    return occasion


def invitation_to(
    occasion: Occasion, person: Person, participation: Participation | None = None
) -> Invitation:
    """The person on the occasion's roster."""
    with transaction.atomic(), operation("test.invitation"):
        return Invitation.objects.create(
            occasion=occasion,
            person=person,
            participation=participation,
            invited_at=timezone.now(),
        )


def invited_group(world: World, persons: Sequence[Person], *, name: str = "Grupp 1") -> Group:
    """A group of these persons with its first occasion, everyone invited."""
    course = course_of(world)
    members = [participation_of(world, person, course) for person in persons]
    group = group_of(world, course, name=name, members=members)
    occasion = occasion_of(world, group, unit=units_of(course)[0])
    for participation in members:
        invitation_to(occasion, participation.person, participation)
    return group
