"""What staff decide and do, and approvals."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.operations import operation
from people.models import Person
from programme.errors import NotAllowed, ReasonNeeded, Refused, Stale
from programme.models import (
    CountedTime,
    HourRules,
    Invitation,
    LearningUnit,
    Registration,
    SeatPlan,
)
from programme.occasions import answering
from programme.registrations import actions, handling, lists, planning
from programme.registrations.errors import NotPossible
from programme.registrations.planning import WantedPlan
from programme.registrations.rules import Problem
from tests.programme.builders import World
from tests.programme.registrations.builders import (
    crowd,
    open_occasion,
    participant,
    plan_for,
    register,
    states,
    user_of,
)
from workflows.actions import decide
from workflows.models import Message, WorkflowDefinition, WorkItem

State = Registration.State


def wanted(plan: SeatPlan, **changes: Any) -> WantedPlan:
    """The plan as it stands, with some of it changed."""
    names = ("seats", "opens_at", "closes_at", "change_until", "release_at")
    return WantedPlan(**({name: getattr(plan, name) for name in names} | changes))


def test_more_seats_are_offered_to_those_in_line(world: World, plan: SeatPlan) -> None:
    for person in world.staff:
        register(plan, person)
    office = world.administrator
    planning.set_plan(
        occasion_id=plan.occasion_id, wanted=wanted(plan, seats=4), actor=office, reason="Större"
    )
    assert states(plan) == ["registered"] * 2 + ["offered"] * 2 + ["waiting"]
    with pytest.raises(Refused, match="redan tagna"):
        planning.set_plan(
            occasion_id=plan.occasion_id, wanted=wanted(plan, seats=3), actor=office, reason="x"
        )
    with pytest.raises(NotAllowed):
        planning.set_plan(
            occasion_id=plan.occasion_id, wanted=wanted(plan), actor=world.chief, reason="x"
        )
    with pytest.raises(Refused, match="kvoter"):
        planning.set_plan(
            occasion_id=plan.occasion_id,
            wanted=wanted(plan, seats=4, quotas={world.farsta: 5}),
            actor=office,
            reason="x",
        )


def test_the_line_is_reordered_only_with_a_reason(world: World, plan: SeatPlan) -> None:
    rows = [register(plan, person) for person in world.staff]
    office = world.administrator
    with pytest.raises(ReasonNeeded):
        handling.reorder(registration_id=rows[4].pk, place=1, reason=" ", actor=office)
    with pytest.raises(NotAllowed):
        handling.reorder(registration_id=rows[4].pk, place=1, reason="x", actor=world.chief)
    with pytest.raises(Refused):
        handling.reorder(registration_id=rows[4].pk, place=4, reason="x", actor=office)
    with pytest.raises(Stale):
        handling.reorder(registration_id=rows[0].pk, place=1, reason="x", actor=office)
    handling.reorder(registration_id=rows[4].pk, place=1, reason="Leder gruppen", actor=office)
    line = list(Registration.objects.in_line().values_list("pk", flat=True))
    assert line == [rows[4].pk, rows[2].pk, rows[3].pk]
    history = Registration.history.filter(id=rows[4].pk).latest("history_date")
    assert history.reason == "Leder gruppen"
    actions.leave(registration_id=rows[0].pk, actor=user_of(world.staff[0]))
    rows[4].refresh_from_db()
    assert rows[4].state == State.OFFERED


def test_staff_enter_someone_but_never_in_two_rooms(world: World) -> None:
    closed = timezone.now() - datetime.timedelta(hours=1)
    plan = plan_for(open_occasion(world), seats=1, closes_at=closed)
    with pytest.raises(NotPossible):
        register(plan, world.staff[0])
    row = handling.add(
        plan_id=plan.pk, person=world.staff[0], reason="Ringde", actor=world.administrator
    )
    assert (row.state, row.by_hand, row.reason) == (State.REGISTERED, True, "Ringde")
    assert (
        handling.add(
            plan_id=plan.pk, person=world.staff[1], reason="x", actor=world.administrator
        ).state
        == State.WAITING
    )
    other = plan_for(open_occasion(world, hour=10, title="Annat"))
    with pytest.raises(NotPossible) as caught:
        handling.add(plan_id=other.pk, person=world.staff[0], reason="x", actor=world.administrator)
    assert caught.value.problems == [Problem.TWO_ROOMS]


def test_what_staff_take_away_is_offered_on(world: World, plan: SeatPlan) -> None:
    rows = [register(plan, person) for person in world.staff[:4]]
    handling.remove(registration_id=rows[0].pk, reason="Slutat", actor=world.administrator)
    handling.remove(registration_id=rows[3].pk, reason="Slutat", actor=world.administrator)
    assert states(plan) == ["left", "registered", "offered", "left"]
    assert Message.objects.filter(kind="registration.removed").count() == 1


def test_a_seat_is_not_given_away_past_the_registration(world: World, plan: SeatPlan) -> None:
    register(plan, world.staff[0])
    invitation = Invitation.objects.get(person=world.staff[0])
    with pytest.raises(Refused, match="anmäl"):
        answering.substitute(
            invitation_id=invitation.pk,
            colleague=world.staff[1],
            reason="x",
            actor=world.administrator,
        )


@pytest.fixture
def approved_plan(world: World) -> SeatPlan:
    """A lecture with one seat, where the nearest manager says yes first."""
    workflow = WorkflowDefinition.objects.get(key="anmalan-till-forelasning")
    return plan_for(open_occasion(world), seats=1, workflow=workflow)


def answer(row: Registration, verdict: str, world: World) -> None:
    item = WorkItem.objects.get(case=row.case, closed_at=None)
    decide(
        case_id=item.case_id,
        step_key=item.step_key,
        round=item.round,
        verdict=verdict,
        actor=world.chief,
        reason="Tiden räcker inte" if verdict == "decline" else "",
    )
    row.refresh_from_db()


def test_approval_gives_the_seat_and_a_no_ends_it(world: World, approved_plan: SeatPlan) -> None:
    rows = [register(approved_plan, person) for person in world.staff[:4]]
    assert states(approved_plan) == ["asked"] * 4
    assert not Invitation.objects.filter(occasion=approved_plan.occasion).exists()
    answer(rows[1], "approve", world)
    answer(rows[2], "approve", world)
    answer(rows[0], "approve", world)
    answer(rows[3], "decline", world)
    assert states(approved_plan) == ["waiting", "registered", "waiting", "refused"]
    # Of those who wait, whoever asked first stands first, whenever the answer came.
    line = Registration.objects.in_line().values_list("pk", flat=True)
    assert list(line) == [rows[0].pk, rows[2].pk]
    assert Message.objects.filter(kind="registration.refused").count() == 1


def test_a_yes_that_comes_after_the_start_gives_no_seat(
    world: World, approved_plan: SeatPlan
) -> None:
    row = register(approved_plan, world.staff[0])
    with time_machine.travel(approved_plan.occasion.starts_at + datetime.timedelta(minutes=1)):
        answer(row, "approve", world)
    assert row.state == State.REFUSED
    assert not Invitation.objects.filter(occasion=approved_plan.occasion).exists()


def test_what_is_asked_for_can_be_taken_back(world: World, approved_plan: SeatPlan) -> None:
    row = register(approved_plan, world.staff[0])
    actions.leave(registration_id=row.pk, actor=user_of(world.staff[0]))
    row.refresh_from_db()
    assert row.state == State.LEFT
    assert row.case is not None
    assert row.case.state == "withdrawn"
    again = register(approved_plan, world.staff[0])
    assert again.state == State.ASKED
    assert again.case_id != row.case_id


def test_a_unit_must_be_reached_first(world: World) -> None:
    unit = LearningUnit.objects.filter(course__programme=world.programme)[0]
    plan = plan_for(open_occasion(world), needs_unit=unit)
    person = world.staff[0]
    with pytest.raises(NotPossible) as caught:
        register(plan, person)
    assert caught.value.problems == [Problem.NOT_REACHED]
    earlier = open_occasion(world, days=-30, unit=unit)
    counted = {
        "occasion": earlier,
        "person": person,
        "day": timezone.localdate(earlier.starts_at),
        "rules": HourRules.objects.first(),
        "planned_minutes": 120,
        "inputs_digest": "0",
    }
    reached(counted, minutes=59)
    with pytest.raises(NotPossible):
        register(plan, person)
    reached(counted, minutes=60)
    assert register(plan, person).state == State.REGISTERED


def reached(counted: dict[str, Any], *, minutes: int) -> None:
    with transaction.atomic(), operation("test.counted"):
        CountedTime.objects.filter(person=counted["person"]).update(current=False)
        CountedTime.objects.create(**counted, minutes=minutes)


def test_the_file_runs_no_formula_and_names_no_protected_person(
    world: World, plan: SeatPlan, client: Client
) -> None:
    evil, hidden = world.staff[0], world.staff[1]
    with transaction.atomic(), operation("test.persons"):
        Person.objects.filter(pk=evil.pk).update(first_name="=HYPERLINK(1)")
        Person.objects.filter(pk=hidden.pk).update(protected=True)
    for person in (evil, hidden):
        person.refresh_from_db()
        register(plan, person)
    client.force_login(world.auditor)
    response = client.get(f"/tillfallen/{plan.occasion.public_id}/anmalda/lista.csv")
    text = response.content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert ";=HYPERLINK" not in text
    assert "Skyddad identitet" in text
    assert hidden.last_name not in text


def test_pages_cost_no_more_with_more_rows(world: World, client: Client) -> None:
    plan = plan_for(open_occasion(world), seats=3)
    for person in world.staff:
        register(plan, person)
    few = cost(client, world, plan)
    for person in crowd(world, 6):
        register(plan, person)
    assert cost(client, world, plan) == few


def cost(client: Client, world: World, plan: SeatPlan) -> list[int]:
    place = plan.occasion.public_id
    found = []
    for user, path in (
        (world.administrator, f"/tillfallen/{place}/anmalda/"),
        (world.chief, "/mina-medarbetare/"),
        (user_of(world.staff[0]), f"/anmalan/{place}/"),
        (user_of(world.staff[0]), "/mina-anmalningar/"),
    ):
        client.force_login(user)
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(path)
        assert response.status_code == 200, path
        found.append(len(queries))
    return found


def test_a_manager_sees_the_own_staff_only(world: World, plan: SeatPlan) -> None:
    register(plan, world.staff[0])
    register(plan, world.others[0])
    now = timezone.now()
    assert [one.row.person_id for one in lists.bookings_of_staff(world.chief, now)] == [
        world.staff[0].pk
    ]


def test_a_double_click_is_one_registration(world: World, plan: SeatPlan, client: Client) -> None:
    user = user_of(world.staff[0])
    client.force_login(user)
    address = f"/anmalan/{plan.occasion.public_id}"
    for _turn in range(2):
        response = client.post(f"{address}/anmal/", {"next": "/mina-anmalningar/"}, follow=True)
        assert response.redirect_chain[0][0] == "/mina-anmalningar/"
    assert states(plan) == ["registered"]
    for elsewhere in ("https://evil.example/", "//evil.example/", "ett ord", "1900-01-01"):
        away = client.post(f"{address}/anmal/", {"next": elsewhere})
        assert away.headers["Location"] == f"{address}/", elsewhere
    client.post(f"{address}/lamna/")
    client.post(f"{address}/lamna/")
    assert states(plan) == ["left"]


def test_another_person_cannot_answer_my_offer(world: World, plan: SeatPlan) -> None:
    rows = [register(plan, person) for person in world.staff[:3]]
    actions.leave(registration_id=rows[0].pk, actor=user_of(world.staff[0]))
    for act in (actions.accept, actions.decline, actions.leave):
        with pytest.raises(NotAllowed):
            act(registration_id=rows[2].pk, actor=user_of(world.staff[1]))


def test_the_panel_offers_what_can_be_done(world: World, plan: SeatPlan, client: Client) -> None:
    page = f"/anmalan/{plan.occasion.public_id}/"
    newcomer = world.managers[0]
    participant(world, newcomer)
    client.force_login(user_of(newcomer))
    assert "Anmäl mig" in client.get(page).content.decode()
    rows = [register(plan, person) for person in world.staff[:3]]
    assert "Ställ mig i kö" in client.get(page).content.decode()
    client.force_login(user_of(world.staff[2]))
    assert "Lämna kön" in client.get(page).content.decode()
    actions.leave(registration_id=rows[0].pk, actor=user_of(world.staff[0]))
    assert "Ja, jag tar platsen" in client.get(page).content.decode()
    client.force_login(user_of(world.staff[1]))
    assert "Låt en kollega få platsen" in client.get(page).content.decode()
