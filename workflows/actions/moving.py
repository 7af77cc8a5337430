"""Moving running cases to the version in force: each lands where its decisions lead, or stays."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from core.workdays import add_working_days
from people.access import actor_of
from people.models import User
from workflows import access, many, notices
from workflows.actions import engine
from workflows.errors import CannotMove, WorkflowError
from workflows.models import Case, StepEvent, WorkflowDefinition, WorkflowVersion, WorkItem
from workflows.rules import Mode, Place, Position, State, needed_for, position_after
from workflows.versions import steps_of

#: How many cases one operation takes at most; more go on in the background (`moving_many`).
AT_ONCE = 200


@dataclass(frozen=True)
class Landing:
    """Where a case would land on the new version, or why it cannot be moved."""

    case: Case
    position: Position | None = None
    refusal: str = ""


@dataclass
class MoveResult:
    """What became of a move: moved cases, and refused ones with the reason."""

    moved: list[Case] = field(default_factory=list)
    refused: list[tuple[Case, str]] = field(default_factory=list)


def running(definition: WorkflowDefinition) -> list[Case]:
    """Open cases on an older version than the newest in force, the oldest first."""
    newest = newest_of(definition)
    if newest is None:
        return []
    return list(
        Case.objects.open()
        .filter(version__definition=definition)
        .exclude(version=newest)
        .select_related("organisation", "concerns", "version", "initiator")
        .order_by("opened_at", "pk")
    )


def newest_of(definition: WorkflowDefinition) -> WorkflowVersion | None:
    """The version that new cases start on."""
    return definition.versions.filter(retired_at__isnull=True).order_by("-number").first()


def landings(cases: Sequence[Case], target: WorkflowVersion) -> list[Landing]:
    """Where each case would land; reads only, in a number of statements that does not grow."""
    for case in cases:
        # In memory only: whoever decides is asked for with the new version's roles.
        case.version = target
    found = []
    for run in many.runs_of(cases, on=timezone.localdate()):
        try:
            position, _resolved = _landing(run, target)
        except WorkflowError as error:
            found.append(Landing(run.case, refusal=str(error.message)))
        else:
            found.append(Landing(run.case, position))
    return found


@transaction.atomic
def move_cases(
    *, definition: WorkflowDefinition, case_ids: Sequence[int], reason: str, actor: User
) -> MoveResult:
    """Move cases to the version in force as one operation; those that cannot be are listed.

    Cases are locked in the order of their ids, as in every batch. A decision that is
    given in the same moment comes first or finds its page out of date, never both.

    :raises CannotMove: without a reason, or when no version is in force.
    """
    if not says(reason):
        raise CannotMove(_("Write why the cases are moved."))
    # Nothing is published in between: the version that was checked is the one moved to.
    definition = WorkflowDefinition.objects.select_for_update().get(pk=definition.pk)
    target = newest_of(definition)
    if target is None:
        raise CannotMove(_("No version is in force, so there is nothing to move to."))
    result = MoveResult()
    with operation(
        "workflow.move", actor=actor_of(actor), subject=definition.key, reason=reason.strip()
    ):
        for case_id in sorted(set(case_ids))[:AT_ONCE]:
            case, refusal = move_one(
                case_id, definition=definition, target=target, reason=reason.strip(), actor=actor
            )
            if refusal:
                result.refused.append((case, refusal))
            else:
                result.moved.append(case)
    return result


def move_one(
    case_id: int,
    *,
    definition: WorkflowDefinition,
    target: WorkflowVersion,
    reason: str,
    actor: User,
) -> tuple[Case, str]:
    """Lock one case and move it, inside the caller's operation; why not, when it stays."""
    run = engine.locked(case_id)
    try:
        with transaction.atomic():
            _move(run, definition, target, reason, actor)
    except WorkflowError as error:
        return run.case, str(error.message)
    return run.case, ""


