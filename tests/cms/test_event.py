"""The public page of an event: words around an occasion that does not hang on it."""

import pytest
from django.test import Client

from cms.events import put_up_events
from cms.models import EventPage
from cms.setup import load_site
from programme.guests import actions
from programme.models import Guest, GuestList, Occasion, Registration
from programme.occasions import changing
from tests.programme.builders import World, build_world
from tests.programme.guests.test_guests import guest, list_for
from tests.programme.registrations.builders import participant, plan_for, register


@pytest.fixture
def world(db: None) -> World:
    found = build_world(staff=1, identities=False)
    load_site()
    return found


@pytest.fixture
def guest_list(world: World) -> GuestList:
    found = list_for(world, seats=5)
    put_up_events()
    put_up_events()
    return found


def test_each_event_has_one_page_that_leads_to_registration(
    guest_list: GuestList, client: Client
) -> None:
    page = EventPage.objects.get()
    text = client.get(page.url).content.decode()
    assert "Anmäl dig som gäst" in text
    assert f"/gastanmalan/{guest_list.occasion.public_id}/anmal/" in text
    # The page is the same for everybody, so it may be kept and shown to all.
    assert "csrfmiddlewaretoken" not in text


def test_a_cancelled_event_says_so_and_takes_nobody(
    world: World, guest_list: GuestList, client: Client
) -> None:
    changing.cancel(
        occasion_id=guest_list.occasion_id, reason="Lokalen brann", actor=world.administrator
    )
    text = client.get(EventPage.objects.get().url).content.decode()
    assert "Evenemanget är inställt" in text
    assert "Lokalen brann" in text
    assert "Anmäl dig som gäst" not in text


def test_a_page_taken_away_takes_no_registration_with_it(
    world: World, guest_list: GuestList
) -> None:
    person = world.staff[0]
    participant(world, person)
    register(plan_for(guest_list.occasion), person)
    coming = guest(guest_list)
    EventPage.objects.get().delete()
    assert Occasion.objects.filter(pk=guest_list.occasion_id).exists()
    assert Registration.objects.get().state == "registered"
    assert Guest.objects.get().state == "confirmed"
    assert actions.leave(guest_id=coming.pk).state == "left"
