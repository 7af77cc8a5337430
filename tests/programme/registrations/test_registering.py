"""Seats, the line and offers, through the actions."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.operations import operation
from programme.errors import NotAllowed, Refused
from programme.models import Invitation, Occasion, Registration, SeatPlan
from programme.occasions import changing
from programme.registrations import actions, minding, notices, queries, replacing
from programme.registrations.errors import NotPossible, OfferOver, TooLate
from programme.registrations.rules import Problem
from tests.programme.builders import World
from tests.programme.registrations.builders import (
    open_occasion,
    participant,
    plan_for,
    register,
    states,
    user_of,
)
from workflows import delivery
from workflows.mailing import actions as mailing
from workflows.mailing.kinds import worded_kinds
from workflows.models import Message

State = Registration.State
NOTICES = {
    "registered",
    "waiting",
    "asked",
    "offered",
    "lapsed",
    "refused",
    "removed",
    "substituted",
    "changed",
    "cancelled",
    "page_gone",
}


def kinds() -> list[str]:
    return list(
        Message.objects.filter(kind__startswith="registration.")
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def test_the_first_get_seats_and_the_rest_stand_in_line(world: World, plan: SeatPlan) -> None:
    for person in world.staff:
        register(plan, person)
    assert states(plan) == ["registered"] * 2 + ["waiting"] * 3
    plan.refresh_from_db()
    assert plan.taken == 2
    invitation = Invitation.objects.get(occasion=plan.occasion, person=world.staff[0])
    assert invitation.answer == Invitation.Answer.COMING
    assert invitation.invited_at is not None
    assert kinds() == ["registration.registered"] * 2 + ["registration.waiting"] * 3


def test_registering_twice_is_once(world: World, plan: SeatPlan) -> None:
    first = register(plan, world.staff[0])
    assert register(plan, world.staff[0]).pk == first.pk
    assert Registration.objects.count() == 1
    assert Message.objects.filter(kind="registration.registered").count() == 1


def test_the_database_refuses_one_seat_too_many(world: World, plan: SeatPlan) -> None:
    for person in world.staff[:3]:
        register(plan, person)
    waiting = Registration.objects.get(state=State.WAITING)
    with (
        pytest.raises(IntegrityError, match="never_oversold"),
        transaction.atomic(),
        operation("test.oversell"),
    ):
        Registration.objects.filter(pk=waiting.pk).update(state="registered", queue=None)


def test_leaving_offers_the_seat_to_the_next_in_line(world: World, plan: SeatPlan) -> None:
    rows = [register(plan, person) for person in world.staff]
    actions.leave(registration_id=rows[0].pk, actor=user_of(world.staff[0]))
    assert states(plan) == ["left", "registered", "offered", "waiting", "waiting"]
    invitation = Invitation.objects.get(occasion=plan.occasion, person=world.staff[0])
    assert invitation.withdrawn_at is not None
    assert Message.objects.filter(kind="occasion.withdrawn").count() == 1
    offered = actions.accept(registration_id=rows[2].pk, actor=user_of(world.staff[2]))
    assert offered.state == State.REGISTERED
    actions.accept(registration_id=rows[2].pk, actor=user_of(world.staff[2]))
    assert Invitation.objects.filter(occasion=plan.occasion, withdrawn_at=None).count() == 2


def test_an_offer_lapses_and_goes_on_to_the_next(world: World, plan: SeatPlan) -> None:
    rows = [register(plan, person) for person in world.staff]
    actions.leave(registration_id=rows[0].pk, actor=user_of(world.staff[0]))
    later = timezone.now() + datetime.timedelta(hours=49)
    assert minding.mind_due(timezone.now() + datetime.timedelta(hours=47)) == 0
    assert minding.mind_due(later) == 1
    assert minding.mind_due(later) == 0
    assert states(plan) == ["left", "registered", "lapsed", "offered", "waiting"]
    with pytest.raises(OfferOver):
        actions.accept(registration_id=rows[2].pk, actor=user_of(world.staff[2]))


def test_an_offer_that_has_run_out_is_not_accepted_before_the_job_has_run(
    world: World, plan: SeatPlan
) -> None:
    rows = [register(plan, person) for person in world.staff[:3]]
    actions.leave(registration_id=rows[0].pk, actor=user_of(world.staff[0]))
    with (
        time_machine.travel(timezone.now() + datetime.timedelta(hours=49)),
        pytest.raises(OfferOver),
    ):
        actions.accept(registration_id=rows[2].pk, actor=user_of(world.staff[2]))


def test_declining_asks_the_next(world: World, plan: SeatPlan) -> None:
    rows = [register(plan, person) for person in world.staff]
    actions.leave(registration_id=rows[1].pk, actor=user_of(world.staff[1]))
    actions.decline(registration_id=rows[2].pk, actor=user_of(world.staff[2]))
    assert states(plan) == ["registered", "left", "declined", "offered", "waiting"]


def test_a_share_is_kept_until_it_is_released(world: World) -> None:
    soon = timezone.now() + datetime.timedelta(hours=1)
    plan = plan_for(open_occasion(world), seats=3, quotas={world.skarholmen: 2}, release_at=soon)
    for person in world.staff[:3]:
        register(plan, person)
    assert states(plan) == ["registered", "waiting", "waiting"]
    panel = queries.panel_for(plan.occasion, user_of(world.others[0]))
    assert (panel.seats_left, set(panel.may)) == (2, {"register"})
    assert queries.panel_for(plan.occasion, user_of(world.staff[3])).may == {"wait"}
    assert minding.mind_due(soon + datetime.timedelta(minutes=1)) == 2
    assert states(plan) == ["registered", "offered", "offered"]


def test_nobody_is_in_two_rooms(world: World, plan: SeatPlan) -> None:
    other = plan_for(open_occasion(world, hour=10, title="Något annat"))
    register(plan, world.staff[0])
    with pytest.raises(NotPossible) as caught:
        register(other, world.staff[0])
    assert caught.value.problems == [Problem.TWO_ROOMS]
    assert "Föreläsning om samtal" in str(caught.value.message)


def test_only_those_who_take_part_register(world: World, plan: SeatPlan) -> None:
    manager = world.managers[0]
    manager.user = world.chief
    with pytest.raises(NotPossible) as caught:
        register(plan, manager)
    assert caught.value.problems == [Problem.NOT_ADMITTED]
    with pytest.raises(NotAllowed):
        actions.register(plan_id=plan.pk, person=world.staff[0], actor=world.chief)


def test_managers_first(world: World) -> None:
    plan = plan_for(
        open_occasion(world), managers_until=timezone.now() + datetime.timedelta(days=1)
    )
    with pytest.raises(NotPossible) as caught:
        register(plan, world.staff[0])
    assert caught.value.problems == [Problem.MANAGERS_FIRST]
    chief = world.managers[0]
    participant(world, chief)
    assert register(plan, chief).state == State.REGISTERED


def test_a_seat_is_given_up_until_the_deadline(world: World, plan: SeatPlan) -> None:
    row = register(plan, world.staff[0])
    with (
        time_machine.travel(plan.change_until + datetime.timedelta(minutes=1)),
        pytest.raises(TooLate),
    ):
        actions.leave(registration_id=row.pk, actor=user_of(world.staff[0]))


def test_a_colleague_has_the_seat_and_checks_of_their_own(world: World, plan: SeatPlan) -> None:
    rows = [register(plan, person) for person in world.staff[:3]]
    elsewhere = plan_for(open_occasion(world, hour=10, title="Krock"))
    register(elsewhere, world.staff[4])
    with pytest.raises(NotPossible):
        replacing.substitute(
            registration_id=rows[0].pk, colleague=world.staff[4], actor=user_of(world.staff[0])
        )
    with pytest.raises(Refused, match="enhet"):
        replacing.substitute(
            registration_id=rows[0].pk, colleague=world.others[0], actor=user_of(world.staff[0])
        )
    seat = replacing.substitute(
        registration_id=rows[0].pk, colleague=world.staff[3], actor=user_of(world.staff[0])
    )
    assert seat.replaces_id == rows[0].pk
    assert states(plan) == ["replaced", "registered", "waiting", "registered"]
    assert Message.objects.filter(kind="registration.substituted").count() == 1
    assert Message.objects.filter(kind="occasion.withdrawn").count() == 1


def test_cancelling_tells_everyone_and_loses_nobody(world: World, plan: SeatPlan) -> None:
    rows = [register(plan, person) for person in world.staff]
    actions.leave(registration_id=rows[0].pk, actor=user_of(world.staff[0]))
    before = states(plan)
    changing.cancel(
        occasion_id=plan.occasion_id, reason="Föreläsaren är sjuk", actor=world.administrator
    )
    assert states(plan) == before
    told = Message.objects.filter(kind__in=["occasion.cancelled", "registration.cancelled"])
    assert {message.recipient_id for message in told} == {
        person.user_id for person in world.staff[1:]
    }
    assert minding.mind_due(timezone.now() + datetime.timedelta(days=3)) == 0
    assert not queries.panel_for(plan.occasion, user_of(world.staff[3])).may


def test_without_a_plan_there_is_no_panel(world: World) -> None:
    occasion = open_occasion(world)
    assert not queries.panel_for(occasion, user_of(world.staff[0])).exists
    assert Occasion.objects.filter(seat_plan=None).exists()


def test_a_new_place_in_line_comes_after_an_old_one(world: World, plan: SeatPlan) -> None:
    rows = [register(plan, person) for person in world.staff]
    actions.leave(registration_id=rows[2].pk, actor=user_of(world.staff[2]))
    again = register(plan, world.staff[2])
    assert again.pk == rows[2].pk
    assert again.order == 6
    assert [row.pk for row in Registration.objects.in_line()] == [
        rows[3].pk,
        rows[4].pk,
        rows[2].pk,
    ]


def test_staff_word_the_mail_of_registrations(world: World, plan: SeatPlan) -> None:
    register(plan, world.staff[0])
    message = Message.objects.get(kind="registration.registered")
    assert message.subject == f"Du är anmäld {message.values['day']}"
    assert message.body.startswith(plan.occasion.title)
    mailing.word(
        kind=message.kind,
        subject="Välkommen {day}",
        body="{title}\nTa med en penna.",
        reason="Prov",
        actor=world.administrator,
    )
    # Mail rests in the evenings and at weekends.
    day = timezone.localtime()
    while day.weekday() > 4:
        day += datetime.timedelta(days=1)
    with time_machine.travel(day.replace(hour=10), tick=False):
        assert delivery.send_one(message.public_id)
    message.refresh_from_db()
    assert message.subject == f"Välkommen {message.values['day']}"
    assert message.body == f"{plan.occasion.title}\nTa med en penna."


def test_every_message_of_registrations_can_be_worded() -> None:
    said = {f"registration.{name}" for name in vars(notices) if name in NOTICES}
    assert len(said) == len(NOTICES)
    assert said == {kind.key for kind in worded_kinds() if kind.key.startswith("registration.")}


def test_a_protected_person_is_told_only_when(world: World, plan: SeatPlan) -> None:
    person = world.staff[0]
    with transaction.atomic(), operation("test.protect"):
        person.protected = True
        person.save()
    register(plan, person)
    message = Message.objects.get(kind="registration.registered")
    assert plan.occasion.title not in message.subject + message.body + str(message.values)
    assert "{" not in message.body
