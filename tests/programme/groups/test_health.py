"""Groups that will not work as they stand are found before their participants find it."""

import datetime

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.operations import operation
from core.health import Severity
from programme.groups import health
from programme.models import Group, Occasion
from tests.programme.builders import World
from tests.programme.training import START, group_of, occasion_of, participation_of, trainer_for

DAY = START.date() - datetime.timedelta(days=3)


def found(on: datetime.date = DAY) -> list[str]:
    return [one.message for one in health.check(on)]


def test_a_group_with_an_occasion_and_a_trainer_is_not_mentioned(world: World) -> None:
    group = group_of(world, members=[participation_of(world, world.staff[0])])
    occasion_of(world, group, trainers=[trainer_for(world)])
    assert found() == []


def test_members_without_any_occasion_are_found(world: World) -> None:
    group = group_of(world, members=[participation_of(world, world.staff[0])])
    (one,) = found()
    assert group.name in one
    # A cancelled occasion is none; an empty or finished group needs none.
    with transaction.atomic(), operation("test.cancel"):
        occasion = occasion_of(world, group)
        Occasion.objects.filter(pk=occasion.pk).update(state=Occasion.State.CANCELLED)
        assert len(found()) == 1
        Group.objects.update(state=Group.State.FINISHED)
    group_of(world, name="En tom grupp")
    assert found() == []


def test_an_occasion_soon_without_a_trainer_is_found(world: World) -> None:
    group = group_of(world, members=[participation_of(world, world.staff[0])])
    occasion_of(world, group, title="Dag ett")
    (one,) = found()
    assert "Dag ett" in one
    assert found(DAY - datetime.timedelta(days=30)) == []
    assert found(START.date() + datetime.timedelta(days=1)) == []


def test_many_are_counted_in_as_many_queries_as_few(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            found()
        return len(seen)

    one = group_of(world, members=[participation_of(world, world.staff[0])])
    occasion_of(world, one)
    few = cost()
    for number in range(5):
        occasion_of(world, one, title=f"Dag {number}")
        group_of(
            world,
            name=f"Grupp {number + 5}",
            members=[participation_of(world, world.staff[number + 1])],
        )
    assert cost() == few
    assert any("3" in message or "5" in message for message in found())


def alarms(world: World, on: datetime.date) -> list[str]:
    return [message for message in found(on) if "programmet slutar snart" in message]


def test_a_district_without_a_group_is_found_when_the_end_is_near(world: World) -> None:
    end = world.programme.ends_on
    (one,) = alarms(world, end - datetime.timedelta(days=300))
    assert world.farsta.name in one
    # Neither while there is time, nor when nothing can be done any more.
    assert alarms(world, end - datetime.timedelta(days=366)) == []
    assert alarms(world, end + datetime.timedelta(days=1)) == []


def test_a_district_with_a_group_is_not(world: World) -> None:
    near = world.programme.ends_on - datetime.timedelta(days=300)
    group = group_of(world)
    assert all(group.district.name not in message for message in alarms(world, near))
    with transaction.atomic(), operation("test.cancel"):
        Group.objects.update(state=Group.State.CANCELLED)
    assert any(group.district.name in message for message in alarms(world, near))


def test_the_alarm_is_mailed(world: World) -> None:
    near = world.programme.ends_on - datetime.timedelta(days=300)
    kinds = [one.severity for one in health.check(near) if "slutar snart" in one.message]
    assert kinds == [Severity.SOON]
