"""A copy takes trainers along, and the venue where it is free; what is left out is told."""

import datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from people.models import RoleAssignment, User
from programme.groups import copying
from programme.groups.making import Day
from programme.models import Booking, Group, Occasion, Venue
from programme.venues.booking import book
from tests.programme.builders import World
from tests.programme.groups.conftest import days_of
from tests.programme.occasions.builders import check
from tests.programme.training import (
    course_of,
    group_of,
    occasion_of,
    trainer_for,
    units_of,
    venue_in,
)

FIRST = datetime.date(2027, 9, 14)


@pytest.fixture
def source(world: World) -> Group:
    """A group whose two first occasions have a trainer and a venue that is checked."""
    group = group_of(world, course_of(world), name="Farsta 1")
    trainer, venue = trainer_for(world), venue_in(world.farsta)
    with transaction.atomic(), operation("test.check"):
        check(world, venue)
    for number, unit in enumerate(units_of(group.course)[:2]):
        start = timezone.now() + datetime.timedelta(days=20 + 30 * number)
        occasion = occasion_of(world, group, unit=unit, trainers=[trainer], starts_at=start)
        with transaction.atomic(), operation("test.book"):
            book(venue_id=venue.pk, occasion=occasion, actor=world.administrator)
    return group


def carry(world: World, source: Group, days: list[Day], **extra: Any) -> copying.Carried:
    return copying.carry(source, days, world.administrator, **({"with_venue": True} | extra))


def trainer() -> User:
    return User.objects.get(taught_occasions__isnull=False, taught_occasions__unit__number=1)


def taken(world: World, day: Day, **extra: Any) -> Occasion:
    """Another occasion at the day's time."""
    return occasion_of(world, starts_at=day.starts_at, minutes=day.unit.minutes, breaks=(), **extra)


def test_ends_that_meet_are_free() -> None:
    at = [datetime.datetime(2027, 9, 14, hour, tzinfo=datetime.UTC) for hour in range(8, 14)]
    assert copying.is_free((at[1], at[2]), [(at[0], at[1]), (at[2], at[3])])
    assert not copying.is_free((at[1], at[3]), [(at[2], at[4])])
    assert not copying.is_free((at[1], at[2]), [(at[0], at[4])])


def test_each_day_takes_the_trainer_and_venue_of_its_unit(world: World, source: Group) -> None:
    found = carry(world, source, days_of(source.course, FIRST))
    assert [len(day.trainers) for day in found.days] == [1, 1, 0, 0, 0, 0]
    assert [day.venue is not None for day in found.days] == [True, True, *[False] * 4]
    # The four units that the source has no occasion for are told to lack a venue.
    assert len(found.notes) == 4
    assert all("ingen lokal" in note for note in found.notes)


def test_a_venue_that_is_taken_then_is_left_out_and_named(
    world: World, source: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = days_of(source.course, FIRST)
    venue = Venue.objects.get(bookings__occasion__group=source, bookings__occasion__unit__number=1)
    with transaction.atomic(), operation("test.taken"):
        book(venue_id=venue.pk, occasion=taken(world, days[0]), actor=world.administrator)
    found = carry(world, source, days)
    assert [day.venue for day in found.days[:2]] == [None, venue]
    assert venue.name in found.notes[0]
    assert str(days[0].date) in found.notes[0]
    # The control: without the look it would be booked twice, which the database refuses.
    monkeypatch.setattr(copying, "is_free", lambda wanted, taken: True)
    assert carry(world, source, days).days[0].venue == venue


def test_a_venue_out_of_use_or_unchecked_is_left_out(world: World, source: Group) -> None:
    with transaction.atomic(), operation("test.rest"):
        Venue.objects.update(in_use=False)
    assert not any(day.venue for day in carry(world, source, days_of(source.course)).days)
    with transaction.atomic(), operation("test.no"):
        Venue.objects.update(in_use=True)
        check(world, Venue.objects.get(), answer="no")
    assert not any(day.venue for day in carry(world, source, days_of(source.course)).days)


def test_a_trainer_who_is_busy_or_teaches_no_more_is_left_out(world: World, source: Group) -> None:
    days, who = days_of(source.course, FIRST), trainer()
    taken(world, days[0], trainers=[who])
    found = carry(world, source, days)
    assert [day.trainers for day in found.days[:2]] == [(), (who,)]
    assert who.get_full_name() in found.notes[0]
    with transaction.atomic(), operation("test.ended"):
        RoleAssignment.objects.filter(user=who).update(
            valid_to=timezone.localdate() - datetime.timedelta(days=1)
        )
    assert not any(day.trainers for day in carry(world, source, days).days)


def posted(world: World, source: Group, **extra: str) -> dict[str, str]:
    form = {
        "course": source.course.key,
        "name": "Farsta 2",
        "district": world.farsta.public_id,
        "seats": "20",
        "first_day": FIRST.isoformat(),
        "time": "09:00",
        "weeks": "5",
    }
    for day in days_of(source.course, FIRST):
        form[f"day-{day.unit.number}"] = day.date.isoformat()
        form[f"time-{day.unit.number}"] = "09:00"
    return form | extra


def test_the_browser_shows_and_saves_what_is_taken_along(world: World, source: Group) -> None:
    days, who = days_of(source.course, FIRST), trainer()
    venue = Venue.objects.get(name="Mötesrummet")
    with transaction.atomic(), operation("test.taken"):
        book(venue_id=venue.pk, occasion=taken(world, days[1]), actor=world.administrator)
    client = Client()
    client.force_login(world.administrator)
    address = reverse("groups:copy", args=[source.public_id])
    preview = client.post(address, posted(world, source)).content.decode()
    assert who.get_full_name() in preview
    assert f"{venue.name} är inte ledig" in preview
    assert not Group.objects.filter(name="Farsta 2").exists()
    saved = client.post(address, posted(world, source, save="1"))
    assert saved.status_code == 302
    told = [str(message) for message in get_messages(saved.wsgi_request)]
    assert any(venue.name in text and str(days[1].date) in text for text in told)
    made = Group.objects.get(name="Farsta 2")
    taught = {one.unit.number for one in made.occasions.filter(trainers=who) if one.unit}
    assert taught == {1, 2}
    booked = Booking.objects.filter(occasion__group=made, cancelled_at=None)
    assert [one.occasion.unit.number for one in booked if one.occasion and one.occasion.unit] == [1]


def test_the_price_of_looking_does_not_grow(world: World, source: Group) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            carry(world, source, days_of(source.course, FIRST))
        return len(found)

    cost()
    few = cost()
    who, venue = trainer(), Venue.objects.get(name="Mötesrummet")
    for unit in units_of(source.course)[2:]:
        start = timezone.now() + datetime.timedelta(days=20 + 30 * unit.number)
        occasion = occasion_of(world, source, unit=unit, trainers=[who], starts_at=start)
        with transaction.atomic(), operation("test.book"):
            book(venue_id=venue.pk, occasion=occasion, actor=world.administrator)
    assert cost() == few
