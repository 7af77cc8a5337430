"""Everything dated that one may come to: what it shows to whom, and the way to registration."""

import datetime

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from audit.operations import operation
from cms.events import put_up_events
from cms.models import EventIndexPage, EventPage
from cms.pagecache.moments import next_change
from people.models import Person, User
from programme.models import GuestList, Occasion, Registration, Venue
from programme.occasions import changing
from programme.venues import booking
from tests.programme.builders import World, build_world
from tests.programme.guests.test_guests import list_for
from tests.programme.occasions.builders import with_account
from tests.programme.registrations.builders import (
    open_occasion,
    participant,
    plan_for,
    register,
    user_of,
)
from tests.programme.training import venue_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
LIST = "/handelser/"


@pytest.fixture
def world() -> World:
    return build_world(staff=2, identities=False)


@pytest.fixture
def event(world: World) -> GuestList:
    found = list_for(world, seats=5)
    put_up_events()
    return found


@pytest.fixture
def employee(world: World) -> User:
    return participant(world, world.staff[0])


def read(user: User | None = None, path: str = LIST, **choice: str) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    answer = client.get(path, choice)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_event_lies_below_the_list_and_stands_there_until_it_is_over(event: GuestList) -> None:
    page = EventPage.objects.get()
    assert page.get_parent().specific == EventIndexPage.objects.get(locale__language_code="sv")
    assert f'href="{page.url}"' in read()
    assert f'href="{page.url}"' not in read(nar="tidigare")
    with time_machine.travel(event.occasion.ends_at + datetime.timedelta(minutes=1)):
        assert f'href="{page.url}"' not in read()
        assert f'href="{page.url}"' in read(nar="tidigare")


def test_the_list_is_narrowed_and_nonsense_narrows_nothing(event: GuestList) -> None:
    address = f'href="{EventPage.objects.get().url}"'
    assert address in read(typ="event")
    assert address not in read(typ="lecture")
    assert address in read(typ="nonsense", nar="nonsense", page="nonsense")


def test_a_cancelled_event_says_so(world: World, event: GuestList) -> None:
    changing.cancel(
        occasion_id=event.occasion_id, reason="Lokalen brann", actor=world.administrator
    )
    assert "Inställ" in read()


def booked(world: World, event: GuestList, address: str) -> Venue:
    with transaction.atomic(), operation("test.venue"):
        venue = venue_in(world.farsta, name="Sagan")
        Venue.objects.filter(pk=venue.pk).update(address=address)
        booking.book(
            venue_id=venue.pk,
            occasion=event.occasion,
            actor=world.administrator,
            exception_reason="Besökt i går",
        )
    return venue


def test_a_card_tells_place_and_town_once(world: World, event: GuestList) -> None:
    assert "Sagan" not in read()
    venue = booked(world, event, "Storgatan 1")
    town = world.farsta.short_name
    assert f"Sagan, Storgatan 1, {town}" in read()
    with transaction.atomic(), operation("test.venue"):
        Venue.objects.filter(pk=venue.pk).update(address=f"Storgatan 1, {town}")
    page = read()
    assert f"Sagan, Storgatan 1, {town}<" in page
    assert f"{town}, {town}" not in page


def test_a_card_of_what_is_held_on_line_says_so(event: GuestList) -> None:
    with transaction.atomic(), operation("test.online"):
        Occasion.objects.filter(pk=event.occasion_id).update(online=True)
    assert "Digitalt" in read()


def test_the_list_leads_to_the_calendar(event: GuestList) -> None:
    assert 'href="/handelser.ics"' in read()
    assert event.occasion.public_id in Client().get("/handelser.ics").content.decode()


def test_an_employee_registers_for_an_event_from_the_list_and_from_its_page(
    event: GuestList, employee: User
) -> None:
    plan_for(event.occasion)
    one = reverse("registrations:mine_one", args=[event.occasion.public_id])
    page = EventPage.objects.get().url
    assert f"next={one}" in read()
    assert f'href="{one}"' in read(employee)
    assert reverse("registrations:register", args=[event.occasion.public_id]) in read(
        employee, page
    )
    client = Client()
    client.force_login(employee)
    client.post(reverse("registrations:register", args=[event.occasion.public_id]))
    assert Registration.objects.get().state == "registered"
    assert "Min anmälan" in read(employee)


