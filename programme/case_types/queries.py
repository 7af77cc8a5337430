"""Reads shaped for the pages about starting a case."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from forms_app.models import Draft
from people.models import Role, User
from programme.case_types import actions
from programme.models import CaseType
from workflows.models import WorkflowVersion
from workflows.rules import steps_from_plain

MOST_DRAFTS = 20


@dataclass(frozen=True)
class DraftRow:
    """A case that is not sent yet."""

    draft: Draft
    case_type: CaseType
    reference: str = ""


def drafts_of(user: User) -> list[DraftRow]:
    """The user's cases that are not sent, the latest first; two queries."""
    drafts = list(
        Draft.objects.filter(owner=user, submission=None, context__has_key=actions.TYPE).order_by(
            "-updated_at"
        )[:MOST_DRAFTS]
    )
    keys = {draft.context[actions.TYPE] for draft in drafts}
    types = {one.key: one for one in CaseType.objects.filter(key__in=keys)} if keys else {}
    return [
        DraftRow(draft, types[draft.context[actions.TYPE]], draft.context.get(actions.CASE, ""))
        for draft in drafts
        if draft.context[actions.TYPE] in types
    ]


@dataclass(frozen=True)
class NextStep:
    """What happens after sending, before there is a case to draw."""

    name: str
    role: str
    days: str
    sometimes: bool


def what_happens(case_type: CaseType) -> Sequence[NextStep]:
    """The steps of the workflow that a case started now would run on."""
    if case_type.workflow_id is None:
        return []
    version = (
        WorkflowVersion.objects.filter(definition=case_type.workflow_id, retired_at__isnull=True)
        .order_by("-number")
        .first()
    )
    if version is None:
        return []
    roles = dict(Role.objects.values_list("key", "name"))
    return [
        NextStep(
            step.name,
            roles.get(step.role, step.role),
            ngettext("%d working day", "%d working days", step.working_days) % step.working_days,
            step.condition is not None,
        )
        for step in steps_from_plain(version.steps)
    ]
