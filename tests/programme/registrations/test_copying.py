"""The same occasion once more, with its seat plan."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.errors import NotAllowed, Refused
from programme.models import Occasion, Registration, SeatPlan, SeatQuota
from programme.registrations import copying
from tests.programme.builders import World
from tests.programme.registrations.builders import open_occasion, plan_for, register

WEEK = datetime.timedelta(days=7)


@pytest.fixture
def full(world: World) -> SeatPlan:
    """A plan with everything in it."""
    occasion = open_occasion(world, 14)
    return plan_for(
        occasion,
        seats=8,
        quotas={world.farsta: 3, world.skarholmen: 2},
        release_at=occasion.starts_at - datetime.timedelta(days=5),
        managers_until=timezone.now() - datetime.timedelta(hours=1),
    )


def test_a_copy_has_the_seats_shares_and_times(world: World, full: SeatPlan) -> None:
    source = full.occasion
    made = copying.copy_occasion(
        occasion_id=source.pk, starts_at=source.starts_at + WEEK, actor=world.administrator
    )
    plan = SeatPlan.objects.get(occasion=made)
    assert (made.title, made.kind, made.online) == (source.title, source.kind, source.online)
    assert made.ends_at - made.starts_at == source.ends_at - source.starts_at
    assert plan.seats == 8
    for name in ("opens_at", "closes_at", "change_until", "release_at", "managers_until"):
        moved = timezone.localtime(getattr(plan, name)).replace(tzinfo=None)
        before = timezone.localtime(getattr(full, name)).replace(tzinfo=None)
        assert moved - before == WEEK, name
    shares = dict(SeatQuota.objects.filter(plan=plan).values_list("district__code", "seats"))
    assert shares == {world.farsta.code: 3, world.skarholmen.code: 2}


def test_nobody_comes_along(world: World, full: SeatPlan) -> None:
    register(full, world.staff[0])
    made = copying.copy_occasion(
        occasion_id=full.occasion_id,
        starts_at=full.occasion.starts_at + WEEK,
        actor=world.administrator,
    )
    assert not Registration.objects.filter(plan__occasion=made).exists()
    assert not made.invitations.exists()
    assert SeatPlan.objects.get(occasion=made).taken == 0


def test_what_has_been_and_who_may_not_are_refused(world: World, full: SeatPlan) -> None:
    number = Occasion.objects.count()
    with pytest.raises(Refused):
        copying.copy_occasion(
            occasion_id=full.occasion_id, starts_at=timezone.now(), actor=world.administrator
        )
    with pytest.raises(NotAllowed):
        copying.copy_occasion(
            occasion_id=full.occasion_id,
            starts_at=full.occasion.starts_at + WEEK,
            actor=world.chief,
        )
    assert Occasion.objects.count() == number


def test_a_plan_that_cannot_hold_leaves_no_occasion(
    world: World, full: SeatPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: occasion and plan are one."""
    number = Occasion.objects.count()

    def refuse(**_kwargs: object) -> None:
        raise Refused("no")

    monkeypatch.setattr(copying, "set_plan", refuse)
    with pytest.raises(Refused):
        copying.copy_occasion(
            occasion_id=full.occasion_id,
            starts_at=full.occasion.starts_at + WEEK,
            actor=world.administrator,
        )
    assert Occasion.objects.count() == number


def test_the_page(world: World, full: SeatPlan) -> None:
    client = Client()
    client.force_login(world.administrator)
    page = reverse("registrations:copy", args=[full.occasion.public_id])
    assert client.get(page).status_code == 200
    assert client.post(page, {"day": "2020-01-01", "time": "9:00"}).status_code == 422
    day = (full.occasion.starts_at + WEEK).date().isoformat()
    assert client.post(page, {"day": day, "time": "13:00"}).status_code == 302
    made = Occasion.objects.order_by("-pk")[0]
    assert timezone.localtime(made.starts_at).hour == 13
    client.force_login(world.chief)
    assert client.get(page).status_code == 404
