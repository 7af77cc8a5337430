"""An accepted place is a participation, once; a lost place ends it and keeps its history."""

import pytest
from django.db import transaction

from audit.operations import operation
from people.models import User
from programme.actions.places import accept, decline, withdraw
from programme.groups import admission
from programme.models import Course, Membership, Participation, Place
from tests.programme.builders import World, approved
from tests.programme.training import course_of, group_of, participation_of, units_of


def user_of(place: Place) -> User:
    return User.objects.get(person__nominations__place=place)


@pytest.fixture
def place(world: World) -> Place:
    return approved(world, world.staff[0])


def accepted(place: Place) -> Participation:
    accept(place_id=place.pk, actor=user_of(place))
    return Participation.objects.get(place=place)


def test_the_application_s_courses_are_laid_once(world: World) -> None:
    series, managers = course_of(world), course_of(world, "chefsutbildning")
    assert _net(series) == 26 * 60  # G-05
    assert _net(managers) == 18 * 60
    assert len(units_of(series)) == 6
    assert {module.key for unit in units_of(series) for module in unit.modules.all()} == {
        "samtal",
        "bemotande",
        "systemteori",
        "yrkesroll",
        "case",
    }
    assert series.completion_rules.get().decision == "Förslag, beslutas av styrgruppen"
    assert world.programme.preparation_points.count() == 7


def _net(course: Course) -> int:
    return sum(
        unit.minutes - sum(to - start for start, to in unit.breaks) for unit in units_of(course)
    )


def test_an_accepted_place_becomes_a_participation_once(world: World, place: Place) -> None:
    participation = accepted(place)
    accept(place_id=place.pk, actor=user_of(place))
    assert Participation.objects.count() == 1
    assert participation.course == course_of(world)
    assert participation.state == "admitted"
    assert (participation.unit, participation.district) == (world.unit, world.farsta)


def test_without_admission_an_accepted_place_leads_nowhere(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "admit", lambda **_given: None)
    accept(place_id=place.pk, actor=user_of(place))
    assert not Participation.objects.exists()


def test_a_person_admitted_by_staff_keeps_the_one_participation(world: World, place: Place) -> None:
    early = participation_of(world, world.staff[0])
    assert accepted(place) == early


def test_a_key_function_takes_two_courses(world: World) -> None:
    first = accepted(approved(world, world.staff[0], "medarbetare"))
    second = participation_of(world, world.staff[0], course_of(world, "fordjupning"))
    assert first.person == second.person


def test_a_withdrawn_place_ends_the_participation_and_its_membership(
    world: World, place: Place
) -> None:
    participation = accepted(place)
    group = group_of(world, members=[participation])
    withdraw(place_id=place.pk, reason="Byter arbete", actor=world.administrator)
    participation.refresh_from_db()
    assert (participation.state, participation.end_reason) == ("dropped", "Byter arbete")
    assert participation.ended_on is not None
    assert Membership.objects.get(group=group).to_date is not None


def test_declining_after_accepting_ends_it_too(place: Place) -> None:
    participation = accepted(place)
    decline(place_id=place.pk, actor=user_of(place))
    participation.refresh_from_db()
    assert participation.state == "dropped"
    assert participation.end_reason


def test_a_completed_participation_is_not_undone(place: Place) -> None:
    participation = accepted(place)
    with transaction.atomic(), operation("test.complete"):
        Participation.objects.filter(pk=participation.pk).update(state="completed")
    assert admission.drop(place=place, reason="För sent", actor=user_of(place)) is None
