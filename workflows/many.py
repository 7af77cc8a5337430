"""Many cases at once, with all that decides who may decide them, in a fixed number of reads."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence

from people.models import RoleAssignment
from workflows import access
from workflows.actions.engine import Run, roles_of
from workflows.models import Case, Decision, Delegation, WorkItem
from workflows.rules import Mode
from workflows.versions import steps_of


def runs_of(cases: Sequence[Case], *, on: datetime.date) -> list[Run]:
    """The cases with decisions, work items and who decides on the day: six reads for all.

    Note: the cases come with their organisation and the person they are about.
    """
    decisions: dict[int, list[Decision]] = defaultdict(list)
    for decision in Decision.objects.filter(case__in=cases).order_by("decided_at", "pk"):
        decisions[decision.case_id].append(decision)
    items: dict[int, list[WorkItem]] = defaultdict(list)
    for item in (
        WorkItem.objects.filter(case__in=cases)
        .select_related("assigned_to", "role", "organisation")
        .order_by("round", "pk")
    ):
        items[item.case_id].append(item)
    found = levels_of(cases, on=on)
    handed = roles_of(
        {i.assigned_to_id for each in items.values() for i in each if i.assigned_to_id}
    )
    return [
        Run(case, decisions[case.pk], _of_interest(case, items[case.pk]), found[case.pk], handed)
        for case in cases
    ]


def _of_interest(case: Case, items: Iterable[WorkItem]) -> list[WorkItem]:
    """The open ones, and the earlier ones of steps that all must approve."""
    everyone = any(step.mode is Mode.ALL for step in steps_of(case.version_id))
    return [item for item in items if everyone or item.closed_at is None]


def levels_of(cases: Sequence[Case], *, on: datetime.date) -> dict[int, access.Levels]:
    """For each case what :func:`workflows.access.levels` answers, in two reads for all."""
    roles = {
        role for case in cases for step in steps_of(case.version_id) for role in step.all_roles()
    }
    nodes = {node for case in cases for node in case.organisation.lineage}
    held: dict[int, list[access.Decider]] = defaultdict(list)
    for row in (
        RoleAssignment.objects.on(on)
        .filter(role_id__in=roles, organisation_id__in=nodes)
        .select_related("user", "role", "organisation")
        .order_by("user__last_name", "user__first_name", "user_id")
    ):
        held[row.organisation_id].append(
            access.Decider(
                row.user_id,
                row.user.get_full_name(),
                row.user.email,
                row.role_id,
                row.role.name,
                row.organisation_id,
                row.organisation.name,
            )
        )
    givers = {decider.user_id for deciders in held.values() for decider in deciders}
    standing: dict[int, list[Delegation]] = defaultdict(list)
    for delegation in (
        Delegation.objects.on(on)
        .filter(giver__in=givers, deputy__is_active=True)
        .select_related("deputy")
        .order_by("pk")
    ):
        standing[delegation.giver_id].append(delegation)
    return {case.pk: _levels(case, held, standing) for case in cases}


def _levels(
    case: Case,
    held: dict[int, list[access.Decider]],
    standing: dict[int, list[Delegation]],
) -> access.Levels:
    found: access.Levels = {}
    acting: list[access.Decider] = []
    for node in case.organisation.lineage:
        for decider in held.get(node, []):
            access.add_to(found, decider)
            for delegation in standing.get(decider.user_id, []):
                if delegation.covers(case.kind, case.organisation):
                    acting.append(access.deputy_of(decider, delegation.deputy))
    for decider in acting:
        access.add_to(found, decider)
    return found
