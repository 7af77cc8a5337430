"""Somebody leaves: what the tests of it begin with."""

import datetime

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people import actions as people
from people.models import Person, User
from programme.employees import leaving
from tests.programme.builders import World


def on(days: int) -> datetime.date:
    """So many days from today."""
    return timezone.localdate() + datetime.timedelta(days=days)


def leave(
    world: World, *persons: Person, last_day: datetime.date, actor: User | None = None
) -> int:
    return leaving.leave(
        persons=persons,
        last_day=last_day,
        reason="Slutar.",
        actor=actor or world.administrator,
    )


def set_last_day(person: Person, last_day: datetime.date | None) -> None:
    """Behind the back of the action: what a guard must stop by itself."""
    with transaction.atomic(), operation("test.leave"):
        Person.objects.filter(pk=person.pk).update(last_day=last_day)
    person.refresh_from_db()


def with_account(person: Person) -> User:
    return people.create_user(
        email=person.email, first_name="A", last_name="B", actor=None, person=person
    )