def test_who_would_be_refused_is_offered_no_registration(
    world: World, event: GuestList, employee: User
) -> None:
    """Somebody outside the project, and while the managers have their turn an employee."""
    plan = plan_for(event.occasion)
    with transaction.atomic(), operation("test.outside"):
        outside = with_account(world.staff[1])
    one = reverse("registrations:mine_one", args=[event.occasion.public_id])
    page = EventPage.objects.get().url
    assert f'href="{one}"' not in read(outside)
    assert "Platser kvar för dig" not in words_of(read(outside, page))
    # The control: with a place in the project both are there.
    assert f'href="{one}"' in read(employee)
    assert "Platser kvar för dig" in words_of(read(employee, page))
    with transaction.atomic(), operation("test.managers"):
        plan.managers_until = plan.closes_at
        plan.save()
    assert f'href="{one}"' not in read(employee)
    with transaction.atomic(), operation("test.managers"):
        Person.objects.filter(user=employee).update(is_manager=True)
    assert f'href="{one}"' in read(employee)


def words_of(html: str) -> str:
    return " ".join(html.split())


def test_the_page_of_an_event_holds_no_form_for_those_who_have_not_signed_in(
    event: GuestList,
) -> None:
    plan_for(event.occasion)
    html = read(path=EventPage.objects.get().url)
    assert "csrfmiddlewaretoken" not in html
    assert "Logga in och anmäl dig" in html


def test_an_open_occasion_without_a_page_is_seen_by_those_within_and_nobody_else(
    world: World, employee: User
) -> None:
    occasion = open_occasion(world, kind=Occasion.Kind.TRAINING, title="Öppen verkstad")
    # The control: without a seat plan nobody can register, so it is nothing to show.
    assert "Öppen verkstad" not in read(employee)
    plan_for(occasion)
    assert "Öppen verkstad" in read(employee)
    assert "Öppen verkstad" not in read()


def test_what_is_open_stands_on_my_page_until_i_have_registered(
    world: World, employee: User
) -> None:
    occasion = open_occasion(world, kind=Occasion.Kind.TRAINING, title="Öppen verkstad")
    plan = plan_for(occasion)
    mine = reverse("programme:my_page")
    assert 'id="oppna-tillfallen"' in read(employee, mine)
    assert "Öppen verkstad" in read(employee, mine)
    register(plan, world.staff[0])
    assert 'id="oppna-tillfallen"' not in read(employee, mine)


def test_an_occasion_of_a_group_is_open_to_nobody(world: World, employee: User) -> None:
    occasion = open_occasion(world, title="Öppen verkstad")
    plan_for(occasion, opens_at=occasion.starts_at - datetime.timedelta(hours=1))
    # Registration has not opened.
    assert 'id="oppna-tillfallen"' not in read(employee, reverse("programme:my_page"))


def test_the_price_does_not_follow_the_rows(world: World, employee: User) -> None:
    def price() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            read(employee)
        return len(captured)

    def more(number: int) -> None:
        for turn in range(number):
            found = list_for(world, seats=5, days=20 + turn + number)
            plan_for(found.occasion)
        put_up_events()

    more(1)
    price()
    few = price()
    more(5)
    price()
    assert price() == few


def test_the_kept_list_changes_by_itself(event: GuestList, settings: Settings) -> None:
    settings.PUBLIC_PAGES_KEPT_SECONDS = 10**7
    address = f'href="{EventPage.objects.get().url}"'
    assert address in read()
    after = event.occasion.ends_at + datetime.timedelta(seconds=1)
    before = event.occasion.ends_at - datetime.timedelta(hours=1)
    assert next_change(before) <= event.occasion.ends_at
    with time_machine.travel(after):
        assert address not in read()


def test_two_people_see_their_own_registrations(
    world: World, event: GuestList, employee: User
) -> None:
    register(plan_for(event.occasion), world.staff[0])
    other = participant(world, world.staff[1])
    assert "Min anmälan" in read(user_of(world.staff[0]))
    assert "Min anmälan" not in read(other)


def test_a_lecture_that_is_taken_down_takes_its_dates_from_the_list(world: World) -> None:
    occasion = open_occasion(world)
    with transaction.atomic(), operation("test.none"):
        assert not EventPage.objects.filter(occasion=occasion).exists()
    assert occasion.title not in read()
