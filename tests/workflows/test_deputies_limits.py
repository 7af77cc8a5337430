"""What a deputy may not do: no more than the giver, no extra vote, nothing handed on."""

import pytest
from django.db import transaction

from audit.models import Operation
from audit.operations import operation as open_operation
from tests.workflows.builders import (
    World,
    answer,
    case_in,
    give,
    person_of,
    user,
    version_of,
)
from tests.workflows.deputies import ONE, appoint, day
from tests.workflows.test_races import all_at_once
from workflows import access, queries
from workflows.actions import CannotDecide, StaleDecision, decide, delegation, engine
from workflows.many import levels_of
from workflows.models import Case, Decision
from workflows.rules import Mode, Step, Verdict


def test_the_scope_is_a_kind_of_case_or_a_place(world: World) -> None:
    give(world["avdelning"], "avdelningschef", world.norra)
    world["norra_chef"].assignments.all().delete()
    here = case_in(world)
    there = case_in(world, here.version, organisation=world.norra_unit)
    made = appoint(world, organisation=world.farsta)
    assert [item.case for item in queries.inbox(world["nobody"])] == [here]
    with pytest.raises(CannotDecide):
        answer(there, world["nobody"])
    delegation.end(delegation_id=made.pk, actor=world["avdelning"])
    appoint(world, case_kind="annat")
    assert not queries.inbox(world["nobody"]).exists()
    with pytest.raises(CannotDecide):
        answer(here, world["nobody"])
    appoint(world, case_kind="bench")
    assert queries.inbox(world["nobody"]).count() == 2
    answer(here, world["nobody"])


def test_many_cases_and_one_case_agree_on_who_decides(world: World) -> None:
    appoint(world, organisation=world.farsta)
    appoint(world, giver="leader", deputy="avdelning", case_kind="bench")
    appoint(world, giver="deputy_leader", deputy="nobody", case_kind="annat")
    cases = [case_in(world), case_in(world, organisation=world.norra_unit)]
    rows = list(Case.objects.select_related("organisation", "concerns"))
    many = levels_of(rows, on=day())
    for case in cases:
        one = engine.read(Case.objects.get(pk=case.pk)).levels
        assert many[case.pk] == one
        assert any(decider.for_user_id for deciders in one.values() for decider in deciders)


def test_a_batch_names_both_only_where_a_deputy_decided(world: World) -> None:
    from workflows.actions import Choice, decide_many

    give(world["nobody"], "projektledare", world.city)
    appoint(world)
    own = answer(case_in(world), world["avdelning"])
    deputised = case_in(world, own.version)
    choices = [Choice(own.pk, "admit", 1), Choice(deputised.pk, "prioritise", 1)]
    result = decide_many(choices=choices, verdict=Verdict.APPROVE, actor=world["nobody"])
    assert (len(result.decided), result.refused) == (2, [])
    batch = Operation.objects.get(name="case.decide_many")
    assert batch.on_behalf_of == ""
    one = Operation.objects.get(name="case.decide", subject=deputised.reference)
    assert one.on_behalf_of == "Avdelning Person"


def test_what_the_giver_may_not_decide_their_deputy_may_not_for_them(world: World) -> None:
    give(user("Annan Chef"), "avdelningschef", world.department)
    appoint(world)
    about = person_of(world["avdelning"], world.unit)
    case = case_in(world, version_of(ONE), concerns=about)
    assert not queries.inbox(world["nobody"]).exists()
    with pytest.raises(CannotDecide):
        answer(case, world["nobody"])
    started = case_in(world, version_of(ONE), initiator="avdelning")
    assert not queries.inbox(world["nobody"]).exists()
    with pytest.raises(CannotDecide):
        answer(started, world["nobody"])


