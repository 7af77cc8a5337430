"""Everything the evidence tells, read for one viewer in a fixed number of queries."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from audit import queries as history
from audit.models import Operation
from audit.queries import Change
from forms_app.models import FormVersion, Submission
from forms_app.schema import FormSchema
from people.models import Organisation, Role, RoleAssignment, User
from programme.models import CaseSubmission, Nomination
from reports import naming
from workflows.access import kept_apart
from workflows.kinds import CaseKind, kind_of
from workflows.models import (
    Case,
    Decision,
    Delegation,
    Message,
    StepEvent,
    WorkflowVersion,
    WorkItem,
)
from workflows.rules import Step, steps_from_plain


@dataclass(frozen=True)
class Sources:
    """The rows behind one document, and who looks at them."""

    case: Case
    kind: CaseKind
    viewer: User
    # Every version the case has run on, the one it runs on last, with its steps.
    versions: Sequence[tuple[WorkflowVersion, tuple[Step, ...]]]
    decisions: Sequence[Decision]
    items: Sequence[WorkItem]
    step_events: Sequence[StepEvent]
    messages: Sequence[Message]
    changes: Sequence[Change]
    operations: Sequence[Operation]
    # The answers of each round, the latest last, as they are now: erased ones are marks.
    answers: Sequence[Mapping[str, Any]]
    # The form's questions as they were when they were answered.
    schema: FormSchema | None
    labels: Mapping[str, str]
    assignments: Sequence[RoleAssignment]
    delegations: Sequence[Delegation]
    # The states that things have had, oldest first, by their model and key.
    states: Mapping[tuple[type[Model], str], Sequence[Change]]
    apart: frozenset[int]
    people: "Names"

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the version that the case runs on."""
        return self.versions[-1][1]

    def then(self, model: type[Model], pk: object, moment: datetime.datetime) -> Mapping[str, Any]:
        """The thing as it was at the moment; empty when there is no history to tell."""
        found: Mapping[str, Any] = {}
        for position, change in enumerate(self.states.get((model, str(pk)), ())):
            # The first state stands for the time before there was any history.
            if position == 0 or change.at <= moment:
                found = change.after
        return found

    def organisation(self, pk: int, moment: datetime.datetime) -> str:
        """What the organisation was called then."""
        return str(self.then(Organisation, pk, moment).get("name", ""))

    def role(self, key: str, moment: datetime.datetime) -> str:
        """What the role was called then."""
        return str(self.then(Role, key, moment).get("name", key))

    def account(self, pk: int, moment: datetime.datetime) -> str:
        """What the holder of the account was called then; masked when it must be."""
        row = self.then(User, pk, moment)
        name = f"{row.get('first_name', '')} {row.get('last_name', '')}".strip()
        return self.people.of(pk, name or str(row.get("email", "")))


@dataclass(frozen=True)
class Names:
    """How accounts are named to the viewer."""

    hidden: frozenset[str]

    def hides(self, actor_id: str) -> bool:
        """Whether the viewer may not read who this is."""
        return actor_id in self.hidden

    def of(self, user_id: int | None, name_then: str) -> str:
        """The name as it was written then; masked when the viewer may not read it."""
        return _("Protected identity") if f"user:{user_id}" in self.hidden else name_then

    def actor(self, actor_id: str, name_then: str) -> str:
        """Who acted, as the history names them; the system has a name of its own."""
        if actor_id == "system":
            return _("The system")
        return _("Protected identity") if actor_id in self.hidden else name_then


def read(case: Case, viewer: User) -> Sources:
    """Read the rows; the case comes with its organisation, initiator, concerns and version."""
    kind = kind_of(case)
    decisions = list(case.decisions.all())
    items = list(case.work_items.select_related("organisation").order_by("opened_at", "pk"))
    step_events = list(case.step_events.all())
    messages = list(case.messages.exclude(state=Message.State.DRAFT).order_by("created_at", "pk"))
    versions = _versions(case)
    steps = [step for _version, steps in versions for step in steps]
    submissions = _submissions_of(case)
    assignments = _assignments(steps, items)
    delegations = _delegations(case, assignments)
    accounts = {row.user_id for row in assignments} | {row.deputy_id for row in delegations}
    accounts |= {item.assigned_to_id for item in items if item.assigned_to_id is not None}
    accounts |= {each.to_user_id for each in step_events if each.to_user_id is not None}
    rows: dict[type[Model], Collection[Any]] = {
        Case: [case.pk],
        WorkflowVersion: [version.pk for version, _steps in versions],
        Organisation: {*case.organisation.lineage, *(each.organisation_id for each in items)},
        Role: {role for step in steps for role in step.all_roles()},
        User: accounts,
        Decision: [each.pk for each in decisions],
        StepEvent: [each.pk for each in step_events],
        Message: [each.pk for each in messages],
        Submission: submissions,
    }
    changes = history.changes(rows=rows)
    operations = _operations(case, changes)
    return Sources(
        case=case,
        kind=kind,
        viewer=viewer,
        versions=versions,
        decisions=decisions,
        items=items,
        step_events=step_events,
        messages=messages,
        changes=changes,
        operations=operations,
        answers=_answers_of(submissions),
        schema=_schema_of(submissions),
        labels={
            key: str(label)
            for key, label in {**kind.condition_fields(), **kind.field_labels(case)}.items()
        },
        assignments=assignments,
        delegations=delegations,
        states=_states(changes),
        apart=kept_apart(case),
        people=_names(case, viewer, decisions, operations, accounts),
    )


