"""Whoever is only a name earns no co-financing until it is known that they are employed."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from audit.operations import operation
from people.models import Person
from programme.attendance import marking, merging
from programme.models import Occasion
from programme.months import figures
from reports.economy import reading
from tests.clients import signed_in
from tests.programme.builders import World
from tests.programme.hours.builders import occasion_on
from tests.programme.months.builders import MARCH

NAME = "bara ett namn: ingen medfinansiering förrän det är kopplat till registret"


def written_down(world: World, occasion: Occasion) -> Person:
    return marking.add_temporary(
        occasion_id=occasion.pk, first_name="Kim", last_name="Okänd", actor=world.administrator
    )


def money(world: World) -> tuple[int, int, int]:
    """Minutes and kronor of March, and kronor of the page of co-financing."""
    month = figures.months_of(world.programme.pk, MARCH, MARCH)[MARCH]
    return (
        month.minutes,
        int(month.kronor),
        int(reading.whole(world.programme, reading.Choice())[2]),
    )


def test_a_name_earns_when_it_is_joined_with_an_employee(world: World) -> None:
    occasion = occasion_on(world, datetime.date(2026, 3, 3))
    kim = written_down(world, occasion)
    assert money(world) == (180, 0, 0)
    client = signed_in(world.administrator)
    for page in ("/manader/2026-03/", "/medfinansiering/rader/"):
        assert NAME in client.get(page).content.decode(), page
    own = client.get(f"/manader/2026-03/{kim.public_id}/").content.decode()
    assert "förrän namnet är kopplat till någon i registret" in own
    merging.merge(
        temporary_id=kim.pk, into_id=world.staff[0].pk, reason="Samma", actor=world.administrator
    )
    assert money(world) == (180, 1251, 1251)
    for page in ("/manader/2026-03/", "/medfinansiering/rader/"):
        assert NAME not in client.get(page).content.decode(), page


def test_the_database_takes_no_name_as_employed(world: World) -> None:
    kim = written_down(world, occasion_on(world, datetime.date(2026, 3, 3)))
    with pytest.raises(IntegrityError), transaction.atomic(), operation("test.employed"):
        Person.objects.filter(pk=kim.pk).update(publicly_employed=True)
