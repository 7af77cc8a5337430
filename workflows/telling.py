"""Who will be told if a step is approved, asked about or declined, before anyone decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from people.models import User
from workflows import notices
from workflows.actions import engine
from workflows.kinds import Event
from workflows.models import Decision
from workflows.rules import State, Step, Verdict

EVENTS = {
    State.APPROVED: Event.APPROVED,
    State.DECLINED: Event.DECLINED,
    State.RETURNED: Event.RETURNED,
}


def foreseen(
    run: engine.Run,
    step: Step,
    verdict: Verdict,
    viewer: User,
    *,
    accounts: Mapping[int, User] | None = None,
) -> list[str]:
    """Those who would get a message of the verdict, by name and who they are to the case.

    The verdict is given in memory only; the rules that write the messages are asked.
    """
    resolved = run.deciders(step)
    holder = resolved.holder(viewer) if resolved else None
    given = Decision(
        case=run.case,
        round=run.case.round,
        era=run.case.era,
        step_key=step.key,
        verdict=verdict.value,
        actor=viewer,
        for_user_id=holder.for_user_id if holder else None,
    )
    then = replace(run, decisions=[*run.decisions, given])
    position = then.position()
    event = EVENTS.get(position.state)
    if event is not None:
        told = notices.told_when(run.case, event, then.decisions, by=viewer.pk, accounts=accounts)
        return [f"{one.user.get_full_name()} ({one.why})" for one in told]
    return [
        f"{one.name} ({one.role_name})"
        for _place, who in engine.beginning(then, position)
        for one in (who.holders if who else ())
    ]


def by_verdict(run: engine.Run, step: Step, viewer: User) -> dict[str, list[str]]:
    """For each verdict that the step allows, who would be told."""
    return {one.value: foreseen(run, step, one, viewer) for one in step.verdicts}


def for_many(
    runs: Sequence[tuple[engine.Run, Step]], viewer: User, verdicts: Sequence[Verdict]
) -> dict[str, list[str]]:
    """Who would be told of one verdict on many cases, each once; one read for all."""
    wanted = {
        pk for run, _step in runs for pk in notices.approvers(run.case, run.decisions, by=viewer.pk)
    }
    accounts = User.objects.in_bulk(wanted)
    return {
        verdict.value: list(
            dict.fromkeys(
                line
                for run, step in runs
                if verdict in step.verdicts
                for line in foreseen(run, step, verdict, viewer, accounts=accounts)
            )
        )
        for verdict in verdicts
    }
