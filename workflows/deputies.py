"""Deputies as the pages list them, and accounts found by name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from people.models import RoleAssignment, User
from workflows import kinds
from workflows.handing_page import named_like
from workflows.models import Delegation
from workflows.queries import Tag

SHOWN = 20
LISTED = 100


@dataclass(frozen=True)
class Line:
    """One deputy's time in words."""

    delegation: Delegation
    giver: str
    deputy: str
    kind: str | Promise
    where: str
    tag: Tag
    may_end: bool


def current() -> QuerySet[Delegation]:
    """Those that hold or are to come."""
    return Delegation.objects.not_ended().filter(valid_to__gte=timezone.localdate())


def lines(delegations: QuerySet[Delegation]) -> list[Line]:
    """The latest ones in words, in one query."""
    found = delegations.select_related("giver", "deputy", "organisation")[:LISTED]
    return [line(delegation) for delegation in found]


def line(delegation: Delegation) -> Line:
    """One in words."""
    today = timezone.localdate()
    over = delegation.ended_at is not None or delegation.valid_to < today
    if delegation.ended_at is not None:
        tag = Tag(_("ended early"), "grey")
    elif over:
        tag = Tag(_("over"), "grey")
    elif delegation.valid_from > today:
        tag = Tag(_("to come"), "teal")
    else:
        tag = Tag(_("holds now"), "green")
    kind = kinds.kind_named(delegation.case_kind) if delegation.case_kind else None
    where = delegation.organisation
    return Line(
        delegation,
        delegation.giver.get_full_name(),
        delegation.deputy.get_full_name(),
        kind.name if kind else delegation.case_kind or _("All kinds"),
        where.name if where else _("Everywhere"),
        tag,
        not over,
    )


def account(public_id: str) -> User | None:
    """The active account with the reference, if there is one to be found."""
    if not public_id:
        return None
    return _findable().filter(public_id=public_id.replace("\x00", "")).first()


def _findable() -> QuerySet[User]:
    """Those who hold a role today: participants are nobody's business here.

    Nobody with a protected identity is named in a list that others read.
    """
    held = RoleAssignment.objects.on(timezone.localdate())
    open_to_all = Q(person__isnull=True) | Q(person__protected=False)
    return User.objects.filter(open_to_all, is_active=True, pk__in=held.values("user"))


def accounts_named(text: str, besides: Collection[int]) -> tuple[Sequence[User], bool]:
    """People whose name has every word, and whether there are more; nobody without a search."""
    if len(text) < 2:
        return [], False
    users = named_like(_findable().exclude(pk__in=besides), text)
    held = RoleAssignment.objects.on(timezone.localdate())
    rows = list(users.order_by("last_name", "first_name", "pk")[: SHOWN + 1])
    roles: dict[int, list[str]] = {}
    for row in (
        held.filter(user__in=rows)
        .select_related("role", "organisation")
        .order_by("role__name", "organisation__name")
    ):
        roles.setdefault(row.user_id, []).append(f"{row.role.name}, {row.organisation.name}")
    for user in rows:
        user.where_words = "; ".join(roles.get(user.pk, [])[:3])  # type: ignore[attr-defined]
    return rows[:SHOWN], len(rows) > SHOWN
