"""Moving more cases than a page waits for: asked for once, done in parts by a worker.

What was asked is a row a case, so the work can be stopped, killed or begun twice: each case is
moved once, and says what became of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.operations import operation
from core.jobs.work import StopAsked, Work, ask_for, ask_to_stop, stalled, working
from core.words import says
from people.access import actor_of
from people.models import User
from workflows.actions.moving import move_one, newest_of
from workflows.errors import CannotMove
from workflows.models import Case, CaseMove, CaseMoveRow, WorkflowDefinition

KIND = "workflow-move"
#: Cases in one transaction: whoever decides waits no longer than for these.
AT_ONCE = 50


@transaction.atomic
def ask_to_move(
    *, definition: WorkflowDefinition, case_ids: Sequence[int], reason: str, actor: User
) -> CaseMove:
    """Note which cases are to be moved to the version in force, and hand them to a worker.

    :raises CannotMove: without a reason or cases, when no version is in force, or while
        another move of the same workflow goes on.
    """
    if not says(reason):
        raise CannotMove(_("Write why the cases are moved."))
    definition = WorkflowDefinition.objects.select_for_update().get(pk=definition.pk)
    target = newest_of(definition)
    if target is None:
        raise CannotMove(_("No version is in force, so there is nothing to move to."))
    wanted = sorted(set(case_ids))
    if not wanted:
        raise CannotMove(_("There are no cases to move."))
    if any(going_on(move) for move in definition.moves.select_related("job")[:5]):
        raise CannotMove(_("Cases of this workflow are being moved already. Wait until it ends."))
    with operation(
        "workflow.move_many", actor=actor_of(actor), subject=definition.key, reason=reason.strip()
    ):
        move = CaseMove.objects.create(
            definition=definition, target=target, reason=reason.strip(), asked_by=actor
        )
        CaseMoveRow.objects.bulk_create(
            [CaseMoveRow(move=move, case_id=pk) for pk in wanted], batch_size=1_000
        )
        _hand_over(move, actor)
    return move


@transaction.atomic
def resume_move(*, move: CaseMove, actor: User) -> CaseMove:
    """Go on with the cases that still wait, after a stop or a failure.

    :raises CannotMove: when it goes on already, or nothing waits.
    """
    move = CaseMove.objects.select_for_update(of=("self",)).get(pk=move.pk)
    if going_on(move):
        raise CannotMove(_("The cases are being moved."))
    if not move.rows.filter(outcome=CaseMoveRow.Outcome.WAITING).exists():
        raise CannotMove(_("Every case of this move has got its answer."))
    if move.job is not None:
        # Should its worker live after all, it stops; a case is never moved twice anyhow.
        ask_to_stop(job_id=move.job.pk, owner=move.job.owner)
    with operation(
        "workflow.move_many",
        actor=actor_of(actor),
        subject=move.definition.key,
        reason=move.reason,
    ):
        _hand_over(move, actor)
    return move


def going_on(move: CaseMove) -> bool:
    """Whether a worker does it now, or is about to; one that has been silent for long does not."""
    return move.job is not None and not move.job.ended and not stalled(move.job, timezone.now())


def _hand_over(move: CaseMove, actor: User) -> None:
    from workflows.tasks import move_many  # the task calls this module

    job = ask_for(
        kind=KIND,
        title=_("Move cases of “%(name)s”") % {"name": move.definition.name},
        owner=actor_of(actor).id,
        link=reverse("workflows_moved", args=[move.definition_id, move.public_id]),
    )
    move.job = job
    move.save(update_fields=["job"])
    # robust: without a broker the job waits, and its page says so.
    transaction.on_commit(partial(move_many.delay, move.pk, job.pk), robust=True)


def carry_out(move_id: int, job_id: int) -> int:
    """Move the cases that still wait, part by part; how many were moved.

    What has been done when the work is stopped or killed stays done.
    """
    moved = 0
    try:
        with working(job_id) as work:
            moved = _carry_out(move_id, work)
    except StopAsked:
        pass
    return moved


def _carry_out(move_id: int, work: Work) -> int:
    rows = CaseMoveRow.objects.filter(move=move_id)
    waiting = list(
        rows.filter(outcome=CaseMoveRow.Outcome.WAITING)
        # In the order of the cases' ids, as in every batch, so that two never wait for each other.
        .order_by("case_id")
        .values_list("pk", flat=True)
    )
    total, moved = rows.count(), 0
    work.total(total)
    if total > len(waiting):
        work.advance(total - len(waiting))
    for start in range(0, len(waiting), AT_ONCE):
        part = waiting[start : start + AT_ONCE]
        moved += _part(move_id, part)
        work.advance(len(part), _words(move_id))
    work.say(_words(move_id))
    return moved


@transaction.atomic
def _part(move_id: int, row_ids: Sequence[int]) -> int:
    """Move some of the cases as one operation; a row that has its answer is left alone."""
    move = CaseMove.objects.select_related("target", "asked_by").get(pk=move_id)
    definition = WorkflowDefinition.objects.select_for_update().get(pk=move.definition_id)
    rows = list(
        CaseMoveRow.objects.select_for_update()
        .filter(pk__in=row_ids, outcome=CaseMoveRow.Outcome.WAITING)
        .order_by("case_id")
    )
    now = timezone.now()
    in_force = newest_of(definition) == move.target
    with operation(
        "workflow.move",
        actor=actor_of(move.asked_by),
        subject=definition.key,
        reason=move.reason,
    ):
        for row in rows:
            case, refusal = None, _("Another version has been published since.")
            if in_force:
                case, refusal = move_one(
                    row.case_id,
                    definition=definition,
                    target=move.target,
                    reason=move.reason,
                    actor=move.asked_by,
                )
            row.words = refusal or _waits(case)
            row.outcome = CaseMoveRow.Outcome.STAYED if refusal else CaseMoveRow.Outcome.MOVED
            row.done_at = now
    CaseMoveRow.objects.bulk_update(rows, ["words", "outcome", "done_at"])
    return sum(row.outcome == CaseMoveRow.Outcome.MOVED for row in rows)


def _waits(case: Case | None) -> str:
    """Where a case that has just been moved waits."""
    if case is None:
        return ""
    items = case.work_items.filter(closed_at__isnull=True).order_by("pk")
    return ", ".join(items.values_list("step_name", flat=True))


def _words(move_id: int) -> str:
    """How it has gone so far, beside the bar."""
    rows = CaseMoveRow.objects.filter(move=move_id)
    moved = rows.filter(outcome=CaseMoveRow.Outcome.MOVED).count()
    stayed = rows.filter(outcome=CaseMoveRow.Outcome.STAYED).count()
    words = ngettext("%(n)d case has been moved.", "%(n)d cases have been moved.", moved) % {
        "n": moved
    }
    if stayed:
        words += " " + ngettext(
            "%(n)d case stays where it was; the result says why.",
            "%(n)d cases stay where they were; the result says why.",
            stayed,
        ) % {"n": stayed}
    return words