def _versions(case: Case) -> list[tuple[WorkflowVersion, tuple[Step, ...]]]:
    """A case that has been moved to a newer version was decided on the earlier one too."""
    used = Case.history.filter(id=case.pk).order_by("history_id")
    ids = [*used.values_list("version_id", flat=True), case.version_id]
    earlier = list(dict.fromkeys(pk for pk in ids if pk != case.version_id))
    found = WorkflowVersion.objects.select_related("definition").in_bulk(
        [*earlier, case.version_id]
    )
    return [(found[pk], steps_from_plain(found[pk].steps)) for pk in [*earlier, case.version_id]]


def _submissions_of(case: Case) -> list[int]:
    """The answers of every round, the latest last; whichever kind of case it is."""
    nominated = Nomination.history.filter(case_id=case.pk)
    found = list(nominated.order_by("history_id").values_list("submission_id", flat=True))
    own_kinds = CaseSubmission.objects.filter(case=case).order_by("round")
    found += own_kinds.values_list("submission_id", flat=True)
    return list(dict.fromkeys(found))


def _answers_of(submissions: Sequence[int]) -> list[Mapping[str, Any]]:
    found = dict(Submission.objects.filter(pk__in=submissions).values_list("pk", "answers"))
    return [found[pk] for pk in submissions if pk in found]


def _schema_of(submissions: Sequence[int]) -> FormSchema | None:
    if not submissions:
        return None
    version = FormVersion.objects.filter(submissions=submissions[-1]).first()
    return FormSchema.from_plain(version.schema) if version else None


def _operations(case: Case, changes: Sequence[Change]) -> list[Operation]:
    """Those about the case, and those that changed its own rows; oldest first."""
    # What happened to a shared row, such as the workflow, is not the case's history.
    own = (Case, Decision, StepEvent, Submission)
    touched = {each.operation_id for each in changes if each.model in own}
    version = {
        each.operation_id for each in changes if each.model is WorkflowVersion and each.kind == "+"
    }
    about = Operation.objects.filter(subject=case.reference)
    found = about.union(Operation.objects.filter(pk__in=touched | version))
    return sorted(found, key=lambda each: (each.at, str(each.pk)))


def _assignments(steps: Sequence[Step], items: Sequence[WorkItem]) -> list[RoleAssignment]:
    """Everyone who has ever held a role that decides, where it decides."""
    roles = {role for step in steps for role in step.all_roles()}
    nodes = {node for item in items for node in item.organisation.lineage}
    return list(
        RoleAssignment.objects.filter(role_id__in=roles, organisation_id__in=nodes).order_by(
            "user_id", "pk"
        )
    )


def _delegations(case: Case, assignments: Sequence[RoleAssignment]) -> list[Delegation]:
    """Everyone who has ever stood in for them in cases like this one."""
    return list(
        Delegation.objects.filter(
            Q(case_kind="") | Q(case_kind=case.kind),
            Q(organisation__isnull=True) | Q(organisation__in=case.organisation.lineage),
            giver__in={row.user_id for row in assignments},
        ).order_by("pk")
    )


def _states(changes: Sequence[Change]) -> dict[tuple[type[Model], str], list[Change]]:
    found: dict[tuple[type[Model], str], list[Change]] = {}
    for change in changes:
        found.setdefault((change.model, change.pk), []).append(change)
    return found


def _names(
    case: Case,
    viewer: User,
    decisions: Sequence[Decision],
    operations: Sequence[Operation],
    accounts: set[int],
) -> Names:
    ids: set[int | None] = {case.initiator_id, *accounts}
    for decision in decisions:
        ids |= {decision.actor_id, decision.for_user_id}
    actors = {f"user:{pk}" for pk in ids - {None}} | {each.actor_id for each in operations}
    return Names(frozenset(naming.hidden_actors(actors, viewer)))
