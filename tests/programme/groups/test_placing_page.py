"""The page that places people: what it proposes, and what it keeps when it is refused."""

import datetime

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from programme.groups import clashing
from programme.models import Group, Membership, Occasion
from tests.programme.builders import World
from tests.programme.training import group_of, invitation_to, occasion_of, participation_of


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    with transaction.atomic(), operation("test.sign_in"):
        client.force_login(world.administrator)
    return client


def two_at_once(world: World) -> tuple[Group, Occasion]:
    """A group's occasion, and a lecture that begins before it ends."""
    group = group_of(world)
    start = timezone.now() + datetime.timedelta(days=30)
    occasion_of(world, group, starts_at=start)
    later = start + datetime.timedelta(hours=4)
    lecture = occasion_of(world, starts_at=later, minutes=60, breaks=(), kind=Occasion.Kind.LECTURE)
    return group, lecture


def test_a_refusal_keeps_what_was_chosen_for_everybody(world: World, client: Client) -> None:
    near, busy = (participation_of(world, person) for person in world.staff[:2])
    far = participation_of(world, world.others[0])
    group, lecture = two_at_once(world)
    invitation_to(lecture, busy.person)
    chosen = {f"grupp-{p.public_id}": group.public_id for p in (busy, far)}
    chosen[f"grupp-{near.public_id}"] = ""
    page = client.post(reverse("groups:place"), chosen | {"kurs": "serie"})
    assert page.status_code == 422
    assert not Membership.objects.exists()
    rows = {row.participation: row.proposed for row in page.context["rows"]}
    assert rows == {near: "", busy: group.public_id, far: group.public_id}
    text = page.content.decode()
    # The one from elsewhere had chosen among groups of other administrations.
    assert text.count(f'<option value="{group.public_id}" selected>') == 2
    assert "2 skulle tillkomma" in text


def test_nobody_is_proposed_what_would_be_refused(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, busy = (participation_of(world, person) for person in world.staff[:2])
    group, lecture = two_at_once(world)
    invitation_to(lecture, busy.person)
    page = client.get(reverse("groups:place"))
    rows = {row.participation: (row.proposed, row.busy) for row in page.context["rows"]}
    assert rows == {free: (group.public_id, ""), busy: ("", group.name)}
    text = page.content.decode()
    assert f"Väntas på annat håll när den träffas: {group.name}" in text
    assert "på tider som inte krockar" in text
    # The control: without the look, the proposal is one that is refused when it is confirmed.
    monkeypatch.setattr(clashing, "barred", lambda *args: {})
    page = client.get(reverse("groups:place"))
    assert {row.proposed for row in page.context["rows"]} == {group.public_id}


def test_the_courses_say_how_many_wait_in_each(world: World, client: Client) -> None:
    for person in world.staff[:2]:
        participation_of(world, person)
    assert "(2 väntar)</option>" in client.get(reverse("groups:place")).content.decode()


def test_units_of_the_same_name_are_told_apart(world: World, client: Client) -> None:
    units = [person.unit for person in (world.staff[0], world.others[0])]
    for person, unit in zip((world.staff[0], world.others[0]), units, strict=True):
        unit.short_name = "Mottagningsenheten"
        with transaction.atomic(), operation("test.name"):
            unit.save(update_fields=["short_name"])
        participation_of(world, person)
    page = client.get(reverse("groups:place"))
    assert page.context["lacking"] == sorted(unit.name for unit in units)
