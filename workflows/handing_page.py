"""Who a step can be handed to, the nearest first, for the page where it is done."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Case as CaseWhen
from django.db.models import IntegerField, Min, Q, QuerySet, Value, When
from django.utils import timezone

from people.models import Organisation, RoleAssignment, User
from workflows.actions import engine
from workflows.actions.handing import eligible
from workflows.rules import Step

SHOWN = 20


def found(run: engine.Run, step: Step, viewer: User, text: str) -> tuple[Sequence[User], bool]:
    """The nearest people whose name matches, and whether there are more."""
    users = named_like(eligible(run, step, besides=viewer), text)
    rows = list(_nearest_first(users, step, run.case.organisation)[: SHOWN + 1])
    held = (
        RoleAssignment.objects.on(timezone.localdate())
        .filter(user__in=rows, role_id__in=step.all_roles())
        .select_related("role", "organisation")
        .order_by("role__name", "organisation__name")
    )
    where: dict[int, list[str]] = {}
    for row in held:
        where.setdefault(row.user_id, []).append(f"{row.role.name}, {row.organisation.name}")
    for user in rows:
        user.where_words = "; ".join(where.get(user.pk, []))  # type: ignore[attr-defined]
    return rows[:SHOWN], len(rows) > SHOWN


def named_like(users: QuerySet[User], text: str) -> QuerySet[User]:
    """Those whose name has every word; a whole address finds its one account."""
    words = text.replace("\x00", "").split()[:5]
    if len(words) == 1 and "@" in words[0]:
        return users.filter(email__iexact=words[0])
    for word in words:
        users = users.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
    return users


def _nearest_first(users: QuerySet[User], step: Step, organisation: Organisation) -> QuerySet[User]:
    """Those who hold the role above the case's unit, then near it, then by name."""
    steps_away = [
        When(assignments__organisation_id=node, then=Value(n))
        for n, node in enumerate(reversed(organisation.lineage))
    ]
    # The nearer the common ancestor, the nearer the colleague; the city is everyone's.
    beside = [
        When(assignments__organisation__lineage__contains=[node], then=Value(10 + n))
        for n, node in enumerate(reversed(organisation.lineage))
    ]
    away = CaseWhen(*steps_away, *beside, default=Value(99), output_field=IntegerField())
    mine = Q(assignments__role_id__in=step.all_roles())
    return users.annotate(away=Min(away, filter=mine)).order_by(
        "away", "last_name", "first_name", "pk"
    )
