"""More cases than a page waits for are moved in the background: once each, however it is broken off."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import Operation
from core.jobs.work import SILENT, ask_to_stop
from core.models import Job
from people.models import Capability, Role
from tests.clients import signed_in
from tests.workflows.builders import TWO_STEPS, World, answer, case_in, give, user, version_of
from tests.workflows.test_moving import CHECK, newer
from workflows.actions import CannotMove, ask_to_move, moving_many, resume_move
from workflows.actions.moving import move_one
from workflows.editor import moving as page
from workflows.models import Case, CaseMove, CaseMoveRow, StepEvent, WorkflowVersion
from workflows.rules import Verdict
from workflows.tasks import move_many

MOVED, STAYED, WAITING = (
    CaseMoveRow.Outcome.MOVED,
    CaseMoveRow.Outcome.STAYED,
    CaseMoveRow.Outcome.WAITING,
)


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is begun by the tests."""
    monkeypatch.setattr(move_many, "delay", lambda *args: None)


def running(world: World, number: int) -> tuple[WorkflowVersion, list[Case]]:
    """So many cases on an older version; the newest has one step more."""
    first = version_of()
    cases = [case_in(world, first) for _ in range(number)]
    newer(first, TWO_STEPS[0], CHECK, TWO_STEPS[1])
    return first, cases


def asked(world: World, first: WorkflowVersion, cases: list[Case]) -> CaseMove:
    return ask_to_move(
        definition=first.definition,
        case_ids=[case.pk for case in cases],
        reason="Nya regler",
        actor=world["leader"],
    )


def job_of(move: CaseMove) -> Job:
    move.refresh_from_db()
    assert move.job is not None
    return move.job


def outcomes(move: CaseMove) -> list[str]:
    return list(move.rows.order_by("case_id").values_list("outcome", flat=True))


def moves_of(cases: list[Case]) -> int:
    return StepEvent.objects.filter(case__in=cases, kind=StepEvent.Kind.MOVED).count()


def test_each_case_is_moved_or_says_why_not(world: World) -> None:
    first, cases = running(world, 4)
    answer(cases[1], world["avdelning"], Verdict.RETURN)
    move = asked(world, first, cases)
    job = job_of(move)
    assert move_many(move.pk, job.pk) == 3
    assert outcomes(move) == [MOVED, STAYED, MOVED, MOVED]
    words = list(move.rows.order_by("case_id").values_list("words", flat=True))
    assert words[0] == "Prioritera"
    assert words[1]
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 4, 4)
    assert "3" in job.message
    assert set(Operation.objects.filter(name="workflow.move").values_list("reason", flat=True)) == {
        "Nya regler"
    }


def test_stopped_it_keeps_what_is_done_and_goes_on_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, cases = running(world, 5)
    monkeypatch.setattr(moving_many, "AT_ONCE", 2)
    move = asked(world, first, cases)
    job, really = job_of(move), move_one

    def stop_it(*args: Any, **kwargs: Any) -> Any:
        ask_to_stop(job_id=job.pk, owner=job.owner)
        return really(*args, **kwargs)

    monkeypatch.setattr(moving_many, "move_one", stop_it)
    move_many(move.pk, job.pk)
    job.refresh_from_db()
    assert (job.state, outcomes(move)) == (Job.State.STOPPED, [MOVED] * 2 + [WAITING] * 3)
    monkeypatch.setattr(moving_many, "move_one", really)
    resume_move(move=move, actor=world["leader"])
    again = job_of(move)
    assert again != job
    move_many(move.pk, again.pk)
    again.refresh_from_db()
    assert (again.state, again.done, again.total) == (Job.State.DONE, 5, 5)
    assert outcomes(move) == [MOVED] * 5
    assert moves_of(cases) == 5
    with pytest.raises(CannotMove):
        resume_move(move=move, actor=world["leader"])


