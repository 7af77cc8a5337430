"""Opening a case, completing a returned one, withdrawing one."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core import lean
from core.words import says
from people.access import actor_of
from people.models import Organisation, Person, User
from workflows import access
from workflows.actions import engine
from workflows.errors import CannotComplete, CannotDecide, CannotOpen, CannotWithdraw
from workflows.kinds import CaseKind, Event, kind_of
from workflows.models import Case, Decision, WorkflowVersion
from workflows.rules import Mode, State, Step, Verdict, changed_material, digest_of, with_erased
from workflows.versions import material_of, steps_of


@transaction.atomic
def open_case(
    *,
    kind: CaseKind,
    version: WorkflowVersion,
    organisation: Organisation,
    initiator: User,
    concerns: Person | None,
    data: dict[str, Any],
) -> Case:
    """Start a case, and let it wait at its first step.

    Steps that the submission itself meets are approved in the initiator's
    name at once.

    :raises CannotOpen: when a step that applies has nobody who may decide it.
    """
    now = timezone.now()
    case = Case(
        kind=kind.key,
        version=version,
        organisation=organisation,
        initiator=initiator,
        concerns=concerns,
        data=data,
        data_digest=digest_of(data),
        state=Case.State.WAITING,
        opened_at=now,
    )
    run = engine.Run(case, [], [])
    resolved = _met_and_resolved(run, now)
    position = run.position()
    case.state = position.state.value
    if position.state is State.APPROVED:
        case.closed_at = now
    case.reference = engine.next_reference(kind.prefix, timezone.localdate(now).year)
    with operation("case.open", actor=actor_of(initiator), subject=case.reference, last=True):
        lean.insert([case])
        if run.decisions:
            for decision in run.decisions:
                decision.case = case
            lean.insert(run.decisions)
        for place in position.places:
            engine.wait_for(run, place, resolved[place.step.key], now)
        kind.after(case, Event.OPENED)
        if position.state is State.APPROVED:
            kind.after(case, Event.APPROVED)
    return case


def _met_and_resolved(run: engine.Run, now: datetime.datetime) -> dict[str, access.Resolved]:
    """Who decides each step; steps the submission meets get their decision here.

    :raises CannotOpen: when a step has nobody.
    """
    case = run.case
    steps = [step for step in steps_of(case.version_id) if step.applies_to(case.data)]
    apart = access.kept_apart(case)
    resolved = access.resolve(steps, case.organisation, among=run.levels, excluding=apart)
    run.decisions += _met_by_submission(run, now)
    given = {decision.step_key for decision in run.decisions}
    for step in steps:
        met_by = int(step.key in given)
        if not (met_by and step.mode is Mode.ANY) and not engine.enough(
            step, resolved.get(step.key), met_by
        ):
            raise CannotOpen(engine.nobody_message(step, case.organisation))
    return resolved


def _met_by_submission(run: engine.Run, now: datetime.datetime) -> list[Decision]:
    """Approvals of the steps whose role the initiator holds; a deputy meets none."""
    case = run.case
    if case.concerns is not None and case.concerns.user_id == case.initiator_id:
        return []
    met = [
        step
        for step in steps_of(case.version_id)
        if step.met_by_submission and step.applies_to(case.data)
    ]
    nearest = access.resolve(met, case.organisation, among=run.levels, excluding=frozenset())
    decisions = []
    for step in met:
        resolved = nearest.get(step.key)
        holder = resolved.holder(case.initiator) if resolved else None
        if holder and holder.role_key == step.role and holder.for_user_id is None:
            decisions.append(_by_submission(case, step, holder, now))
    return decisions


def _by_submission(
    case: Case, step: Step, holder: access.Decider, now: datetime.datetime
) -> Decision:
    return Decision(
        round=case.round,
        era=case.era,
        step_key=step.key,
        verdict=Verdict.APPROVE.value,
        actor=case.initiator,
        actor_name=case.initiator.get_full_name(),
        held_role=engine.held_in_words(holder),
        by_submission=True,
        data_digest=case.data_digest,
        decided_at=now,
    )


@transaction.atomic
def complete(*, case_id: int, data: dict[str, Any], actor: User) -> Case:
    """Answer a returned case's questions: it waits at the same steps again.

    When the answers change material data, the approvals so far hold no more and
    the case begins anew at its first step.

    :raises CannotComplete: when it has not been returned, or is not the actor's to answer.
    """
    run = engine.locked(case_id)
    case = run.case
    if case.state != Case.State.RETURNED:
        raise CannotComplete
    if not kind_of(case).may_complete(case, actor):
        raise CannotComplete(_("Only the person who started the case can answer its questions."))
    now = timezone.now()
    case.round += 1
    changed = changed_material(material_of(case.version_id), case.data, data)
    case.data = with_erased(case.data, data)
    case.data_digest = digest_of(case.data)
    again: list[Decision] = []
    if changed:
        case.era += 1
        again = _met_by_submission(run, now)
        run.decisions += again
    position = run.position()
    case.state = position.state.value
    if position.state is State.APPROVED:
        # The new answers made every remaining step needless.
        case.closed_at = now
    with operation("case.complete", actor=actor_of(actor), subject=case.reference):
        lean.update(case, ["round", "era", "data", "data_digest", "state", "closed_at"])
        for decision in again:
            decision.case = case
        lean.insert(again)
        if position.state is State.WAITING:
            try:
                engine.begin_waiting(run, position, now)
            except CannotDecide as error:
                raise CannotComplete(error.message) from error
        kind_of(case).after(case, Event.COMPLETED)
        if position.state is State.APPROVED:
            kind_of(case).after(case, Event.APPROVED)
    return case


@transaction.atomic
def withdraw(*, case_id: int, actor: User, reason: str) -> Case:
    """Take back an open case; it can be started anew, never reopened.

    :raises CannotWithdraw: when it is closed, someone else's, or the reason is missing.
    """
    run = engine.locked(case_id)
    case = run.case
    if case.initiator_id != actor.pk or not case.is_open:
        raise CannotWithdraw
    if not says(reason):
        raise CannotWithdraw(_("Write why you withdraw the case."))
    now = timezone.now()
    with operation("case.withdraw", actor=actor_of(actor), subject=case.reference, reason=reason):
        case.state = Case.State.WITHDRAWN
        case.closed_at = now
        lean.update(case, ["state", "closed_at"])
        engine.close_waiting(run, now)
        kind_of(case).after(case, Event.WITHDRAWN)
    return case
