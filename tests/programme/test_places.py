"""Places: never more than the quota, the reserve list in order, every change with a reason."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from people.models import User
from programme.actions import places as actions
from programme.actions.places import accept, decline, move, reorder, replace, withdraw
from programme.actions.waves import set_quota, update_wave
from programme.errors import Full, NotAllowed, ReasonNeeded, Refused, Stale
from programme.models import Nomination, Place, Wave
from tests.programme.builders import World, approve_step, approved, build_world, nominated, quota
from workflows.actions import withdraw as withdraw_case
from workflows.models import WorkItem


def states(*places: Place) -> list[str]:
    for place in places:
        place.refresh_from_db()
    return [place.state for place in places]


def user_of(place: Place) -> User:
    return User.objects.get(person__nominations__place=place)


@pytest.fixture
def line(world: World) -> list[Place]:
    """One place, and three who are approved for it."""
    quota(world, 1)
    return [approved(world, person) for person in world.staff[:3]]


def test_a_full_quota_leads_to_the_reserve_list_in_order(line: list[Place]) -> None:
    assert states(*line) == ["offered", "reserve", "reserve"]
    assert [place.reserve_rank for place in line] == [None, 1, 2]


def test_a_declined_place_is_offered_to_the_first_in_line(line: list[Place]) -> None:
    decline(place_id=line[0].pk, actor=user_of(line[0]), reason="Jag byter arbete.")
    assert states(*line) == ["declined", "offered", "reserve"]
    assert line[1].reason
    assert not Nomination.objects.get(place=line[0]).live


def test_only_the_participant_answers_and_twice_is_once(world: World, line: list[Place]) -> None:
    with pytest.raises(NotAllowed):
        accept(place_id=line[0].pk, actor=world.chief)
    accept(place_id=line[0].pk, actor=user_of(line[0]))
    accept(place_id=line[0].pk, actor=user_of(line[0]))
    assert states(line[0]) == ["accepted"]


def test_a_place_on_the_reserve_list_cannot_be_accepted(world: World, line: list[Place]) -> None:
    person = line[1].nomination.person
    person.refresh_from_db()
    from people.actions import create_user

    user = create_user(email=person.email, first_name="A", last_name="B", actor=None, person=person)
    with pytest.raises(Stale):
        accept(place_id=line[1].pk, actor=user)


def test_withdrawing_needs_a_role_and_a_reason(world: World, line: list[Place]) -> None:
    with pytest.raises(NotAllowed):
        withdraw(place_id=line[0].pk, reason="Slutar", actor=world.chief)
    with pytest.raises(ReasonNeeded):
        withdraw(place_id=line[0].pk, reason="  ", actor=world.administrator)
    withdraw(place_id=line[0].pk, reason="Slutar", actor=world.administrator)
    assert states(*line) == ["withdrawn", "offered", "reserve"]


def test_reordering_needs_a_reason_and_moves_the_others(world: World, line: list[Place]) -> None:
    with pytest.raises(ReasonNeeded):
        reorder(place_id=line[2].pk, position=1, reason="", actor=world.administrator)
    reorder(place_id=line[2].pk, position=1, reason="Ensam i enheten", actor=world.administrator)
    states(*line)
    assert [line[1].reserve_rank, line[2].reserve_rank] == [2, 1]
    with pytest.raises(Refused):
        reorder(place_id=line[2].pk, position=9, reason="x", actor=world.administrator)


def test_replacing_jumps_the_line_on_purpose(world: World, line: list[Place]) -> None:
    replace(
        place_id=line[0].pk,
        with_place_id=line[2].pk,
        reason="Arbetar i samma team",
        actor=world.administrator,
    )
    assert states(*line) == ["withdrawn", "reserve", "offered"]
    assert line[2].nomination.__class__.objects.get(place=line[2]).replaces == line[0].nomination


def test_moving_takes_a_free_place_there_and_frees_one_here(
    world: World, line: list[Place]
) -> None:
    second = Wave.objects.get(number=2)
    move(
        place_id=line[0].pk,
        wave=second,
        district=world.farsta,
        reason="Tjänstledig i vår",
        actor=world.administrator,
    )
    assert states(*line) == ["offered", "offered", "reserve"]
    assert line[0].wave == second


def test_moving_a_held_place_to_a_full_quota_is_refused(world: World, line: list[Place]) -> None:
    second = Wave.objects.get(number=2)
    set_quota(
        wave=second,
        organisation=world.farsta,
        category=line[0].category,
        places=0,
        reason="Beslut",
        actor=world.administrator,
    )
    with pytest.raises(Full):
        move(
            place_id=line[0].pk,
            wave=second,
            district=world.farsta,
            reason="Vill",
            actor=world.administrator,
        )


def test_more_places_go_to_the_reserve_list_at_once(world: World, line: list[Place]) -> None:
    set_quota(
        wave=world.wave,
        organisation=world.farsta,
        category=line[0].category,
        places=2,
        reason="Beslut 2026-11-01",
        actor=world.administrator,
    )
    assert states(*line) == ["offered", "offered", "reserve"]
    with pytest.raises(Refused):
        set_quota(
            wave=world.wave,
            organisation=world.farsta,
            category=line[0].category,
            places=1,
            reason="Sänk",
            actor=world.administrator,
        )


def test_waves_and_settings_change_only_with_role_and_reason(world: World) -> None:
    wave = world.wave
    change = {
        "wave_id": wave.pk,
        "name": "Första omgången",
        "opens_on": wave.opens_on,
        "closes_on": wave.closes_on,
        "managers_first": "block",
    }
    with pytest.raises(NotAllowed):
        update_wave(**change, reason="Beslut", actor=world.head)  # type: ignore[arg-type]
    with pytest.raises(ReasonNeeded):
        update_wave(**change, reason="", actor=world.administrator)  # type: ignore[arg-type]
    update_wave(**change, reason="Beslut", actor=world.administrator)  # type: ignore[arg-type]
    wave.refresh_from_db()
    assert wave.managers_first == "block"


def test_an_in_depth_place_takes_no_part_of_the_quota(world: World) -> None:
    quota(world, 1)
    nominated(world, world.staff[0], key_function="yes")
    place = approved(world, world.staff[0], "fordjupning")
    assert place.state == Place.State.OFFERED
    assert not place.uses_quota


def test_a_nomination_withdrawn_before_its_decision_frees_the_person(world: World) -> None:
    nomination = nominated(world, world.staff[0])
    withdraw_case(case_id=nomination.case_id, actor=world.chief, reason="Byter enhet.")
    nomination.refresh_from_db()
    assert not nomination.live


def race(world: World, approvals: int) -> None:
    """Approve the last step of so many nominations at the same moment."""
    waiting = [nominated(world, person) for person in world.staff[:approvals]]
    for nomination in waiting:
        approve_step(nomination, world.head)
    barrier = threading.Barrier(approvals)

    def approve(nomination: Nomination) -> None:
        try:
            actor = User.objects.get(pk=world.administrator.pk)
            assert WorkItem.objects.filter(case=nomination.case_id, closed_at=None).exists()
            barrier.wait(timeout=20)
            approve_step(nomination, actor)
        finally:
            connection.close()

    with ThreadPoolExecutor(approvals) as pool:
        list(pool.map(approve, waiting))


@pytest.mark.django_db(transaction=True)
def test_racing_approvals_give_exactly_the_quota() -> None:
    world = build_world(staff=8)
    quota(world, 3)
    race(world, 8)
    assert Place.objects.filter(state="offered").count() == 3
    ranks = Place.objects.filter(state="reserve").values_list("reserve_rank", flat=True)
    assert list(ranks.order_by("reserve_rank")) == [1, 2, 3, 4, 5]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_racing_approvals_break_the_quota(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = build_world(staff=8)
    quota(world, 1)
    together = threading.Barrier(8)

    def unlocked(wave_id: int, district_id: int, category_id: int) -> int:
        return 1

    counted = actions.places_left

    def all_count_before_anyone_writes(*where: int) -> int:
        left = counted(*where)
        together.wait(timeout=20)
        return left

    monkeypatch.setattr(actions, "lock_quota", unlocked)
    monkeypatch.setattr(actions, "places_left", all_count_before_anyone_writes)
    race(world, 8)
    assert Place.objects.filter(state="offered").count() == 8
