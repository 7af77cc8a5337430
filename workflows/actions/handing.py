"""Handing a waiting step over to a named person, and back."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of, held_by
from people.models import RoleAssignment, User
from workflows import access, notices
from workflows.actions import engine
from workflows.errors import CannotReassign, StaleDecision
from workflows.models import Case, StepEvent, WorkItem
from workflows.rules import Step


def may_hand_over(run: engine.Run, step: Step, actor: User) -> bool:
    """Those who decide the step or would if it were not handed over, and the project office."""
    case = run.case
    if actor.pk in access.kept_apart(case):
        return False
    held = held_by(actor)
    if any(held.covers(capability, case.organisation) for capability in notices.OFFICE):
        return True
    deciding = (run.deciders(step), run.resolve([step], step).get(step.key))
    return any(resolved is not None and resolved.holder(actor) for resolved in deciding)


def eligible(run: engine.Run, step: Step, *, besides: User) -> QuerySet[User]:
    """Whom the step can be handed to: they hold a role of the step somewhere today.

    Nobody with a protected identity is named in a list that others read.
    """
    holding = RoleAssignment.objects.on(timezone.localdate()).filter(role_id__in=step.all_roles())
    item = run.item(step.key)
    taken = {besides.pk} | ({item.assigned_to_id} if item and item.assigned_to_id else set())
    open_to_all = Q(person__isnull=True) | Q(person__protected=False)
    return User.objects.filter(open_to_all, is_active=True, pk__in=holding.values("user")).exclude(
        pk__in=run.excluded(step) | taken
    )


@transaction.atomic
def hand_over(
    *, case_id: int, step_key: str, round: int, to: User | None, reason: str, actor: User
) -> Case:
    """Let one named person decide the step instead; nobody named gives it back to the role.

    The due day stays. Whoever was called in because the step is late may go on deciding.

    :raises StaleDecision: when the case no longer waits there.
    :raises CannotReassign: when the actor or the person named may not.
    """
    run = engine.locked(case_id)
    case = run.case
    place = run.position().place(step_key)
    item = run.item(step_key)
    if case.state != Case.State.WAITING or place is None or item is None or case.round != round:
        raise StaleDecision
    step = place.step
    if not may_hand_over(run, step, actor):
        raise CannotReassign
    _ensure_possible(run, step, item, to, reason, actor)
    now = timezone.now()
    giver = _giver(run, step, actor)
    with operation(
        "case.reassign",
        actor=actor_of(actor),
        reason=reason.strip(),
        on_behalf_of=giver,
        subject=case.reference,
    ):
        item.assigned_to = to
        item.save(update_fields=["assigned_to"])
        resolved = run.deciders(step)
        holders = resolved.holders if resolved else ()
        event = StepEvent(
            case=case,
            round=item.round,
            step_key=item.step_key,
            step_name=item.step_name,
            kind=StepEvent.Kind.REASSIGNED,
            at=now,
            to_user=to,
            to_words=to.get_full_name() if to else item.role.name,
            by_name=_both(actor, giver),
            reason=reason.strip(),
        )
        event.save(force_insert=True)
        told = [h for h in holders if h.user_id != actor.pk and (to is None or h.user_id == to.pk)]
        notices.send(notices.handed_over(case, item, told, str(event.pk)))
    return case


def _ensure_possible(
    run: engine.Run, step: Step, item: WorkItem, to: User | None, reason: str, actor: User
) -> None:
    if not says(reason):
        raise CannotReassign(_("Write why you hand the step over."), field="reason")
    if item.needed > 1:
        raise CannotReassign(_("Several people decide this step, so it cannot be handed over."))
    if to is None and item.assigned_to_id is None:
        raise CannotReassign(_("Choose who is to decide."), field="to")
    if to is not None and not eligible(run, step, besides=actor).filter(pk=to.pk).exists():
        raise CannotReassign(
            _("%(name)s cannot decide this step. Choose someone else.")
            % {"name": to.get_full_name()},
            field="to",
        )


def _giver(run: engine.Run, step: Step, actor: User) -> str:
    """Whose deputy the actor is at the step, if anyone's."""
    resolved = run.resolve([step], step).get(step.key)
    mine = resolved.holder(actor) if resolved else None
    return mine.for_name if mine else ""


def _both(actor: User, giver: str) -> str:
    if not giver:
        return actor.get_full_name()
    words = {"deputy": actor.get_full_name(), "name": giver}
    return (_("%(deputy)s (deputy for %(name)s)") % words)[:160]
