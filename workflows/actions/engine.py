"""What the case actions share: the locked case, its replay, and moving it on."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from core import lean
from core.workdays import add_working_days
from people.models import Organisation, RoleAssignment, User
from workflows import access, notices
from workflows.errors import CannotDecide
from workflows.models import Case, CaseCounter, Decision, WorkItem
from workflows.rules import (
    Given,
    Mode,
    Place,
    Position,
    Step,
    Verdict,
    needed_for,
    position_after,
)
from workflows.versions import steps_of


@dataclass
class Run:
    """A case with its decisions in order and its work items, read while its row is locked."""

    case: Case
    decisions: list[Decision]
    # The work items that are open, and those of steps that all must approve.
    items: list[WorkItem]
    _levels: access.Levels | None = None
    # The roles held today by those to whom a step has been handed, when known already.
    _handed: dict[int, set[str]] | None = None

    @property
    def levels(self) -> access.Levels:
        """Who holds the roles of the workflow today; asked once an action."""
        if self._levels is None:
            case = self.case
            roles = {role for step in steps_of(case.version_id) for role in step.all_roles()}
            self._levels = access.levels(
                roles, case.organisation, on=timezone.localdate(), case_kind=case.kind
            )
        return self._levels

    def position(self) -> Position:
        """Where the case stands after the decisions so far."""
        steps = steps_of(self.case.version_id)
        # Only where all must approve does the number depend on when the step began to
        # wait; other steps' items may be left from an earlier version.
        everyone = {step.key for step in steps if step.mode is Mode.ALL}
        return position_after(
            steps,
            given_by(self.decisions),
            self.case.data,
            round=self.case.round,
            era=self.case.era,
            needed={item.step_key: item.needed for item in self.items if item.step_key in everyone},
        )

    def item(self, step_key: str) -> WorkItem | None:
        """The open work item of a step."""
        for item in self.items:
            if item.step_key == step_key and item.closed_at is None:
                return item
        return None

    def excluded(self, step: Step) -> frozenset[int]:
        """Who may not decide the step: kept apart, or has decided in the case already.

        Whoever returned the case at this very step is asked again, since the
        answer is for them. Decisions on data that has changed since bind nobody.
        """
        earlier: set[int] = set()
        for d in self.decisions:
            again = d.step_key == step.key and d.verdict != Verdict.APPROVE
            if d.era == self.case.era and not (again and d.round != self.case.round):
                earlier.update(pk for pk in (d.actor_id, d.for_user_id) if pk is not None)
        return access.kept_apart(self.case) | earlier

    def resolve(self, steps: Sequence[Step], step: Step) -> dict[str, access.Resolved]:
        """Who may decide, with the exclusions of the step that is decided or begins."""
        return access.resolve(
            steps,
            self.case.organisation,
            among=self.levels,
            excluding=self.excluded(step),
        )

    def deciders(self, step: Step) -> access.Resolved | None:
        """Who may decide a step that waits: its holders, or whom it was handed or escalated to."""
        resolved = self.resolve([step], step).get(step.key)
        item = self.item(step.key)
        if item is None or (item.assigned_to_id is None and item.escalated_role_id is None):
            return resolved
        holders = resolved.holders if resolved else ()
        if item.assigned_to is not None and self.still_holds(step, item.assigned_to):
            apart = item.assigned_to_id in self.excluded(step)
            holders = () if apart else (_handed_to(item),)
        if item.escalated_role_id is not None:
            late = self.late_deciders(step, item.escalated_role_id, holders)
            holders += late.holders if late else ()
        if not holders:
            return None
        return access.Resolved(step, item.role_id, item.organisation_id, holders)

    def still_holds(self, step: Step, user: User) -> bool:
        """Whether someone to whom the step was handed may still decide it."""
        if not user.is_active:
            return False
        if self._handed is None:
            handed = {item.assigned_to_id for item in self.items if item.assigned_to_id}
            self._handed = roles_of(handed)
        return not self._handed.get(user.pk, set()).isdisjoint(step.all_roles())

    def late_deciders(
        self, step: Step, role: str, besides: Sequence[access.Decider]
    ) -> access.Resolved | None:
        """Who may decide too when the step is late: the nearest others who hold the role."""
        return access.resolve(
            [replace(step, role=role, fallback_role=None)],
            self.case.organisation,
            among=self.levels,
            excluding=self.excluded(step) | {holder.user_id for holder in besides},
        ).get(step.key)


def roles_of(users: Collection[int]) -> dict[int, set[str]]:
    """The roles that each of the accounts holds today, in one query; none for nobody."""
    found: dict[int, set[str]] = {}
    if users:
        held = RoleAssignment.objects.on(timezone.localdate()).filter(user_id__in=users)
        for user_id, role in held.values_list("user_id", "role_id"):
            found.setdefault(user_id, set()).add(role)
    return found


def _handed_to(item: WorkItem) -> access.Decider:
    """Whoever the step was handed to, with the step's role."""
    user = item.assigned_to
    assert user is not None
    return access.Decider(
        user_id=user.pk,
        name=user.get_full_name(),
        email=user.email,
        role_key=item.role_id,
        role_name=item.role.name,
        organisation_id=item.organisation_id,
        organisation_name=item.organisation.name,
    )


def given_by(decisions: Sequence[Decision]) -> list[Given]:
    """The decisions as the replay knows them."""
    return [Given(d.step_key, Verdict(d.verdict), d.round, d.era) for d in decisions]


