"""Running cases move to a newer version only when someone moves them, and land where they should."""

import threading
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from audit.models import Operation
from audit.operations import operation as open_operation
from core.conditions import Rule
from tests.clients import signed_in
from tests.workflows.builders import (
    TWO_STEPS,
    World,
    answer,
    case_in,
    give,
    user,
    version_of,
)
from tests.workflows.test_publishing import draft, redraw
from workflows.actions import (
    CannotMove,
    StaleDecision,
    decide,
    engine,
    move_cases,
    moving,
    publish_workflow,
)
from workflows.models import (
    Case,
    Decision,
    Message,
    StepEvent,
    WorkflowDefinition,
    WorkflowVersion,
    WorkItem,
)
from workflows.rules import Mode, State, Step, Verdict

CHECK = Step(key="check", name="Granska", role="revisor", working_days=4)


def definition_of(version: WorkflowVersion) -> WorkflowDefinition:
    return version.definition


def newer(version: WorkflowVersion, *steps: Step) -> WorkflowVersion:
    """The version that takes over, as publishing would write it."""
    version.definition.versions.update(retired_at=timezone.now())
    return version_of(*steps, key=version.definition.key)


def move(world: World, *cases: Case, reason: str = "Nya regler") -> moving.MoveResult:
    return move_cases(
        definition=cases[0].version.definition,
        case_ids=[case.pk for case in cases],
        reason=reason,
        actor=world["leader"],
    )


def open_items(case: Case) -> list[WorkItem]:
    return list(case.work_items.filter(closed_at__isnull=True).order_by("step_key"))


def test_publishing_moves_no_case_and_cancels_none(world: World) -> None:
    definition = draft()
    first = publish_workflow(definition=definition, actor=world["leader"])
    cases = [case_in(world, first) for _ in range(50)]
    for case in cases[:10]:
        answer(case, world["avdelning"])
    before = {
        case.pk: (case.version_id, case.state, case.round, [i.step_key for i in open_items(case)])
        for case in Case.objects.all()
    }
    redraw(definition, TWO_STEPS[1])
    second = publish_workflow(definition=definition, actor=world["leader"])
    assert second.number == 2
    after = {
        case.pk: (case.version_id, case.state, case.round, [i.step_key for i in open_items(case)])
        for case in Case.objects.all()
    }
    assert after == before
    assert len(after) == 50
    answer(cases[20], world["avdelning"])
    assert [item.step_key for item in open_items(cases[20])] == ["admit"]


def test_a_case_lands_where_its_decisions_lead(world: World) -> None:
    first = version_of()
    case = answer(case_in(world, first), world["avdelning"])
    [old] = open_items(case)
    second = newer(first, TWO_STEPS[0], CHECK, TWO_STEPS[1])
    result = move(world, case)
    assert [one.pk for one in result.moved] == [case.pk]
    case.refresh_from_db()
    assert (case.version, case.state, case.round) == (second, State.WAITING, 2)
    assert [item.step_key for item in open_items(case)] == ["check"]
    old.refresh_from_db()
    assert old.closed_at is not None
    event = case.step_events.get(kind=StepEvent.Kind.MOVED)
    assert event.reason == "Nya regler"
    assert event.step_name == "Granska"
    told = Message.objects.get(case=case, recipient=world["auditor"])
    assert "Granska" in told.body
    with translation.override(settings.LANGUAGE_CODE):
        assert translation.gettext("The questions have been answered since the last time.") not in (
            told.body
        )
    operation = Operation.objects.get(name="workflow.move")
    assert operation.reason == "Nya regler"
    # The approval stands: after the new step the last one waits, then it is approved.
    answer(case, world["auditor"])
    case = answer(case, world["leader"])
    assert case.state == State.APPROVED
    assert Decision.objects.filter(case=case).count() == 3


