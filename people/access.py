"""Who may see and do what, asked by capability and never by a role's name.

A role is held for an organisation and counts there and everywhere below it. One
query reads what an account holds; every page asks the same answer again.
"""

import datetime
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.operations import Actor
from people.models import Capability, Organisation, RoleAssignment, User


class NotAllowed(Exception):
    """The account lacks the capability that the change asks for."""

    message = _("You do not have the role that this takes.")


@dataclass(frozen=True)
class HeldRole:
    """One role, where it is held, and what it lets its holder do."""

    key: str
    organisation_id: int
    organisation_name: str
    capabilities: frozenset[str]


@dataclass(frozen=True)
class Held:
    """Everything an account holds on one day."""

    assignments: tuple[HeldRole, ...] = ()

    @property
    def roles(self) -> tuple[tuple[str, int, str], ...]:
        """Role key, organisation id and organisation name of each held role."""
        return tuple((r.key, r.organisation_id, r.organisation_name) for r in self.assignments)

    def can(self, capability: str) -> bool:
        """Whether the capability is held anywhere at all."""
        return any(capability in role.capabilities for role in self.assignments)

    def any(self) -> bool:
        """Whether any capability is held; a mere participant holds none."""
        return any(role.capabilities for role in self.assignments)

    def only(self, capability: str) -> bool:
        """Whether the capability is held and no other."""
        return {each for role in self.assignments for each in role.capabilities} == {capability}

    def organisation_ids(self, capability: str) -> tuple[int, ...]:
        """Where the capability is held; it counts there and below."""
        return tuple(
            sorted({r.organisation_id for r in self.assignments if capability in r.capabilities})
        )

    def covers(self, capability: str, organisation: Organisation) -> bool:
        """Whether the capability is held for the organisation or somewhere above it."""
        return not set(self.organisation_ids(capability)).isdisjoint(organisation.lineage)


NOTHING = Held()


def held_by(user: User | AnonymousUser | None, on: datetime.date | None = None) -> Held:
    """What the account holds on the day (today when none is given).

    Today's answer is kept on the user object, so a page asks the database once.
    A request loads its user anew: a role that ends takes effect on the next click.
    """
    if not isinstance(user, User) or not user.is_active:
        return NOTHING
    today = timezone.localdate()
    kept: tuple[datetime.date, Held] | None = getattr(user, "_held", None)
    if on in (None, today) and kept is not None and kept[0] == today:
        return kept[1]
    held = _read(user, on or today)
    if on in (None, today):
        user._held = (today, held)  # type: ignore[attr-defined]
    return held


def forget(user: User) -> None:
    """Drop what is kept on the object, after a change in what its account holds."""
    user.__dict__.pop("_held", None)


def _read(user: User, day: datetime.date) -> Held:
    rows = (
        RoleAssignment.objects.on(day)
        .filter(user=user)
        .select_related("role", "organisation")
        .order_by("role_id", "organisation_id")
    )
    return Held(
        tuple(
            HeldRole(
                key=row.role_id,
                organisation_id=row.organisation_id,
                organisation_name=row.organisation.name,
                capabilities=frozenset(row.role.capabilities),
            )
            for row in rows
        )
    )


def below(user: User | AnonymousUser | None, capability: str, field: str = "organisation") -> Q:
    """Rows whose organisation lies where the capability is held, or below.

    :param field: path to the organisation; empty when the rows are organisations.
    """
    ids = list(held_by(user).organisation_ids(capability))
    if not ids:
        return Q(pk__in=[])
    return Q(**{f"{field}__lineage__overlap" if field else "lineage__overlap": ids})


def actor_of(user: User) -> Actor:
    """The account as the history names it: a stable id and the name as text."""
    return Actor(id=f"user:{user.pk}", name=user.get_full_name())


def ensure(user: User, capability: str, organisation: Organisation | None = None) -> None:
    """Refuse unless the capability is held (for the organisation, when one is given).

    :raises NotAllowed: when it is not.
    """
    held = held_by(user)
    allowed = (
        held.can(capability) if organisation is None else held.covers(capability, organisation)
    )
    if not allowed:
        raise NotAllowed


def may_see_protected(viewer: User | AnonymousUser | None, organisation: Organisation) -> bool:
    """Whether the viewer may know who a person with protected identity there is."""
    return held_by(viewer).covers(Capability.SEE_PROTECTED, organisation)
