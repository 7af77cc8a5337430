"""A group comes with all its occasions or not at all; changes carry their reason."""

import datetime
from collections.abc import Callable

import pytest
from django.utils import timezone

from programme.errors import NotAllowed, ReasonNeeded, Refused, Stale
from programme.groups import making
from programme.groups.advancing import advance
from programme.groups.errors import NameTaken
from programme.groups.making import Day, Settings, cancel_group, change_group, make_group
from programme.models import Group, Invitation, Occasion
from tests.programme.builders import World
from tests.programme.groups.conftest import days_of
from tests.programme.training import (
    course_of,
    group_of,
    invitation_to,
    occasion_of,
    participation_of,
    units_of,
)

Make = Callable[..., Settings]


def test_a_series_lays_six_occasions_with_their_breaks(world: World, settings_for: Make) -> None:
    course = course_of(world)
    group = make_group(
        course=course, settings=settings_for(), days=days_of(course), actor=world.administrator
    )
    occasions = list(Occasion.objects.filter(group=group))
    assert len(occasions) == 6  # G-20: 50 groups make 300 occasions
    first = occasions[0]
    assert timezone.localtime(first.starts_at).isoformat() == "2027-09-14T09:00:00+02:00"
    assert timezone.localtime(first.ends_at).hour == 14
    assert first.breaks == [[150, 190]]
    assert (first.district, first.unit) == (world.farsta, units_of(course)[0])
    # In November the clock has been set back: nine is still nine.
    assert {timezone.localtime(one.starts_at).hour for one in occasions} == {9}


def test_one_impossible_day_leaves_nothing(world: World, settings_for: Make) -> None:
    course = course_of(world)
    days = days_of(course)
    days[-1] = Day(days[-1].unit, datetime.date(2031, 1, 7), datetime.time(9, 0))
    with pytest.raises(Refused):
        make_group(course=course, settings=settings_for(), days=days, actor=world.administrator)
    assert not Group.objects.exists()
    assert not Occasion.objects.exists()


def test_a_name_is_taken_once_a_course(
    world: World, settings_for: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = course_of(world)
    group_of(world, course, name="Farsta 1")
    make = {"course": course, "settings": settings_for(), "days": [], "actor": world.administrator}
    with pytest.raises(NameTaken):
        make_group(**make)  # type: ignore[arg-type]
    # The same name is free in another course.
    make_group(**make | {"course": course_of(world, "fordjupning")})  # type: ignore[arg-type]


def test_only_those_who_arrange_there_make_groups(
    world: World, settings_for: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = course_of(world)
    with pytest.raises(NotAllowed):
        make_group(course=course, settings=settings_for(), days=[], actor=world.head)
    monkeypatch.setattr(making, "ensure_arranges", lambda *_given: None)
    make_group(course=course, settings=settings_for(), days=[], actor=world.head)
    assert Group.objects.count() == 1


def test_a_change_needs_its_reason(world: World, settings_for: Make) -> None:
    group = group_of(world)
    changed = settings_for("Farsta tisdag", seats=18)
    with pytest.raises(ReasonNeeded):
        change_group(group_id=group.pk, settings=changed, reason=" ", actor=world.administrator)
    change_group(group_id=group.pk, settings=changed, reason="Ny lokal", actor=world.administrator)
    group.refresh_from_db()
    assert (group.name, group.seats) == ("Farsta tisdag", 18)


def test_a_cancelled_group_frees_its_members_and_their_coming_invitations(world: World) -> None:
    participation = participation_of(world, world.staff[0])
    group = group_of(world, members=[participation])
    soon = timezone.now() + datetime.timedelta(days=30)
    coming = occasion_of(world, group, starts_at=soon)
    invitation_to(coming, world.staff[0], participation)
    cancel_group(group_id=group.pk, reason="För få", actor=world.administrator)
    assert Invitation.objects.get(occasion=coming).withdrawn_at is not None
    participation.refresh_from_db()
    assert participation.state == "admitted"
    with pytest.raises(Stale):
        cancel_group(group_id=group.pk, reason="Igen", actor=world.administrator)


def test_a_group_begins_and_finishes_with_its_occasions(world: World) -> None:
    group, empty = group_of(world), group_of(world, name="Tom")
    occasion = occasion_of(world, group)
    hour = datetime.timedelta(hours=1)

    def state_at(moment: datetime.datetime) -> str:
        advance(moment)
        group.refresh_from_db()
        return group.state

    assert state_at(occasion.starts_at - hour) == "planned"
    assert state_at(occasion.starts_at + hour) == "started"
    assert advance(occasion.starts_at + hour) == 0
    assert state_at(occasion.ends_at) == "finished"
    empty.refresh_from_db()
    assert empty.state == "planned"
