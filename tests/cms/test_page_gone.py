"""A page is taken down while people are registered: they keep all they have, and are told so."""

from collections.abc import Callable

import pytest
import time_machine
from django.db import transaction
from django.db.models.signals import post_delete
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail.signals import page_unpublished

from audit.operations import operation
from cms import gone, lecture_faces
from cms.events import put_up_events
from cms.lecture_setup import publish_drafts
from cms.models import EventPage, LecturePage
from programme.lectures import making
from programme.models import CountedTime, Invitation, Occasion, Registration
from tests.programme.builders import World, build_world
from tests.programme.guests.test_guests import list_for
from tests.programme.lectures.builders import facts
from tests.programme.registrations.builders import (
    open_occasion,
    participant,
    plan_for,
    register,
    user_of,
)
from workflows.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
KIND = "registration.page_gone"


@pytest.fixture
def world() -> World:
    """Two who want to come, where there is a seat for one."""
    found = build_world(staff=2, identities=False)
    for person in found.staff:
        participant(found, person)
    return found


def event(world: World) -> tuple[Page, Occasion]:
    occasion = list_for(world, seats=5).occasion
    put_up_events()
    return EventPage.objects.get(), occasion


def lecture(world: World) -> tuple[Page, Occasion]:
    made = making.save_lecture(facts=facts(), programme=world.programme, actor=world.administrator)
    making.open_lecture(lecture_id=made.pk, actor=world.administrator)
    occasion = open_occasion(world, unit=made.unit)
    with transaction.atomic(), operation("test.draft"):
        lecture_faces.draft(made, world.administrator)
        publish_drafts()
    return LecturePage.objects.get(), occasion


def unpublish(page: Page) -> None:
    page.unpublish()


def delete(page: Page) -> None:
    page.delete()


def take_down(page: Page, how: Callable[[Page], None]) -> None:
    with transaction.atomic(), operation("test.down"):
        how(Page.objects.get(pk=page.pk).specific)


def filled(world: World, occasion: Occasion) -> None:
    plan = plan_for(occasion, seats=1)
    for person in world.staff:
        register(plan, person)


BOTH = pytest.mark.parametrize("make", [event, lecture])
HOW = pytest.mark.parametrize("how", [unpublish, delete])


@BOTH
@HOW
def test_those_registered_keep_all_they_have_and_are_told(
    world: World,
    make: Callable[[World], tuple[Page, Occasion]],
    how: Callable[[Page], None],
) -> None:
    page, occasion = make(world)
    filled(world, occasion)
    before = (
        list(Registration.objects.order_by("pk").values()),
        list(Invitation.objects.order_by("pk").values()),
        list(CountedTime.objects.order_by("pk").values()),
        Occasion.objects.filter(pk=occasion.pk).values().get(),
    )
    take_down(page, how)
    assert before == (
        list(Registration.objects.order_by("pk").values()),
        list(Invitation.objects.order_by("pk").values()),
        list(CountedTime.objects.order_by("pk").values()),
        Occasion.objects.filter(pk=occasion.pk).values().get(),
    )
    told = Message.objects.filter(kind=KIND)
    assert {one.recipient_id for one in told} == {user_of(one).pk for one in world.staff}
    assert all("står kvar" in one.body or "kvar" in one.subject for one in told)
    # And the way to it is there.
    client = Client()
    client.force_login(user_of(world.staff[0]))
    assert client.get(told[0].link).status_code == 200
    assert told[0].link == reverse("registrations:mine_one", args=[occasion.public_id])


@BOTH
def test_nobody_is_told_twice(world: World, make: Callable[[World], tuple[Page, Occasion]]) -> None:
    page, occasion = make(world)
    filled(world, occasion)
    take_down(page, unpublish)
    take_down(page, delete)
    assert Message.objects.filter(kind=KIND).count() == 2


@BOTH
def test_what_is_put_up_again_and_taken_down_is_told_again(
    world: World, make: Callable[[World], tuple[Page, Occasion]]
) -> None:
    page, occasion = make(world)
    filled(world, occasion)
    take_down(page, unpublish)
    first = Message.objects.filter(kind=KIND).count()
    take_down(page, lambda down: down.save_revision().publish())
    take_down(page, unpublish)
    assert Message.objects.filter(kind=KIND).count() == 2 * first > 0


@BOTH
def test_nobody_is_told_while_another_page_tells_of_it(
    world: World, make: Callable[[World], tuple[Page, Occasion]]
) -> None:
    page, occasion = make(world)
    filled(world, occasion)
    with transaction.atomic(), operation("test.translate"):
        english = page.specific.copy_for_translation(Locale.objects.get(language_code="en"))
        english.save_revision().publish()
    take_down(page, unpublish)
    assert not Message.objects.filter(kind=KIND).exists()
    take_down(english, delete)
    assert Message.objects.filter(kind=KIND).count() == 2


@BOTH
def test_nobody_is_told_of_what_is_over(
    world: World, make: Callable[[World], tuple[Page, Occasion]]
) -> None:
    page, occasion = make(world)
    filled(world, occasion)
    with time_machine.travel(occasion.ends_at):
        take_down(page, unpublish)
    assert not Message.objects.filter(kind=KIND).exists()


@BOTH
@HOW
def test_without_the_listener_nobody_would_know(
    world: World,
    make: Callable[[World], tuple[Page, Occasion]],
    how: Callable[[Page], None],
) -> None:
    """The control."""
    page, occasion = make(world)
    filled(world, occasion)
    for kind in gone.KINDS:
        page_unpublished.disconnect(sender=kind, dispatch_uid=f"cms.gone.{kind}")
        post_delete.disconnect(sender=kind, dispatch_uid=f"cms.gone.deleted.{kind}")
    try:
        take_down(page, how)
    finally:
        gone.connect()
    assert not Message.objects.filter(kind=KIND).exists()
