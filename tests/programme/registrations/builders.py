"""Occasions with seats, and those who want one."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people.models import Organisation, Person, User
from programme.models import Occasion, Participation, Registration, SeatPlan, SeatQuota
from programme.occasions.planning import add_occasion
from programme.registrations import actions
from tests.programme.builders import LONG_AGO, World, person_in
from tests.programme.occasions.builders import at, with_account


def open_occasion(world: World, days: int = 7, *, hour: int = 9, **extra: Any) -> Occasion:
    """A live lecture of two hours, open to all who take part."""
    return add_occasion(
        **(
            {
                "group": None,
                "unit": None,
                "programme": world.programme,
                "kind": Occasion.Kind.LECTURE,
                "title": "Föreläsning om samtal",
                "starts_at": at(days, hour),
                "ends_at": at(days, hour + 2),
                "breaks": [],
                "district": world.farsta,
                "online": True,
                "actor": world.administrator,
            }
            | extra
        )
    )


@transaction.atomic
def plan_for(
    occasion: Occasion,
    seats: int = 2,
    *,
    quotas: dict[Organisation, int] | None = None,
    **extra: Any,
) -> SeatPlan:
    """Registration is open until the occasion starts."""
    with operation("test.plan"):
        plan = SeatPlan.objects.create(
            **(
                {
                    "occasion": occasion,
                    "seats": seats,
                    "opens_at": timezone.now() - datetime.timedelta(days=1),
                    "closes_at": occasion.starts_at,
                    "change_until": occasion.starts_at - datetime.timedelta(days=1),
                }
                | extra
            )
        )
        for district, number in (quotas or {}).items():
            SeatQuota.objects.create(plan=plan, district=district, seats=number)
    return plan


@transaction.atomic
def participant(world: World, person: Person) -> User:
    """The person admitted to the programme, with an account."""
    with operation("test.participant"):
        Participation.objects.create(
            person=person,
            course=world.programme.courses.get(key="serie"),
            category=world.categories["medarbetare"],
            unit=person.unit,
            district=world.farsta,
            admitted_on=LONG_AGO,
        )
        return with_account(person)


def crowd(world: World, number: int, *, first: int = 2000) -> list[Person]:
    """So many more participants of the Farsta unit."""
    found = []
    for turn in range(number):
        with transaction.atomic(), operation("test.crowd"):
            person = person_in(world.unit, first + turn)
        participant(world, person)
        found.append(person)
    return found


def states(plan: SeatPlan) -> list[str]:
    """The states in the order of registration."""
    return list(
        Registration.objects.filter(plan=plan).order_by("order").values_list("state", flat=True)
    )


def user_of(person: Person) -> User:
    """The person's account, which participants here have."""
    assert person.user is not None
    return person.user


def register(plan: SeatPlan, person: Person) -> Registration:
    """The person registers."""
    return actions.register(plan_id=plan.pk, person=person, actor=user_of(person))
