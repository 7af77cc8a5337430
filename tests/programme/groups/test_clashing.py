"""Nobody is given a group that meets while they are expected elsewhere; the refusal names both."""

import datetime

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from programme.groups import clashing, placing
from programme.groups.errors import BusyElsewhere
from programme.groups.placing_rules import Held, clashes
from programme.models import Group, Invitation, Membership, Occasion, Participation
from tests.programme.builders import World
from tests.programme.training import (
    course_of,
    group_of,
    invitation_to,
    occasion_of,
    participation_of,
)

# In the morning, so that whatever begins some hours later is on the same day.
START = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + (
    datetime.timedelta(days=30)
)
HOUR = datetime.timedelta(hours=1)


def meeting(world: World, group: Group, after: int = 0) -> Occasion:
    """The group's occasion of five hours, so many hours after the start."""
    return occasion_of(world, group, starts_at=START + after * HOUR, title="Gruppens dag")


def elsewhere(world: World, stay: Participation, after: int = 4) -> Invitation:
    """A lecture that the person is expected at; it begins before the group's day ends."""
    lecture = occasion_of(
        world,
        starts_at=START + after * HOUR,
        minutes=120,
        breaks=(),
        kind=Occasion.Kind.LECTURE,
        title="Hjärnan",
    )
    return invitation_to(lecture, stay.person)


def place(world: World, stay: Participation, group: Group) -> int:
    return placing.place(wanted={stay.pk: group.pk}, actor=world.administrator)


def test_only_other_occasions_at_the_same_time_clash() -> None:
    def held(pk: int, start: int, end: int) -> Held:
        return Held(pk, str(pk), START + start * HOUR, START + end * HOUR)

    wanted = [held(1, 1, 3)]
    taken = [held(1, 1, 3), held(2, 0, 1), held(3, 3, 4), held(4, 2, 5), held(5, 0, 9)]
    assert [each.occasion for each in clashes(wanted, taken)] == [4, 5]


def test_placing_names_whom_and_what_it_clashes_with(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stay, group = participation_of(world, world.staff[0]), group_of(world)
    meeting(world, group)
    elsewhere(world, stay)
    with pytest.raises(BusyElsewhere) as refused:
        place(world, stay, group)
    said = str(refused.value.message)
    assert stay.person.last_name in said
    assert "Hjärnan" in said
    assert f"{timezone.localdate(START)}" in said
    assert not Membership.objects.exists()
    # The control: without the look they are expected in two rooms.
    monkeypatch.setattr(clashing, "ensure_free", lambda *args, **kwargs: None)
    assert place(world, stay, group) == 1
    assert Invitation.objects.expected().filter(person=stay.person).count() == 2


def test_whoever_has_said_no_or_comes_after_is_free(world: World) -> None:
    one, two = (participation_of(world, person) for person in world.staff[:2])
    group = group_of(world)
    meeting(world, group)
    row = elsewhere(world, one)
    with transaction.atomic(), operation("test.no"):
        Invitation.objects.filter(pk=row.pk).update(answer=Invitation.Answer.NOT_COMING)
    elsewhere(world, two, after=5)
    assert placing.place(wanted={one.pk: group.pk, two.pk: group.pk}, actor=world.administrator)


def test_two_courses_at_once_clash_with_each_other(world: World) -> None:
    person = world.staff[0]
    series = participation_of(world, person)
    depth = participation_of(world, person, course_of(world, "fordjupning"))
    groups = [group_of(world), group_of(world, depth.course, name="Fördjupning 1")]
    for group in groups:
        meeting(world, group)
    with pytest.raises(BusyElsewhere, match="Gruppens dag"):
        placing.place(
            wanted={series.pk: groups[0].pk, depth.pk: groups[1].pk}, actor=world.administrator
        )


def test_a_move_looks_at_the_new_group_and_not_at_the_one_that_is_left(world: World) -> None:
    stay, old = participation_of(world, world.staff[0]), group_of(world, name="Gamla")
    meeting(world, old)
    place(world, stay, old)
    new = group_of(world, name="Nya")
    meeting(world, new, after=1)

    def move() -> Membership:
        return placing.move(
            participation_id=stay.pk, group=new, reason="Byter", actor=world.administrator
        )

    row = elsewhere(world, stay)
    with pytest.raises(BusyElsewhere, match="Hjärnan"):
        move()
    assert Membership.objects.get().group == old
    with transaction.atomic(), operation("test.withdrawn"):
        Invitation.objects.filter(pk=row.pk).update(withdrawn_at=timezone.now())
    assert move().group == new


def test_what_the_group_met_before_the_first_day_does_not_count(world: World) -> None:
    stay, old = participation_of(world, world.staff[0]), group_of(world, name="Gamla")
    place(world, stay, old)
    new = group_of(world, name="Nya")
    meeting(world, new)
    occasion_of(world, new, starts_at=START + datetime.timedelta(days=30))
    elsewhere(world, stay)
    moved = placing.move(
        participation_id=stay.pk,
        group=new,
        reason="Byter",
        actor=world.administrator,
        from_date=timezone.localdate(START) + datetime.timedelta(days=2),
    )
    assert moved.group == new


def test_the_page_says_what_it_clashes_with(world: World) -> None:
    stay, group = participation_of(world, world.staff[0]), group_of(world)
    meeting(world, group)
    elsewhere(world, stay)
    client = Client()
    client.force_login(world.administrator)
    form = {"kurs": "serie", f"grupp-{stay.public_id}": group.public_id}
    answer = client.post(reverse("groups:place"), form)
    assert answer.status_code == 422
    assert "Hjärnan" in answer.content.decode()
