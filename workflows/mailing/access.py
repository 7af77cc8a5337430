"""Who words messages, and who sends them to many."""

from people.access import NotAllowed, held_by
from people.models import Capability, User


def may_word(user: User) -> bool:
    """Whether the user may change texts and the plan."""
    held = held_by(user)
    return held.can(Capability.MANAGE_CONTENT) or held.can(Capability.MANAGE_PROGRAMME)


def may_send(user: User) -> bool:
    """Whether the user may write to many: those who may know who the readers are."""
    return held_by(user).can(Capability.MANAGE_PROGRAMME)


def ensure_words(user: User) -> None:
    """:raises NotAllowed: unless the user words messages."""
    if not may_word(user):
        raise NotAllowed


def ensure_sends(user: User) -> None:
    """:raises NotAllowed: unless the user sends to many."""
    if not may_send(user):
        raise NotAllowed
