"""The kinds of messages the portal sends: their name, how they are sent, their first words.

Rooms above register theirs when the application starts. A kind that nobody has
registered is sent as it was queued, and at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

from workflows.mailing.rules import Importance

Text = str | Promise


@dataclass(frozen=True)
class Placeholder:
    """Something that differs from message to message: its word for staff, and a sample."""

    word: Text
    sample: Text


@dataclass(frozen=True)
class MessageKind:
    """One kind of message that the portal itself sends."""

    key: str
    name: Text
    # To whom and when, in a sentence that staff read beside the words.
    rule: Text
    importance: Importance = Importance.MUST_KNOW
    # It tells of a decision: staff may let it wait as a draft until a colleague has read it.
    decides: bool = False
    placeholders: Mapping[str, Placeholder] = field(default_factory=dict)
    # The first words, with placeholders by their keys in braces; empty where staff
    # may not change them (an account's mails carry a key of their own).
    subject: Text = ""
    body: Text = ""

    @property
    def may_be_worded(self) -> bool:
        """Whether staff may change its words."""
        return bool(self.subject)


_kinds: dict[str, MessageKind] = {}


def register(*kinds: MessageKind) -> None:
    """Add kinds, from the ``ready`` of the room that sends them.

    :raises ValueError: when a key is taken by another kind.
    """
    for kind in kinds:
        if _kinds.get(kind.key, kind) != kind:
            raise ValueError(f"{kind.key} is registered already")
        _kinds[kind.key] = kind


_areas: dict[str, Text] = {}


def register_area(prefix: str, name: Text) -> None:
    """What kinds whose key begins with the prefix are about; staff read them together."""
    _areas[prefix] = name


def areas() -> dict[str, Text]:
    """The areas by prefix, in the order they came."""
    return dict(_areas)


def kind_named(key: str) -> MessageKind | None:
    """The kind with the key."""
    return _kinds.get(key)


def worded_kinds() -> list[MessageKind]:
    """Every kind whose words staff may change, by name."""
    return sorted(
        (kind for kind in _kinds.values() if kind.may_be_worded), key=lambda one: str(one.name)
    )


def decision_kinds() -> list[MessageKind]:
    """Every kind that tells of a decision, by name."""
    return sorted((kind for kind in _kinds.values() if kind.decides), key=lambda one: str(one.name))


def importance_of(key: str) -> Importance:
    """How the kind is sent; what is not registered must be known."""
    kind = _kinds.get(key)
    return kind.importance if kind else Importance.MUST_KNOW