def test_a_step_that_waits_already_keeps_its_day_and_tells_nobody_again(world: World) -> None:
    first = version_of()
    case = case_in(world, first)
    [item] = open_items(case)
    WorkItem.objects.filter(pk=item.pk).update(due_on="2026-01-02", assigned_to=world["norra_chef"])
    told = Message.objects.filter(case=case).count()
    newer(first, TWO_STEPS[0], CHECK, TWO_STEPS[1])
    move(world, case)
    [again] = open_items(case)
    assert (again.step_key, str(again.due_on)) == ("prioritise", "2026-01-02")
    assert again.assigned_to == world["norra_chef"]
    assert Message.objects.filter(case=case).count() == told


def test_branches_begin_to_wait_together(world: World) -> None:
    first = version_of()
    case = answer(case_in(world, first), world["avdelning"])
    beside = replace(CHECK, branch="Granskning")
    newer(first, TWO_STEPS[0], beside, replace(TWO_STEPS[1], branch="Antagning"))
    move(world, case)
    assert [item.step_key for item in open_items(case)] == ["admit", "check"]


def test_all_must_approve_after_a_move_counts_earlier_approvals(world: World) -> None:
    everyone = Step(key="admit", name="Anta", role="projektledare", mode=Mode.ALL)
    first = version_of(everyone)
    case = answer(case_in(world, first), world["leader"])
    newer(first, everyone, CHECK)
    move(world, case)
    [item] = open_items(case)
    assert (item.step_key, item.needed) == ("admit", 2)
    answer(case, world["deputy_leader"])
    assert [item.step_key for item in open_items(case)] == ["check"]


def test_fewer_approvals_in_the_new_version_are_enough_for_good(world: World) -> None:
    two = Step(key="admit", name="Anta", role="projektledare", mode=Mode.K_OF_N, k=2)
    first = version_of(two)
    case = answer(case_in(world, first), world["leader"])
    everyone = Step(key="check", name="Granska", role="revisor", mode=Mode.ALL)
    newer(first, replace(two, mode=Mode.ANY, k=1), everyone)
    move(world, case)
    assert [item.step_key for item in open_items(case)] == ["check"]
    assert answer(case, world["auditor"]).state == State.APPROVED


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((TWO_STEPS[1],), "A decision has been taken at “prioritise”"),
        ((TWO_STEPS[0],), "approves nothing by itself"),
        ((TWO_STEPS[0], Step("x", "X", "ingen")), "Nobody can decide the step “X”"),
        ((TWO_STEPS[0], TWO_STEPS[1], Step("x", "X", "ingen")), "Nobody can decide the step “X”"),
        (
            (*TWO_STEPS, Step("x", "X", "ingen", condition=Rule("cost", "equals", "1"))),
            "",
        ),
    ],
)
def test_what_cannot_be_moved_stays_with_the_reason(
    world: World, steps: tuple[Step, ...], words: str
) -> None:
    first = version_of()
    case = answer(case_in(world, first), world["avdelning"])
    give(user("Ingen Alls"), "ingen", world.norra_unit)
    target = newer(first, *steps)
    [landing] = moving.landings(moving.running(definition_of(first)), target)
    assert words in landing.refusal
    before = open_items(case)
    result = move(world, case)
    case.refresh_from_db()
    if words:
        assert [reason for _case, reason in result.refused] == [landing.refusal]
        assert (case.version, case.round) == (first, 1)
        assert open_items(case) == before
        assert not case.step_events.exists()
    else:
        assert landing.position is not None
        assert case.version == target


def test_returned_closed_and_other_cases_stay(world: World) -> None:
    first = version_of()
    returned = answer(case_in(world, first), world["avdelning"], Verdict.RETURN)
    declined = answer(case_in(world, first), world["avdelning"], Verdict.DECLINE)
    other = case_in(world, version_of(key="other"))
    newer(first, TWO_STEPS[0], CHECK)
    result = move(world, returned, declined, other)
    assert not result.moved
    said = {case.pk: reason for case, reason in result.refused}
    assert "returned with questions" in said[returned.pk]
    assert "closed" in said[declined.pk]
    assert "another workflow" in said[other.pk]


