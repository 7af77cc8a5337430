"""Who takes the package out: the office, and the auditor, whose has the audit's trail too."""

from people.access import held_by
from people.models import Capability, User


def may_take_out(user: User) -> bool:
    """Whoever manages the programme or audits it."""
    held = held_by(user)
    return held.can(Capability.MANAGE_PROGRAMME) or held.can(Capability.AUDIT)


def with_trail(user: User) -> bool:
    """Whether the package has the audit's trail, which the auditor alone reads."""
    return held_by(user).can(Capability.AUDIT)
