"""Who may know of a case, and who may decide in it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core import lean
from people.access import held_by
from people.models import Capability, Organisation, User
from people.queries import Holder, responsibility
from workflows import kinds
from workflows.rules import Step, Verdict

if TYPE_CHECKING:
    from workflows.models import Case, Delegation, WorkItem

SEES_CASES = (Capability.SEE_CASES, Capability.NOMINATE, Capability.PLACE, Capability.AUDIT)


def visible(user: User | AnonymousUser) -> Q:
    """The cases a user may know of; used by :meth:`Case.objects.visible_to`.

    Those they started, those about themselves, those below an organisation
    where a role of theirs sees cases, those that wait for them or that they
    have decided in, and what the kinds add.
    """
    from workflows.models import Decision, WorkItem

    if not isinstance(user, User) or not user.is_active:
        return Q(pk__in=[])
    q: Any = Q(initiator=user) | Q(concerns__user=user)
    held = held_by(user)
    above = {pk for capability in SEES_CASES for pk in held.organisation_ids(capability)}
    if above:
        q |= Q(organisation__lineage__overlap=sorted(above))
    q |= Exists(Decision.objects.filter(case=OuterRef("pk"), actor=user))
    if held.roles or delegations_to(user):
        waiting = WorkItem.objects.filter(answers_for(user), closed_at__isnull=True)
        q |= Exists(waiting.filter(case=OuterRef("pk")))
    for kind in kinds.all_kinds():
        q |= kind.extra_visible(user)
    return cast(Q, q)


def answers_for(user: User) -> Q:
    """Work items that the user may be the one to decide today.

    Those handed to them, and those whose role makes them the nearest holder, as
    the one who decides or the one called in because it is late: in their own
    name or as a deputy.
    """
    q = Q(assigned_to=user)
    for role, organisation_ids in responsibility_of(user):
        q |= _held(role, organisation_ids)
    for delegation in delegations_to(user):
        scope = Q(case__kind=delegation.case_kind) if delegation.case_kind else Q()
        if delegation.organisation_id:
            scope &= Q(case__organisation__lineage__contains=[delegation.organisation_id])
        scope &= not_barred(delegation.giver)
        for role, organisation_ids in responsibility_of(delegation.giver):
            q |= _held(role, organisation_ids) & scope
    return q


def deputy_for(item: WorkItem, user: User) -> str:
    """For whom the user would decide what waits; nothing when it is for themselves.

    The same answer as :func:`answers_for`, without asking the database again.
    """
    if item.assigned_to_id == user.pk or _is_held(item, responsibility_of(user)):
        return ""
    for delegation in delegations_to(user):
        barred = item.case.initiator_id == delegation.giver_id
        covered = delegation.covers(item.case.kind, item.case.organisation)
        if covered and not barred and _is_held(item, responsibility_of(delegation.giver)):
            return delegation.giver.get_full_name()
    return ""


def _is_held(item: WorkItem, responsible: Sequence[tuple[str, Collection[int]]]) -> bool:
    for role, nodes in responsible:
        if item.assigned_to_id is None and item.role_id == role and item.organisation_id in nodes:
            return True
        if item.escalated_role_id == role and item.escalated_organisation_id in nodes:
            return True
    return False


def not_barred(user: User) -> Q:
    """Work items in cases where nothing keeps the user from deciding.

    They did not start the case, it is not about them, and they have not decided in
    it, except to ask the question that has now been answered.
    """
    from workflows.models import Decision

    earlier = Decision.objects.filter(
        Q(actor=user) | Q(for_user=user), case=OuterRef("case_id"), era=OuterRef("case__era")
    ).exclude(
        # Whoever asked is asked again when the answer has come.
        step_key=OuterRef("step_key"),
        verdict=Verdict.RETURN.value,
        round__lt=OuterRef("round"),
    )
    concerned = Q(case__concerns__isnull=False) & Q(case__concerns__user=user)
    return cast(Q, ~Q(case__initiator=user) & ~concerned & ~Exists(earlier))


def _held(role: str, organisation_ids: Collection[int]) -> Q:
    """What waits for a role at some organisations, and has not been handed to someone."""
    if not organisation_ids:
        return Q(pk__in=[])
    waits = Q(role_id=role, organisation_id__in=organisation_ids, assigned_to__isnull=True)
    late = Q(escalated_role_id=role, escalated_organisation_id__in=organisation_ids)
    return waits | late


def delegations_to(user: User) -> list[Delegation]:
    """Those the user acts for today, kept on the user object for one request."""
    from workflows.models import Delegation

    today = timezone.localdate()
    kept: tuple[datetime.date, list[Delegation]] | None
    kept = getattr(user, "_acts_for", None)
    if kept is None or kept[0] != today:
        found = Delegation.objects.on(today).filter(deputy=user, giver__is_active=True)
        kept = (today, list(found.select_related("giver")))
        user._acts_for = kept  # type: ignore[attr-defined]
    return kept[1]


def responsibility_of(user: User) -> list[tuple[str, list[int]]]:
    """What the user answers for today, kept on the user object for one request."""
    today = timezone.localdate()
    kept: tuple[datetime.date, list[tuple[str, list[int]]]] | None
    kept = getattr(user, "_answers_for", None)
    if kept is None or kept[0] != today:
        kept = (today, responsibility(user, today))
        user._answers_for = kept  # type: ignore[attr-defined]
    return kept[1]


@dataclass(frozen=True)
class Decider(Holder):
    """Someone who may decide: the holder of a role, or the holder's deputy."""

    # Whose deputy this is; the role is that person's.
    for_user_id: int | None = None
    for_name: str = ""

    @property
    def seat_of(self) -> int:
        """Whose approval it is: the holder's, whoever gives it."""
        return self.for_user_id or self.user_id


