"""Placing: everyone or nobody, once, with managers first; moves keep what has been."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.operations import operation
from people.models import User
from programme.errors import NotAllowed, ReasonNeeded, Stale
from programme.groups import placing, reading
from programme.groups.errors import AlreadyPlaced, GroupClosed, ManagersFirst, WrongCourse
from programme.models import Group, Invitation, Membership, Participation, Wave
from programme.queries import without_manager
from tests.programme.builders import World, build_world, person_in
from tests.programme.training import (
    course_of,
    group_of,
    leaving_reason,
    occasion_of,
    participation_of,
)

SOON = datetime.timedelta(days=30)


def coming(world: World, group: Group) -> None:
    """An occasion next month."""
    occasion_of(world, group, starts_at=timezone.now() + SOON)


def open_memberships() -> int:
    return Membership.objects.filter(to_date=None).count()


def test_those_placed_are_invited_at_once(world: World) -> None:
    people = [participation_of(world, person) for person in world.staff[:3]]
    group = group_of(world)
    coming(world, group)
    wanted = {p.pk: group.pk for p in people}
    assert placing.place(wanted=wanted, actor=world.administrator) == 3
    assert Invitation.objects.filter(withdrawn_at=None).count() == 3


def test_one_who_is_placed_already_stops_all(world: World) -> None:
    people = [participation_of(world, person) for person in world.staff[:3]]
    group, other = group_of(world), group_of(world, name="Grupp 2", members=[])
    placing.place(wanted={people[0].pk: other.pk}, actor=world.administrator)
    with pytest.raises(AlreadyPlaced):
        placing.place(wanted={p.pk: group.pk for p in people}, actor=world.administrator)
    assert open_memberships() == 1


def test_the_database_refuses_a_second_group_too(world: World) -> None:
    participation = participation_of(world, world.staff[0])
    group_of(world, members=[participation])
    with pytest.raises(IntegrityError):
        group_of(world, name="Grupp 2", members=[participation])


def test_closed_groups_and_other_courses_take_nobody(world: World) -> None:
    participation = participation_of(world, world.staff[0])
    closed = group_of(world, state=Group.State.FINISHED)
    other = group_of(world, course_of(world, "fordjupning"))
    with pytest.raises(GroupClosed):
        placing.place(wanted={participation.pk: closed.pk}, actor=world.administrator)
    with pytest.raises(WrongCourse):
        placing.place(wanted={participation.pk: other.pk}, actor=world.administrator)
    assert open_memberships() == 0


def test_only_those_who_arrange_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    participation, group = participation_of(world, world.staff[0]), group_of(world)
    with pytest.raises(NotAllowed):
        placing.place(wanted={participation.pk: group.pk}, actor=world.head)
    monkeypatch.setattr(placing, "ensure_arranges", lambda *_given: None)
    placing.place(wanted={participation.pk: group.pk}, actor=world.head)
    assert open_memberships() == 1


def first_rule(world: World, rule: str) -> None:
    with transaction.atomic(), operation("test.rule"):
        Wave.objects.filter(pk=world.wave.pk).update(managers_first=rule)


def test_managers_go_first_where_the_wave_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    participation, group = participation_of(world, world.staff[0]), group_of(world)
    first_rule(world, "block")
    with pytest.raises(ManagersFirst) as refused:
        placing.place(wanted={participation.pk: group.pk}, actor=world.administrator)
    assert "f1" in str(refused.value)
    assert open_memberships() == 0
    managers = course_of(world, "chefsutbildning")
    manager = participation_of(world, world.managers[0], managers)
    with pytest.raises(ManagersFirst):  # admitted is not started
        placing.place(wanted={participation.pk: group.pk}, actor=world.administrator)
    with transaction.atomic(), operation("test.start"):
        Participation.objects.filter(pk=manager.pk).update(
            state="started", started_on=datetime.date(2026, 2, 1)
        )
    placing.place(wanted={participation.pk: group.pk}, actor=world.administrator)
    assert open_memberships() == 1


def test_without_the_check_staff_would_go_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    participation, group = participation_of(world, world.staff[0]), group_of(world)
    first_rule(world, "block")
    monkeypatch.setattr(placing, "without_manager", lambda _people: {})
    placing.place(wanted={participation.pk: group.pk}, actor=world.administrator)
    assert open_memberships() == 1


def test_a_wave_that_only_warns_lets_staff_be_placed(world: World) -> None:
    participation, group = participation_of(world, world.staff[0]), group_of(world)
    first_rule(world, "warn")
    placing.place(wanted={participation.pk: group.pk}, actor=world.administrator)
    assert list(without_manager([participation]).values()) == ["f1"]


def test_a_move_keeps_history_and_carries_the_invitations(world: World) -> None:
    participation = participation_of(world, world.staff[0])
    old, new = group_of(world, members=[participation]), group_of(world, name="Grupp 2")
    for group in (old, new):
        coming(world, group)
    move = {"participation_id": participation.pk, "group": new, "actor": world.administrator}
    with pytest.raises(ReasonNeeded):
        placing.move(**move, reason="")  # type: ignore[arg-type]
    placing.move(**move, reason="Byter dag")  # type: ignore[arg-type]
    before, after = Membership.objects.order_by("pk")
    assert before.to_date == timezone.localdate() - datetime.timedelta(days=1)
    assert (after.group, after.reason, after.to_date) == (new, "Byter dag", None)
    standing = Invitation.objects.filter(withdrawn_at=None)
    assert [one.occasion.group for one in standing] == [new]
    with pytest.raises(Stale):
        placing.move(**move, reason="Igen")  # type: ignore[arg-type]


def test_whoever_is_taken_out_waits_again(world: World) -> None:
    participation = participation_of(world, world.staff[0])
    group = group_of(world, members=[participation])
    placing.take_out(
        participation_id=participation.pk, reason="Fel grupp", actor=world.administrator
    )
    assert list(reading.unplaced(world.administrator)) == [participation]
    assert reading.members_of(group) == []


def test_an_ended_participation_keeps_its_reason_and_takes_no_group(world: World) -> None:
    participation = participation_of(world, world.staff[0])
    group = group_of(world, members=[participation])
    placing.end_participation(
        participation_id=participation.pk,
        kind=leaving_reason(),
        reason="Slutar",
        actor=world.administrator,
    )
    participation.refresh_from_db()
    assert (participation.state, participation.end_reason) == ("dropped", "Slutar")
    with pytest.raises(AlreadyPlaced):
        placing.place(wanted={participation.pk: group.pk}, actor=world.administrator)
    assert open_memberships() == 0


def race(world: World) -> list[str]:
    """Two administrators place the same person in different groups at the same moment."""
    participation = participation_of(world, world.staff[0])
    groups = [group_of(world, name=f"Grupp {n}") for n in (1, 2)]
    barrier = threading.Barrier(2)

    def place(group: Group) -> str:
        try:
            actor = User.objects.get(pk=world.administrator.pk)
            barrier.wait(timeout=20)
            placing.place(wanted={participation.pk: group.pk}, actor=actor)
        except AlreadyPlaced:
            return "refused"
        except IntegrityError:
            return "crashed"
        else:
            return "placed"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(place, groups))


@pytest.mark.django_db(transaction=True)
def test_two_who_place_the_same_person_make_one_membership() -> None:
    assert race(build_world(identities=False)) == ["placed", "refused"]
    assert open_memberships() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_second_one_crashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the constraint is left then, which has no words for the user."""
    gate = threading.Barrier(2)

    def unlocked(ids: list[int]) -> dict[int, Participation]:
        rows = Participation.objects.filter(pk__in=list(ids)).select_related(
            "district", "unit", "category"
        )
        return {row.pk: row for row in rows}

    def after_both_looked(*_given: object) -> None:
        gate.wait(timeout=20)

    monkeypatch.setattr(placing, "_lock_participations", unlocked)
    monkeypatch.setattr(placing, "_ensure_managers_first", after_both_looked)
    assert race(build_world(identities=False)) == ["crashed", "placed"]


def test_placing_many_costs_as_many_statements_as_placing_few(world: World) -> None:
    """What it costs does not follow the persons, but the groups and their occasions."""

    def statements(number: int, name: str) -> int:
        first = Participation.objects.count()
        people = [
            participation_of(world, person_in(world.unit, 2000 + first + n)) for n in range(number)
        ]
        groups = [group_of(world, name=f"{name} {n}", seats=200) for n in range(2)]
        for group in groups:
            coming(world, group)
        wanted = {p.pk: groups[n % 2].pk for n, p in enumerate(people)}
        with CaptureQueriesContext(connection) as captured:
            assert placing.place(wanted=wanted, actor=world.administrator) == number
        return len(captured)

    statements(2, "Warm")
    few = statements(2, "Few")
    assert statements(60, "Many") == few
