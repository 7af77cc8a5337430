"""What the audit knows of the rooms above: a decision for every model, words for operations."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from django.apps import apps
from django.db import models
from django.utils.functional import Promise

from audit import triggers


class Kind(Enum):
    """How a model's rows are treated."""

    TRACKED = auto()
    EVENTS = auto()
    EXEMPT = auto()


@dataclass(frozen=True)
class Decision:
    """What was decided about a model, and why when it is not tracked."""

    kind: Kind
    reason: str = ""
    never_copied: tuple[str, ...] = ()
    no_event: tuple[str, ...] = ()


_decisions: dict[str, Decision] = {}
_words: dict[str, str | Promise] = {}


def exempt(label: str, reason: str) -> None:
    """Leave a model out of the audit trail, and say why."""
    _decide(label, Decision(Kind.EXEMPT, reason))


def events_only(
    label: str, reason: str, *, secret: Sequence[str] = (), exclude: Sequence[str] = ()
) -> None:
    """Record every changed row as an event, but keep no history table of our own.

    For models of other packages, which also write outside operations.

    :param secret: fields whose values are never copied.
    :param exclude: fields that are not copied and whose change alone is no event.
    """
    _decide(label, Decision(Kind.EVENTS, reason, (*secret, *exclude), tuple(exclude)))


def _decide(label: str, decision: Decision) -> None:
    key = label.lower()
    if _decisions.get(key, decision) != decision:
        raise ValueError(f"{label} already has another decision")
    _decisions[key] = decision


def decisions() -> dict[str, Decision]:
    """The decision for every model that has one, by lower-case label."""
    tracked = {
        model._meta.label_lower: Decision(Kind.TRACKED)
        for model in apps.get_models(include_auto_created=True)
        if hasattr(model._meta, "simple_history_manager_attribute")
    }
    return {**_decisions, **tracked}


def tracked_models() -> list[type[models.Model]]:
    """Every model with history."""
    return [
        apps.get_model(label)
        for label, decision in decisions().items()
        if decision.kind is Kind.TRACKED
    ]


def triggers_of(model: type[models.Model]) -> list[triggers.AlwaysTrigger]:
    """The audit triggers a model's table must have."""
    decision = _decisions.get(model._meta.label_lower)
    if decision is not None and decision.kind is Kind.EVENTS:
        return [
            triggers.event(
                triggers.primary_key_of(model),
                triggers.columns_of(model, decision.never_copied),
                triggers.columns_of(model, decision.no_event),
            ),
            triggers.no_truncate(triggers.NO_TRUNCATE),
        ]
    own = getattr(model._meta, "triggers", [])
    return [trigger for trigger in own if isinstance(trigger, triggers.AlwaysTrigger)]


def register_operation(name: str, words: str | Promise) -> None:
    """Give an operation's dotted name the words people read."""
    if _words.get(name, words) != words:
        raise ValueError(f"{name} already has other words")
    _words[name] = words


def describe(name: str) -> str:
    """An operation's words; its name when nobody has given it any."""
    return str(_words.get(name, name))


def operation_names() -> list[tuple[str, str]]:
    """Every registered operation with its words, in the words' order."""
    return sorted(((name, str(words)) for name, words in _words.items()), key=lambda one: one[1])
