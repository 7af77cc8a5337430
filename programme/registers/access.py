"""Who sees, writes and defines registers; what is not seen does not exist."""

from django.db.models import Q, QuerySet

from people.access import held_by
from people.models import Capability, User
from programme.errors import NotAllowed
from programme.models import Register


def _roles(user: User) -> list[str]:
    return sorted({role.key for role in held_by(user).assignments})


def may_define(user: User) -> bool:
    """Whether the account makes registers, changes them and freezes versions."""
    return held_by(user).can(Capability.MANAGE_PROGRAMME)


def ensure_may_define(user: User) -> None:
    """Refuse those who may not.

    :raises NotAllowed: when the account lacks the capability.
    """
    if not may_define(user):
        raise NotAllowed


def may_write(user: User, register: Register) -> bool:
    """The office, and the roles that the register names as writers."""
    return may_define(user) or not set(_roles(user)).isdisjoint(register.writers)


def ensure_may_write(user: User, register: Register) -> None:
    """Refuse those who may not.

    :raises NotAllowed: when no role held is a writer's.
    """
    if not may_write(user, register):
        raise NotAllowed


def registers_seen_by(user: User) -> QuerySet[Register]:
    """All for the office and the auditor; for others those that name a role they hold."""
    held = held_by(user)
    if held.can(Capability.MANAGE_PROGRAMME) or held.can(Capability.AUDIT):
        return Register.objects.all()
    roles = _roles(user)
    if not roles:
        return Register.objects.none()
    return Register.objects.filter(Q(readers__overlap=roles) | Q(writers__overlap=roles))


def sees_any(user: User) -> bool:
    """Whether there is a register to show; asks the database only about those in between."""
    held = held_by(user)
    if held.can(Capability.MANAGE_PROGRAMME) or held.can(Capability.AUDIT):
        return True
    return bool(held.assignments) and registers_seen_by(user).exists()
