"""Opening, deciding, returning, completing and withdrawing."""

from dataclasses import astuple

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from people.queries import Holder, holders
from tests.workflows.builders import (
    TWO_STEPS,
    ParkKind,
    World,
    answer,
    case_in,
    give,
    person_of,
    user,
    version_of,
)
from workflows import access
from workflows.actions import (
    CannotComplete,
    CannotDecide,
    CannotOpen,
    CannotWithdraw,
    StaleDecision,
    complete,
    decide,
    engine,
    withdraw,
)
from workflows.kinds import Event
from workflows.models import Case, Decision, Message
from workflows.rules import Mode, Step, Verdict

SELF_MET = Step(key="time", name="Frigör tid", role="enhetschef", met_by_submission=True)
PRIORITISE = Step(key="prioritise", name="Prioritera", role="avdelningschef")
ADMIT = Step(key="admit", name="Anta", role="projektledare")


def test_a_case_is_opened_decided_twice_and_approved(world: World, kind: ParkKind) -> None:
    case = case_in(world)
    assert case.reference.startswith("B-20")
    assert case.reference.endswith("-0001")
    answer(case, world["avdelning"])
    case = answer(case, world["leader"])
    assert case.state == Case.State.APPROVED
    assert case.closed_at is not None
    assert [event for _, event in kind.events] == [
        Event.OPENED,
        Event.STEP_APPROVED,
        Event.STEP_APPROVED,
        Event.APPROVED,
    ]
    assert not case.work_items.filter(closed_at__isnull=True).exists()


def test_references_have_no_gaps_even_when_an_opening_fails(world: World) -> None:
    first = case_in(world)
    point = transaction.savepoint()
    case_in(world)
    transaction.savepoint_rollback(point)
    second = case_in(world)
    assert int(second.reference[-4:]) == int(first.reference[-4:]) + 1


def test_the_decision_keeps_the_role_in_words_and_the_digest(world: World) -> None:
    case = case_in(world)
    answer(case, world["avdelning"])
    decision = case.decisions.get()
    assert decision.held_role == "Avdelningschef, Farsta barn och unga"
    assert decision.data_digest == case.data_digest
    assert decision.actor_name == "Avdelning Person"


def test_a_step_the_initiator_holds_is_met_by_the_submission(world: World) -> None:
    case = case_in(world, version_of(SELF_MET, PRIORITISE))
    decision = case.decisions.get()
    assert decision.by_submission
    assert decision.step_key == "time"
    assert case.work_items.get().step_key == "prioritise"


def test_a_submission_about_oneself_meets_nothing(world: World) -> None:
    give(user("Annan Chef"), "enhetschef", world.farsta)
    about = person_of(world["chef"], world.unit)
    case = case_in(world, version_of(SELF_MET, PRIORITISE), concerns=about)
    assert not case.decisions.exists()
    item = case.work_items.get()
    # The unit's only manager is the one it is about, so the level above decides.
    assert item.organisation == world.farsta


def test_nobody_decides_a_case_they_started(world: World) -> None:
    give(world["chef"], "avdelningschef", world.department)
    case = case_in(world)
    with pytest.raises(CannotDecide, match="started"):
        answer(case, world["chef"])


def test_nobody_decides_a_case_about_themselves(world: World) -> None:
    about = person_of(world["avdelning"], world.unit)
    give(world["norra_chef"], "avdelningschef", world.farsta)
    case = case_in(world, concerns=about)
    with pytest.raises(CannotDecide, match="about you"):
        answer(case, world["avdelning"])
    answer(case, world["norra_chef"])


