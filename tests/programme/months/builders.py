"""A month with hours, attested and checked."""

import datetime

from django.db import transaction

from audit.operations import operation
from people.actions import create_user
from people.models import Organisation, Person, User
from programme.models import Correction, Month, Occasion, Statement
from programme.months import corrections, locking, statements
from tests.programme.builders import World, account
from tests.programme.hours.builders import at, mark, occasion_on

MARCH, APRIL = datetime.date(2026, 3, 1), datetime.date(2026, 4, 1)


def city(world: World) -> Organisation:
    """The city itself."""
    return Organisation.objects.get(pk=world.farsta.lineage[0])


def staff_account(world: World, name: str, role: str = "ekonom") -> User:
    """An account that checks hours for the whole city."""
    with transaction.atomic(), operation("test.account"):
        return account(name, role, city(world))


def account_for(person: Person) -> User:
    """The participant's own account."""
    with transaction.atomic(), operation("test.participant"):
        user = create_user(
            email=f"deltagare{person.pk}@example.org",
            first_name="Del",
            last_name="Tagare",
            actor=None,
            person=person,
        )
    person.refresh_from_db()
    return user


def attended(
    world: World, month: datetime.date, persons: list[Person], *, by: User | None = None
) -> Occasion:
    """An occasion of three hours on the third of the month, everyone marked present."""
    occasion = occasion_on(world, month.replace(day=3))
    for person in persons:
        mark(occasion, person, by=by)
    return occasion


def on_paper(world: World, month: datetime.date, person: Person, by: User) -> Statement:
    """The person's month attested on paper."""
    return statements.attest_on_paper(
        programme=world.programme, month=month, person=person, note="Pärm 3", actor=by
    )


def finished(
    world: World, month: datetime.date, persons: list[Person], noter: User, checker: User
) -> None:
    """Attested on paper by one and checked by another."""
    for person in persons:
        on_paper(world, month, person, noter)
    outcome = statements.check(
        programme=world.programme, month=month, persons=persons, actor=checker
    )
    assert not outcome.refused, outcome.refused


def locked(
    world: World, month: datetime.date, persons: list[Person], noter: User, checker: User
) -> Month:
    """The month finished and locked."""
    finished(world, month, persons, noter, checker)
    return locking.lock(programme=world.programme, month=month, actor=checker)


def proposed(occasion: Occasion, person: Person, by: User, end: str = "10.00") -> Correction:
    """A correction to one hour from nine."""
    day = corrections.day_of(occasion)
    return corrections.propose(
        occasion=occasion,
        person=person,
        mark="present",
        times=[(at(day, "9.00"), at(day, end))],
        reason="Gick tidigare.",
        actor=by,
    )