def test_a_reason_is_asked_for_and_a_version_in_force(world: World) -> None:
    first = version_of()
    case = case_in(world, first)
    newer(first, TWO_STEPS[0], CHECK)
    with pytest.raises(CannotMove, match="Write why"):
        move(world, case, reason="  ")
    WorkflowVersion.objects.update(retired_at=timezone.now())
    with pytest.raises(CannotMove, match="nothing to move to"):
        move(world, case)


def test_the_preview_costs_the_same_for_two_and_for_twenty(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = version_of()
    for _ in range(2):
        case_in(world, first)
    target = newer(first, TWO_STEPS[0], CHECK, TWO_STEPS[1])
    definition = definition_of(first)
    moving.landings(moving.running(definition), target)
    with django_assert_num_queries(6):
        assert len(moving.landings(moving.running(definition), target)) == 2
    for _ in range(20):
        case_in(world, first)
    with django_assert_num_queries(6):
        assert len(moving.landings(moving.running(definition), target)) == 22


def test_the_page_shows_where_each_lands_and_moves_the_chosen(world: World) -> None:
    first = version_of()
    case, stays = case_in(world, first), case_in(world, first)
    returned = answer(case_in(world, first), world["avdelning"], Verdict.RETURN)
    newer(first, TWO_STEPS[0], CHECK, TWO_STEPS[1])
    url = reverse("workflows_move", args=[first.definition_id])
    client = signed_in(world["leader"])
    body = client.get(url).content.decode()
    assert "Waits at “Prioritera”" in body
    assert "returned with questions" in body
    assert f'value="{returned.reference}"' not in body
    refused = client.post(url, {"cases": [case.reference]})
    assert refused.status_code == 422
    assert "Write a reason." in refused.content.decode()
    sent = {"cases": [case.reference, "B-1999-0001"], "reason": "Ny ordning"}
    assert client.post(url, sent, follow=True).status_code == 200
    case.refresh_from_db()
    stays.refresh_from_db()
    assert (case.version.number, stays.version.number) == (2, 1)
    assert signed_in(world["avdelning"]).post(url, sent).status_code == 403


def both_at_once(world: World, case: Case) -> list[BaseException]:
    """A move and a decision that start together."""
    barrier = threading.Barrier(2)
    errors: list[BaseException] = []

    def run(work: object) -> None:
        close_old_connections()
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            assert callable(work)
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    def decides() -> None:
        decide(
            case_id=case.pk,
            step_key="prioritise",
            round=1,
            verdict="approve",
            actor=world["avdelning"],
        )

    threads = [
        threading.Thread(target=run, args=(w,)) for w in (decides, lambda: move(world, case))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def racing(world: World) -> Case:
    """The new version leaves out the step that is being decided."""
    with transaction.atomic(), open_operation("test"):
        first = version_of()
        case = case_in(world, first)
        newer(first, CHECK, TWO_STEPS[1])
    return case


def torn(case: Case) -> bool:
    """Whether the case runs on steps that do not know a decision in it."""
    case.refresh_from_db()
    keys = {step["key"] for step in case.version.steps}
    return bool({d.step_key for d in case.decisions.all()} - keys)


@pytest.mark.django_db(transaction=True)
def test_a_decision_in_the_same_moment_comes_first_or_not_at_all(committed_world: World) -> None:
    for _ in range(5):
        case = racing(committed_world)
        errors = both_at_once(committed_world, case)
        assert not torn(case)
        assert {type(error) for error in errors} <= {StaleDecision}
        moved = case.version.number % 2 == 0
        assert case.decisions.exists() is not moved
        assert len(open_items(case)) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_happen(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = racing(committed_world)
    together = threading.Barrier(2)

    def unlocked(case_id: int) -> engine.Run:
        found = Case.objects.select_related("organisation", "concerns", "initiator").get(pk=case_id)
        run = engine.read(found)
        together.wait(timeout=30)
        return run

    monkeypatch.setattr(engine, "locked", unlocked)
    both_at_once(committed_world, case)
    assert torn(case)