@dataclass(frozen=True)
class Resolved:
    """Who may decide a step, and the work item's role and organisation."""

    step: Step
    role: str
    organisation_id: int
    holders: tuple[Decider, ...]

    def holder(self, user: User) -> Decider | None:
        """The user's own place among the holders; their own role goes before a deputy's."""
        return next((holder for holder in self.holders if holder.user_id == user.pk), None)

    def seats(self) -> int:
        """How many approvals there can be: a deputy adds none."""
        return len({holder.seat_of for holder in self.holders})


Levels = dict[tuple[str, int], list[Decider]]


def levels(
    roles: Collection[str],
    organisation: Organisation,
    *,
    on: datetime.date,
    case_kind: str = "",
) -> Levels:
    """Everyone who holds one of the roles, from the organisation upwards, by role and level.

    The same answer as :func:`people.queries.holders_for_many`, with the deputies of
    the day, for all the steps of a workflow in one lean statement: every decision
    asks for it.
    """
    with lean.prepared() as cursor:
        # Listed one by one: adapting a Python list to an array costs more than the query.
        lineage = _marks(organisation.lineage)
        sql = _LEVELS % (lineage, _marks(roles), lineage)
        cursor.execute(
            sql, [on, on, case_kind, *organisation.lineage, *roles, *organisation.lineage, on, on]
        )
        rows = cursor.fetchall()
    found: Levels = {}
    deputies: list[Decider] = []
    for role, org, user_id, first, last, email, role_name, org_name, deputy in rows:
        name = f"{first} {last}".strip() or email
        add_to(found, Decider(user_id, name, email, role, role_name, org, org_name))
        if deputy is not None:
            own = f"{deputy['first_name']} {deputy['last_name']}".strip() or deputy["email"]
            where = (role, role_name, org, org_name)
            deputies.append(Decider(deputy["id"], own, deputy["email"], *where, user_id, name))
    for acting in deputies:
        add_to(found, acting)
    return found


def deputy_of(holder: Decider, deputy: User) -> Decider:
    """The deputy with the holder's role."""
    return replace(
        holder,
        user_id=deputy.pk,
        name=deputy.get_full_name(),
        email=deputy.email,
        for_user_id=holder.user_id,
        for_name=holder.name,
    )


def add_to(found: Levels, decider: Decider) -> None:
    """Each person once at a place in their own name, and once for each they are deputy of."""
    there = found.setdefault((decider.role_key, decider.organisation_id), [])
    if all((o.user_id, o.for_user_id) != (decider.user_id, decider.for_user_id) for o in there):
        there.append(decider)


def _once_each(deciders: Sequence[Decider]) -> tuple[Decider, ...]:
    """Each person once: the first word counts, their own before a deputy's."""
    first: dict[int, Decider] = {}
    for decider in deciders:
        first.setdefault(decider.user_id, decider)
    return tuple(first.values())


def _marks(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values)) or "NULL"


# Names by sub-query: joined, the two tables would double the time it takes to plan.
_LEVELS = """
    SELECT a.role_id, a.organisation_id, u.id, u.first_name, u.last_name, u.email,
      (SELECT r.name FROM people_role r WHERE r.key = a.role_id),
      (SELECT o.name FROM people_organisation o WHERE o.id = a.organisation_id),
      (SELECT json_build_object('id', x.id, 'first_name', x.first_name,
         'last_name', x.last_name, 'email', x.email)
       FROM people_user x WHERE x.id = d.deputy_id AND x.is_active)
    FROM people_roleassignment a
    JOIN people_user u ON u.id = a.user_id AND u.is_active
    LEFT JOIN workflows_delegation d ON d.giver_id = a.user_id
      AND d.valid_from <= %%s AND d.valid_to >= %%s AND d.ended_at IS NULL
      AND d.case_kind IN ('', %%s)
      AND (d.organisation_id IS NULL OR d.organisation_id IN (%s))
    WHERE a.role_id IN (%s) AND a.organisation_id IN (%s)
      AND a.valid_from <= %%s AND (a.valid_to IS NULL OR a.valid_to >= %%s)
    ORDER BY u.last_name, u.first_name, u.id, d.id
"""


def resolve(
    steps: Sequence[Step],
    organisation: Organisation,
    *,
    among: Levels,
    excluding: frozenset[int],
) -> dict[str, Resolved]:
    """Who decides each step: the nearest holders upwards, then those of the fallback role.

    Levels whose only holders are excluded pass the step on upwards. A step that
    nobody may decide is left out.
    """
    found: dict[str, Resolved] = {}
    for step in steps:
        for role in step.roles():
            held = [node for node in reversed(organisation.lineage) if (role, node) in among]
            for node in held:
                # Only then each once: a deputy of two may decide for the one who is not barred.
                allowed = _once_each(
                    [
                        h
                        for h in among[(role, node)]
                        if h.user_id not in excluding and h.for_user_id not in excluding
                    ]
                )
                if allowed:
                    # The nearest level answers for the case's own unit: should someone
                    # nearer get the role, it becomes theirs.
                    where = organisation.pk if node == held[0] else node
                    found[step.key] = Resolved(step, role, where, allowed)
                    break
            if step.key in found:
                break
    return found


def kept_apart(case: Case) -> frozenset[int]:
    """The accounts that never decide in the case: who started it and whom it is about."""
    concerned = case.concerns.user_id if case.concerns is not None else None
    return frozenset({case.initiator_id} | ({concerned} if concerned else set()))