def _move(
    run: engine.Run,
    definition: WorkflowDefinition,
    target: WorkflowVersion,
    reason: str,
    actor: User,
) -> None:
    case = run.case
    if case.version.definition_id != definition.pk:
        raise CannotMove(_("The case runs on another workflow."))
    if case.version_id == target.pk:
        raise CannotMove(_("The case is on the newest version already."))
    before = {item.step_key: item for item in run.items if item.closed_at is None}
    old_steps = {step.key: step for step in steps_of(case.version_id)}
    told = {
        holder.user_id
        for key in before
        if (resolved := run.deciders(old_steps[key])) is not None
        for holder in resolved.holders
    }
    case.version = target
    # Everything about who decides is asked again, for the new version's roles.
    run = engine.Run(case, run.decisions, engine.items_of(case))
    position, deciders = _landing(run, target)
    now = timezone.now()
    case.round += 1
    case.save(update_fields=["version", "round"])
    engine.close_waiting(run, now)
    for place in position.places:
        _wait(run, place, deciders[place.step.key], before.get(place.step.key), told, now)
    StepEvent.objects.create(
        case=case,
        round=case.round,
        step_key=position.places[0].step.key,
        step_name=", ".join(place.step.name for place in position.places)[:120],
        kind=StepEvent.Kind.MOVED,
        at=now,
        to_words=_("version %(number)d of the workflow") % {"number": target.number},
        by_name=actor.get_full_name(),
        reason=reason,
    )


def _landing(
    run: engine.Run, target: WorkflowVersion
) -> tuple[Position, dict[str, access.Resolved]]:
    """Where the case lands on the target, and who decides there.

    :raises CannotMove: with the reason why it must stay where it is.
    """
    case, steps = run.case, steps_of(target.pk)
    if case.state == Case.State.RETURNED:
        raise CannotMove(
            _("The case has been returned with questions. Move it when they are answered.")
        )
    if case.state != Case.State.WAITING:
        raise CannotMove(_("The case is closed."))
    keys = {step.key for step in steps}
    lost = [d.step_key for d in run.decisions if d.era == case.era and d.step_key not in keys]
    if lost:
        raise CannotMove(
            _("A decision has been taken at “%(step)s”, which the new version does not have.")
            % {"step": lost[0]}
        )
    everyone = {step.key for step in steps if step.mode is Mode.ALL}
    position = position_after(
        steps,
        engine.given_by(run.decisions),
        case.data,
        round=case.round + 1,
        era=case.era,
        needed={item.step_key: item.needed for item in run.items if item.step_key in everyone},
    )
    if position.state is not State.WAITING:
        raise CannotMove(
            _("Every step of the new version is met already. A move approves nothing by itself.")
        )
    resolved: dict[str, access.Resolved] = {}
    for step in steps:
        if step.key in position.done or not step.applies_to(case.data):
            continue
        found = run.resolve([step], step).get(step.key)
        place = position.place(step.key)
        if found is None or not engine.enough(step, found, place.approvals if place else 0):
            raise CannotMove(engine.nobody_message(step, case.organisation))
        resolved[step.key] = found
    return position, resolved


def _wait(
    run: engine.Run,
    place: Place,
    resolved: access.Resolved,
    before: WorkItem | None,
    told: set[int],
    now: datetime.datetime,
) -> None:
    """Open the step's work item; what waited there already keeps its day and its hand-over.

    Those who could decide before have been told before.
    """
    step, case = place.step, run.case
    due_on = (
        before.due_on if before else add_working_days(timezone.localdate(now), step.working_days)
    )
    item = WorkItem.objects.create(
        case=case,
        round=case.round,
        step_key=step.key,
        step_name=step.name,
        role_id=resolved.role,
        organisation_id=resolved.organisation_id,
        needed=needed_for(step, place.approvals + resolved.seats()),
        assigned_to=before.assigned_to if before else None,
        due_on=due_on,
        opened_at=now,
    )
    run.items.append(item)
    new = [holder for holder in resolved.holders if holder.user_id not in told]
    if item.assigned_to_id is None and new:
        notices.moved(case, item, new)
