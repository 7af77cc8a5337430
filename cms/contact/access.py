"""Who reads what visitors have written."""

from people.access import NotAllowed, held_by
from people.models import Capability, User

READERS = (Capability.MANAGE_PROGRAMME, Capability.MANAGE_CONTENT)


def may_read(user: User) -> bool:
    """Whether the user answers visitors: the project office and the communicators."""
    held = held_by(user)
    return any(held.can(capability) for capability in READERS)


def ensure_may_read(user: User) -> None:
    """As :func:`may_read`.

    :raises NotAllowed: when not.
    """
    if not may_read(user):
        raise NotAllowed
