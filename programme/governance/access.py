"""Who reads and who writes of the project's bodies (R-190, R-195)."""

from people.access import held_by
from people.models import Capability, User
from programme.errors import NotAllowed
from programme.models import Programme


def may_manage(user: User) -> bool:
    """The office keeps the registers, calls meetings and records decisions."""
    return held_by(user).can(Capability.MANAGE_PROGRAMME)


def may_read(user: User, programme: Programme) -> bool:
    """Members, the office, the economist and the auditor read.

    A member holds a role that sees the whole project's totals. A department head sees
    totals of the own administration only, and is no member for that.
    """
    held = held_by(user)
    return (
        held.can(Capability.MANAGE_PROGRAMME)
        or held.can(Capability.AUDIT)
        or held.covers(Capability.SEE_TOTALS, programme.owner)
    )


def ensure_manages(user: User) -> None:
    """Refuse unless the account keeps the registers."""
    if not may_manage(user):
        raise NotAllowed