def test_without_the_separation_of_duties_they_would(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = person_of(world["avdelning"], world.unit)
    give(world["norra_chef"], "avdelningschef", world.farsta)
    monkeypatch.setattr(access, "kept_apart", lambda case: frozenset())
    case = case_in(world, concerns=about)
    answer(case, world["avdelning"])
    assert case.decisions.get().actor == world["avdelning"]


def test_the_same_person_never_decides_twice(world: World) -> None:
    give(world["avdelning"], "projektledare", world.city)
    case = case_in(world)
    answer(case, world["avdelning"])
    with pytest.raises(CannotDecide, match="already decided"):
        answer(case, world["avdelning"])


def test_the_database_refuses_a_second_approval_by_the_same_person(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(world["avdelning"], "projektledare", world.city)
    case = case_in(world)
    monkeypatch.setattr(engine.Run, "excluded", lambda self, step: frozenset())
    answer(case, world["avdelning"])
    with pytest.raises(IntegrityError), transaction.atomic():
        answer(case, world["avdelning"])


def test_a_superuser_without_the_role_decides_nothing(world: World) -> None:
    root = world["nobody"]
    root.is_superuser = True
    root.save()
    case = case_in(world)
    with pytest.raises(CannotDecide, match="role"):
        answer(case, root)


def test_someone_from_another_district_decides_nothing(world: World) -> None:
    case = case_in(world)
    with pytest.raises(CannotDecide, match="role"):
        answer(case, world["norra_chef"])


def test_a_stale_click_is_refused(world: World) -> None:
    case = case_in(world)
    answer(case, world["avdelning"])
    with pytest.raises(StaleDecision):
        decide(
            case_id=case.pk,
            step_key="prioritise",
            round=1,
            verdict=Verdict.APPROVE,
            actor=world["avdelning"],
        )


def test_a_returned_case_waits_at_the_same_step_again(world: World) -> None:
    case = case_in(world)
    answer(case, world["avdelning"])
    case = answer(
        case, world["leader"], Verdict.RETURN, reason="Hur mycket?", asked_fields=["cost"]
    )
    assert case.state == Case.State.RETURNED
    assert not case.work_items.filter(closed_at__isnull=True).exists()
    case = complete(case_id=case.pk, data={"place": "vid sjön", "cost": 50}, actor=world["chef"])
    assert case.state == Case.State.WAITING
    item = case.work_items.get(closed_at__isnull=True)
    assert (item.step_key, item.round) == ("admit", 2)
    # Whoever asked reads the answer, and may decide now.
    case = answer(case, world["leader"])
    assert case.state == Case.State.APPROVED


def test_only_the_initiator_completes_and_only_a_returned_case(world: World) -> None:
    case = case_in(world)
    with pytest.raises(CannotComplete):
        complete(case_id=case.pk, data={}, actor=world["chef"])
    answer(case, world["avdelning"], Verdict.RETURN)
    with pytest.raises(CannotComplete):
        complete(case_id=case.pk, data={}, actor=world["nobody"])


def test_a_decline_ends_the_case_and_needs_a_reason(world: World) -> None:
    case = case_in(world)
    with pytest.raises(CannotDecide, match="why"):
        decide(
            case_id=case.pk,
            step_key="prioritise",
            round=1,
            verdict=Verdict.DECLINE,
            actor=world["avdelning"],
        )
    case = answer(case, world["avdelning"], Verdict.DECLINE)
    assert case.state == Case.State.DECLINED


def test_a_question_names_fields_of_the_form(world: World) -> None:
    case = case_in(world)
    with pytest.raises(CannotDecide, match="field"):
        answer(case, world["avdelning"], Verdict.RETURN, asked_fields=["salary"])


def test_the_initiator_withdraws_with_a_reason(world: World) -> None:
    case = case_in(world)
    with pytest.raises(CannotWithdraw):
        withdraw(case_id=case.pk, actor=world["avdelning"], reason="nej")
    with pytest.raises(CannotWithdraw, match="why"):
        withdraw(case_id=case.pk, actor=world["chef"], reason=" ")
    case = withdraw(case_id=case.pk, actor=world["chef"], reason="fel person")
    assert case.state == Case.State.WITHDRAWN
    with pytest.raises(StaleDecision):
        decide(
            case_id=case.pk,
            step_key="prioritise",
            round=1,
            verdict=Verdict.APPROVE,
            actor=world["avdelning"],
        )


def test_a_case_does_not_open_when_a_later_step_has_nobody(world: World) -> None:
    give(user("Någon Annan"), "attestant", world.norra)
    version = version_of(PRIORITISE, Step("attest", "Attestera", "attestant"))
    with pytest.raises(CannotOpen, match=r"Attestera.*Farsta enhet ett"):
        case_in(world, version)
    assert not Case.objects.exists()


def test_the_fallback_role_decides_when_nobody_is_left(world: World) -> None:
    step = Step("time", "Frigör tid", "enhetschef", fallback_role="avdelningschef")
    case = case_in(world, version_of(step))
    assert case.work_items.get().role_id == "avdelningschef"
    assert answer(case, world["avdelning"]).state == Case.State.APPROVED


def test_all_who_hold_the_role_must_approve(world: World) -> None:
    case = case_in(world, version_of(Step("both", "Båda", "projektledare", mode=Mode.ALL)))
    assert answer(case, world["leader"]).state == Case.State.WAITING
    with pytest.raises(CannotDecide):
        answer(case, world["leader"])
    assert answer(case, world["deputy_leader"]).state == Case.State.APPROVED
    assert sorted(case.decisions.values_list("seat", flat=True)) == [1, 2]


def test_a_step_that_needs_more_than_there_are_does_not_open(world: World) -> None:
    with pytest.raises(CannotOpen):
        case_in(world, version_of(Step("many", "Många", "projektledare", mode=Mode.K_OF_N, k=3)))


def test_decisions_and_versions_never_change(world: World) -> None:
    case = case_in(world)
    answer(case, world["avdelning"])
    for change in (
        lambda: Decision.objects.update(reason="annat"),
        lambda: Decision.objects.all().delete(),
        lambda: type(case.version).objects.update(digest="0"),
        lambda: case.version.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_messages_name_no_person(world: World) -> None:
    case = case_in(world)
    answer(case, world["avdelning"])
    answer(case, world["leader"])
    names = [name for who in world.people.values() for name in (who.last_name, who.first_name)]
    for message in Message.objects.filter(case=case):
        assert not [name for name in names if name in message.subject + message.body]
    assert set(Message.objects.values_list("kind", flat=True)) == {"case.waiting", "case.approved"}


def test_a_running_case_stays_on_its_version(world: World) -> None:
    case = case_in(world)
    version_of(ADMIT)
    answer(case, world["avdelning"])
    assert case.work_items.get(closed_at__isnull=True).step_key == "admit"


def test_the_lean_query_answers_as_the_room_below_does(world: World) -> None:
    give(world["leader"], "avdelningschef", world.farsta)
    today = timezone.localdate()
    for unit in (world.unit, world.farsta, world.norra_unit):
        for step in (*TWO_STEPS, SELF_MET):
            levels = access.levels(step.roles(), unit, on=today)
            for excluding in (frozenset[int](), frozenset({world["avdelning"].pk})):
                found = access.resolve([step], unit, among=levels, excluding=excluding)
                mine = found[step.key].holders if step.key in found else ()
                theirs = holders(step.role, unit, on=today, excluding=excluding)
                assert [Holder(*astuple(one)[:7]) for one in mine] == theirs