def read(case: Case) -> Run:
    """The case as it stands, without a lock: for pages and previews."""
    return Run(case, list(case.decisions.all()), items_of(case))


def locked(case_id: int) -> Run:
    """Lock the case, then read what has been decided: the order that races need."""
    found, decisions, items = lean.select_together(
        lean.Reading(
            Case,
            "WHERE t.id = %s FOR UPDATE OF t",
            [case_id],
            ("organisation", "initiator", "concerns"),
        ),
        lean.Reading(Decision, "WHERE case_id = %s ORDER BY decided_at, t.id", [case_id]),
        lean.Reading(WorkItem, "WHERE case_id = %s ORDER BY round, t.id", [case_id]),
    )
    if not found:
        raise Case.DoesNotExist
    (case,) = found
    return Run(case, decisions, _that_matter(case, items))


def items_of(case: Case) -> list[WorkItem]:
    """The open work items, and the earlier ones of steps that all must approve."""
    rows = lean.select(WorkItem, "WHERE case_id = %s ORDER BY round, t.id", [case.pk])
    return _that_matter(case, rows)


def _that_matter(case: Case, items: Sequence[WorkItem]) -> list[WorkItem]:
    everyone = any(step.mode is Mode.ALL for step in steps_of(case.version_id))
    return [item for item in items if everyone or item.closed_at is None]


def next_reference(prefix: str, year: int) -> str:
    """The next number of the series; its row stays locked until the case is committed.

    So the series has neither gaps nor doubles: a rolled-back case gives its
    number back.
    """
    series = f"{prefix}-{year}"
    with lean.prepared() as cursor:
        cursor.execute(
            f'INSERT INTO "{CaseCounter._meta.db_table}" (series, last) VALUES (%s, 1)'
            " ON CONFLICT (series) DO UPDATE"
            f' SET last = "{CaseCounter._meta.db_table}".last + 1 RETURNING last',
            [series],
        )
        number = cursor.fetchone()[0]
    return f"{series}-{number:04d}"


def begin_waiting(run: Run, position: Position, now: datetime.datetime) -> None:
    """Open the work items of the steps the case has come to, and tell those who decide.

    Steps that waited already, beside the one that was decided, go on waiting.

    :raises CannotDecide: when nobody may decide one of the steps.
    """
    for place, resolved in beginning(run, position):
        if resolved is None or not enough(place.step, resolved, place.approvals):
            raise CannotDecide(nobody_message(place.step, run.case.organisation))
        wait_for(run, place, resolved, now)


def beginning(run: Run, position: Position) -> list[tuple[Place, access.Resolved | None]]:
    """The steps that begin to wait at the position, and who decides each."""
    fresh = [place for place in position.places if run.item(place.step.key) is None]
    return [(place, run.resolve([place.step], place.step).get(place.step.key)) for place in fresh]


def wait_for(run: Run, place: Place, resolved: access.Resolved, now: datetime.datetime) -> None:
    """Open one step's work item, when it is known who decides."""
    case, step = run.case, place.step
    item = WorkItem(
        case=case,
        round=case.round,
        step_key=step.key,
        step_name=step.name,
        role_id=resolved.role,
        organisation_id=resolved.organisation_id,
        needed=needed_for(step, place.approvals + resolved.seats()),
        due_on=add_working_days(timezone.localdate(now), step.working_days),
        opened_at=now,
    )
    lean.insert([item])
    run.items.append(item)
    notices.waiting(case, item, resolved.holders)


def enough(step: Step, resolved: access.Resolved | None, approvals: int = 0) -> bool:
    """Whether so many can decide the step as it takes to get past it."""
    if resolved is None:
        return False
    return step.mode is not Mode.K_OF_N or approvals + resolved.seats() >= step.k


def close_waiting(run: Run, now: datetime.datetime) -> None:
    """Nothing waits for a decider any more."""
    statement = closing(run, now)
    if statement is not None:
        with lean.prepared() as cursor:
            cursor.execute(*statement)


def closing(
    run: Run, now: datetime.datetime, *, keeping: Collection[str] = frozenset()
) -> lean.Statement | None:
    """What closes the work items, except those of the steps that are kept; none if none is open."""
    items = [i for i in run.items if i.closed_at is None and i.step_key not in keeping]
    if not items:
        return None
    for item in items:
        item.closed_at = now
    return (
        f'UPDATE "{WorkItem._meta.db_table}" SET closed_at = %s'
        f" WHERE id IN ({', '.join(['%s'] * len(items))})",
        [now, *(item.pk for item in items)],
    )


def nobody_message(step: Step, organisation: Organisation) -> str:
    """Which step has nobody, for which unit, and what to do."""
    return _(
        "Nobody can decide the step “%(step)s” for %(unit)s. "
        "Ask the project office to give someone the role."
    ) % {"step": step.name, "unit": organisation.name}


def held_in_words(holder: access.Decider) -> str:
    """The role that decides, and where it is held."""
    return f"{holder.role_name}, {holder.organisation_name}"[:160]


def finishing(run: Run, position: Position, now: datetime.datetime) -> lean.Statement | None:
    """What writes the state where the replay ended, if it differs from the row's."""
    case = run.case
    if case.state == position.state.value:
        return None
    case.state = position.state.value
    fields = ["state"]
    if case.state in (Case.State.APPROVED, Case.State.DECLINED):
        case.closed_at = now
        fields.append("closed_at")
    return lean.updating(case, fields)
