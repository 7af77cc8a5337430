"""Deciding: one case, or many at once."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core import lean
from core.words import said
from people.access import actor_of
from people.models import User
from workflows import access, notices
from workflows.actions import engine
from workflows.errors import CannotDecide, StaleDecision, WorkflowError
from workflows.kinds import Event, kind_of
from workflows.models import Case, Decision, WorkItem
from workflows.rules import Position, State, Step, Verdict

OPERATIONS = {
    Verdict.APPROVE: "case.decide",
    Verdict.DECLINE: "case.decide",
    Verdict.RETURN: "case.return",
}


@transaction.atomic
def decide(
    *,
    case_id: int,
    step_key: str,
    round: int,
    verdict: Verdict | str,
    actor: User,
    reason: str = "",
    asked_fields: Sequence[str] = (),
) -> Case:
    """Record the actor's verdict on the step that waits, and move the case on.

    :raises StaleDecision: when the case no longer waits there.
    :raises CannotDecide: when the actor may not, or the verdict lacks what it needs.
    """
    run = engine.locked(case_id)
    name = OPERATIONS[Verdict(verdict)]
    subject = run.case.reference
    with operation(name, actor=actor_of(actor), reason=reason, subject=subject, last=True):
        _decide(run, step_key, round, Verdict(verdict), actor, said(reason), list(asked_fields))
    return run.case


def _decide(
    run: engine.Run,
    step_key: str,
    round: int,
    verdict: Verdict,
    actor: User,
    reason: str,
    asked_fields: list[str],
) -> None:
    case = run.case
    position = run.position()
    place = position.place(step_key)
    if case.state != Case.State.WAITING or position.state is not State.WAITING:
        raise StaleDecision
    if place is None or case.round != round:
        raise StaleDecision
    step = place.step
    holder = ensure_may_decide(run, step, actor)
    ensure_complete(case, step, verdict, reason, asked_fields)
    kind_of(case).check(case, step, verdict)
    now = timezone.now()
    single = place.needed == 1
    decision = Decision(
        case=case,
        round=case.round,
        era=case.era,
        step_key=step.key,
        seat=0 if single else 1 + sum(d.step_key == step.key for d in run.decisions),
        verdict=verdict.value,
        actor=actor,
        actor_name=actor.get_full_name(),
        held_role=engine.held_in_words(holder),
        for_user_id=holder.for_user_id,
        for_name=holder.for_name,
        reason=reason,
        asked_fields=asked_fields,
        data_digest=case.data_digest,
        decided_at=now,
    )
    run.decisions.append(decision)
    position = run.position()
    with _naming_both(decision, actor):
        closing = engine.closing(run, now, keeping=position.waiting())
        lean.insert([decision], beside=[closing, engine.finishing(run, position, now)])
        _move_on(run, position, verdict, now)


def _naming_both(decision: Decision, actor: User) -> AbstractContextManager[object]:
    """A deputy's decision is an operation of its own, which says on whose behalf it was."""
    if not decision.for_name:
        return nullcontext()
    return operation(
        OPERATIONS[Verdict(decision.verdict)],
        actor=actor_of(actor),
        reason=decision.reason,
        on_behalf_of=decision.for_name,
        subject=decision.case.reference,
    )


def _move_on(run: engine.Run, position: Position, verdict: Verdict, now: datetime.datetime) -> None:
    case = run.case
    if position.state is State.WAITING:
        engine.begin_waiting(run, position, now)
    if verdict is Verdict.APPROVE:
        kind_of(case).after(case, Event.STEP_APPROVED)
    event = {
        State.APPROVED: Event.APPROVED,
        State.DECLINED: Event.DECLINED,
        State.RETURNED: Event.RETURNED,
    }.get(position.state)
    if event:
        notices.settled(case, event, run.decisions, by=run.decisions[-1].actor_id)
        kind_of(case).after(case, event)


def ensure_may_decide(run: engine.Run, step: Step, actor: User) -> access.Decider:
    """As whom the actor decides; refuses them with the reason when they may not.

    :raises CannotDecide: with the reason in words.
    """
    case = run.case
    if actor.pk == case.initiator_id:
        raise CannotDecide(_("You started this case, so someone else decides it."))
    if actor.pk in access.kept_apart(case):
        raise CannotDecide(_("This case is about you, so someone else decides it."))
    if actor.pk in run.excluded(step):
        raise CannotDecide(_("You have already decided in this case."))
    resolved = run.deciders(step)
    holder = resolved.holder(actor) if resolved else None
    if holder is None:
        raise CannotDecide(_("You do not hold the role that decides this step."))
    return holder


def ensure_complete(
    case: Case, step: Step, verdict: Verdict, reason: str, asked_fields: Sequence[str]
) -> None:
    """A decline needs a reason; a return needs a question about fields that exist.

    :raises CannotDecide: with what is missing.
    """
    if verdict not in step.verdicts:
        raise CannotDecide(_("This step does not allow that answer."))
    if verdict is Verdict.DECLINE and not reason:
        raise CannotDecide(_("Write why you decline."))
    if verdict is Verdict.RETURN:
        if not reason:
            raise CannotDecide(_("Write what you want to know."))
        if set(asked_fields) - set(kind_of(case).field_labels(case)):
            raise CannotDecide(_("The question is about a field that the form does not have."))


@dataclass(frozen=True)
class Choice:
    """One row of a batch: the step that waited when the person chose it."""

    case_id: int
    step_key: str
    round: int


@dataclass
class BatchResult:
    """What became of a batch: decided cases, and refused ones with the reason."""

    decided: list[Case] = field(default_factory=list)
    refused: list[tuple[Case, str]] = field(default_factory=list)


@transaction.atomic
def decide_many(
    *, choices: Sequence[Choice], verdict: Verdict | str, actor: User, reason: str = ""
) -> BatchResult:
    """Give one verdict on many cases as one operation; rows that cannot be are listed.

    Cases are locked in the order of their ids, so two batches never wait for
    each other in a ring.
    """
    result = BatchResult()
    with operation("case.decide_many", actor=actor_of(actor), reason=reason, last=True):
        for choice in sorted(choices, key=lambda row: row.case_id):
            run = engine.locked(choice.case_id)
            try:
                with transaction.atomic():
                    _decide(
                        run,
                        choice.step_key,
                        choice.round,
                        Verdict(verdict),
                        actor,
                        said(reason),
                        [],
                    )
            except WorkflowError as error:
                result.refused.append((run.case, str(error.message)))
            else:
                result.decided.append(run.case)
    return result


def refusals(
    items: Sequence[WorkItem], runs: Mapping[int, engine.Run], *, verdict: Verdict, actor: User
) -> dict[int, str]:
    """Why a batch would refuse these work items' cases, by case id; reads only.

    :param runs: the cases with all that decides who may decide them, by case id.
    """
    answers: dict[int, str] = {}
    for item in items:
        case = item.case
        run = runs[case.pk]
        position = run.position()
        place = position.place(item.step_key)
        try:
            if position.state is not State.WAITING or place is None:
                raise StaleDecision
            ensure_may_decide(run, place.step, actor)
            if verdict not in place.step.verdicts:
                raise CannotDecide(_("This step does not allow that answer."))
            kind_of(case).check(case, place.step, verdict)
        except WorkflowError as error:
            answers[case.pk] = str(error.message)
    return answers