def test_without_the_bar_the_inbox_would_offer_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db.models import Q

    give(user("Annan Chef"), "avdelningschef", world.department)
    appoint(world)
    case_in(world, version_of(ONE), concerns=person_of(world["avdelning"], world.unit))
    monkeypatch.setattr(access, "not_barred", lambda user: Q())
    assert queries.inbox(world["nobody"]).exists()


def test_a_deputy_with_a_role_of_their_own_goes_on_seeing_it(world: World) -> None:
    give(world["nobody"], "avdelningschef", world.department)
    appoint(world)
    case = case_in(world, version_of(ONE), concerns=person_of(world["avdelning"], world.unit))
    rows = queries.inbox_rows(list(queries.inbox(world["nobody"])), world["nobody"])
    assert [row.deputy_for for row in rows] == [""]
    answer(case, world["nobody"])
    assert case.decisions.get().for_user is None


def test_the_deputy_never_decides_their_own_case(world: World) -> None:
    appoint(world, deputy="chef")
    case = case_in(world)
    assert not queries.inbox(world["chef"]).exists()
    with pytest.raises(CannotDecide, match="started"):
        answer(case, world["chef"])


def test_a_deputy_of_two_decides_for_the_one_who_may(world: World) -> None:
    other = user("Xerxes Chef")
    give(other, "avdelningschef", world.department)
    world.people["other"] = other
    appoint(world)
    appoint(world, giver="other")
    case = case_in(world, version_of(ONE), concerns=person_of(world["avdelning"], world.unit))
    assert queries.inbox(world["nobody"]).count() == 1
    answer(case, world["nobody"])
    assert case.decisions.get().for_user == other


def test_nobody_decides_twice_through_two_roles(world: World) -> None:
    appoint(world, giver="leader", deputy="avdelning")
    case = case_in(world)
    answer(case, world["avdelning"])
    assert not queries.inbox(world["avdelning"]).exists()
    with pytest.raises(CannotDecide, match="already decided"):
        answer(case, world["avdelning"])
    assert answer(case, world["leader"]).state == Case.State.APPROVED


def test_the_giver_has_decided_when_the_deputy_has(world: World) -> None:
    give(world["avdelning"], "projektledare", world.city)
    appoint(world)
    case = case_in(world)
    answer(case, world["nobody"])
    with pytest.raises(CannotDecide, match="already decided"):
        answer(case, world["avdelning"])
    with pytest.raises(CannotDecide, match="already decided"):
        answer(case, world["nobody"])


def test_where_all_must_approve_a_deputy_is_no_extra_vote(world: World) -> None:
    every = Step(key="admit", name="Anta", role="projektledare", mode=Mode.ALL)
    appoint(world, giver="leader")
    case = case_in(world, version_of(every))
    assert case.work_items.get().needed == 2
    answer(case, world["nobody"])
    with pytest.raises(CannotDecide):
        answer(case, world["leader"])
    assert answer(case, world["deputy_leader"]).state == Case.State.APPROVED


def test_a_deputy_hands_nothing_on_to_a_deputy_of_their_own(world: World) -> None:
    give(world["nobody"], "revisor", world.city)
    appoint(world)
    appoint(world, giver="nobody", deputy="auditor")
    case = case_in(world)
    assert not queries.inbox(world["auditor"]).exists()
    with pytest.raises(CannotDecide):
        answer(case, world["auditor"])


@pytest.mark.django_db(transaction=True)
def test_giver_and_deputy_at_once_make_one_decision(committed_world: World) -> None:
    world = committed_world
    with transaction.atomic(), open_operation("test"):
        case = case_in(world)
    appoint(world)
    both = [world["avdelning"], world["nobody"]]
    errors = all_at_once(
        lambda index: decide(
            case_id=case.pk,
            step_key="prioritise",
            round=1,
            verdict=Verdict.APPROVE,
            actor=both[index],
        ),
        2,
    )
    assert [type(error) for error in errors] == [StaleDecision]
    assert Decision.objects.filter(case=case).count() == 1