def killed_after_the_first_part(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> tuple[CaseMove, list[Case]]:
    """The worker dies between two parts, and the task is delivered again."""
    first, cases = running(world, 4)
    monkeypatch.setattr(moving_many, "AT_ONCE", 2)
    move = asked(world, first, cases)
    really, seen = moving_many._part, list[Any]()

    def dies(move_id: int, rows: Any) -> int:
        if seen:
            raise SystemExit
        seen.append(rows)
        return really(move_id, rows)

    with monkeypatch.context() as broken:
        broken.setattr(moving_many, "_part", dies)
        with pytest.raises(SystemExit):
            move_many(move.pk, job_of(move).pk)
    move_many(move.pk, job_of(move).pk)
    return move, cases


def test_a_task_delivered_again_after_a_killed_worker_moves_each_case_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    move, cases = killed_after_the_first_part(world, monkeypatch)
    assert outcomes(move) == [MOVED] * 4
    assert moves_of(cases) == 4
    assert job_of(move).state == Job.State.DONE


def test_the_control_rows_that_are_not_asked_for_their_outcome_are_answered_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the look at what has its answer, the second delivery overwrites the first's words."""
    with monkeypatch.context() as off:
        off.setattr(QuerySet, "filter", _forgetting_outcome(QuerySet.filter))
        move, _cases = killed_after_the_first_part(world, off)
    assert STAYED in outcomes(move)


def _forgetting_outcome(really: Any) -> Any:
    def filter_(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.model is CaseMoveRow:
            kwargs.pop("outcome", None)
        return really(self, *args, **kwargs)

    return filter_


def test_a_version_published_meanwhile_leaves_the_rest_where_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, cases = running(world, 3)
    move = asked(world, first, cases)
    newer(first, *TWO_STEPS)
    move_many(move.pk, job_of(move).pk)
    assert outcomes(move) == [STAYED] * 3
    assert moves_of(cases) == 0


def test_one_move_at_a_time_and_a_dead_one_does_not_block(world: World) -> None:
    first, cases = running(world, 2)
    move = asked(world, first, cases)
    with pytest.raises(CannotMove, match="already"):
        asked(world, first, cases)
    with pytest.raises(CannotMove):
        resume_move(move=move, actor=world["leader"])
    Job.objects.update(changed_at=timezone.now() - SILENT * 2, state=Job.State.RUNNING)
    resume_move(move=move, actor=world["leader"])
    assert Job.objects.filter(stop_asked=True).count() == 1


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_or_cases_nothing_is_asked_for(world: World, reason: str) -> None:
    first, cases = running(world, 1)
    with pytest.raises(CannotMove):
        ask_to_move(
            definition=first.definition,
            case_ids=[cases[0].pk],
            reason=reason,
            actor=world["leader"],
        )
    with pytest.raises(CannotMove):
        asked(world, first, [])
    assert not CaseMove.objects.exists()


def test_the_page_adds_them_all_up_and_moves_them_in_the_background(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "AT_ONCE", 2)
    first, cases = running(world, 4)
    answer(cases[3], world["avdelning"], Verdict.RETURN)
    client = signed_in(world["leader"])
    url = reverse("workflows_move", args=[first.definition_id])
    body = client.get(url).content.decode()
    assert "All 4 cases" in body
    assert "Waits at “Prioritera”" in body
    refused = client.post(url, {"all": "1"})
    assert refused.status_code == 422
    assert "Write a reason." in refused.content.decode()
    assert not CaseMove.objects.exists()
    sent = client.post(url, {"all": "1", "reason": "Ny ordning"})
    move = CaseMove.objects.get()
    result = reverse("workflows_moved", args=[first.definition_id, move.public_id])
    assert (sent.status_code, sent["Location"]) == (302, result)
    assert "are being moved" in client.get(result).content.decode()
    move_many(move.pk, job_of(move).pk)
    body = client.get(result).content.decode()
    assert "are being moved" not in body
    for case in cases:
        assert case.reference in body
    assert move.rows.get(outcome=STAYED).words in body
    assert result in client.get(url).content.decode()
    assert signed_in(world["avdelning"]).get(result).status_code == 403
    other = version_of(key="other")
    elsewhere = reverse("workflows_moved", args=[other.definition_id, move.public_id])
    assert client.get(elsewhere).status_code == 404


def test_what_somebody_may_not_see_is_counted_and_never_named(world: World) -> None:
    first, cases = running(world, 2)
    move = asked(world, first, cases)
    Role.objects.create(key="byggare", name="Byggare", capabilities=[Capability.MANAGE_DEFINITIONS])
    other = user("Nora Norr")
    give(other, "byggare", world.norra)
    body = signed_in(other).get(
        reverse("workflows_moved", args=[first.definition_id, move.public_id])
    )
    assert body.status_code == 200
    assert cases[0].reference not in body.content.decode()
    assert "2 cases are in units" in body.content.decode()


def test_a_larger_move_costs_no_more_queries_to_look_at(world: World) -> None:
    first, cases = running(world, 24)
    few, many = asked(world, first, cases[:2]), None
    Job.objects.update(state=Job.State.STOPPED)
    many = asked(world, first, cases[2:])
    client = signed_in(world["leader"])

    def cost(move: CaseMove) -> int:
        url = reverse("workflows_moved", args=[first.definition_id, move.public_id])
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    assert cost(few) == cost(many)
