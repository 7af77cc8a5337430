"""The register of what can be decided: rooms above describe their kind of case here.

This room knows cases, steps and decisions. What a case is about – its title,
its facts, what an approval leads to – is answered by the kind that a room above
registers when the application starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.once import once_a_request

if TYPE_CHECKING:
    from people.models import User
    from workflows.models import Case
    from workflows.rules import Step, Verdict

Text = str | Promise


class Event(StrEnum):
    """What has just happened to a case; see :meth:`CaseKind.after`."""

    OPENED = "opened"
    STEP_APPROVED = "step_approved"
    RETURNED = "returned"
    COMPLETED = "completed"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class CaseTitle:
    """How a case is named in lists and at the top of its page."""

    title: str
    subtitle: str = ""


@dataclass(frozen=True)
class FactRow:
    """One fact; ``changed`` marks an answer that differs from the round before."""

    label: Text
    value: Any
    changed: bool = False
    before: Any = None
    # False for what is only ever shown on a page, never printed or passed on.
    on_paper: bool = True


@dataclass(frozen=True)
class FactGroup:
    """Facts under one heading."""

    title: Text
    rows: Sequence[FactRow]


@dataclass(frozen=True)
class Panel:
    """A piece of a page that a room above renders with its own template."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


class CaseKind:
    """One kind of case. Subclass it, set the three attributes, register it.

    Methods that take ``viewer`` answer for that person: names of people with a
    protected identity, and facts that not everyone may see, are the kind's
    responsibility.
    """

    key: str = ""
    name: Text = ""
    # «N» gives the references N-2026-0001, N-2026-0002, …
    prefix: str = ""

    def titles(self, cases: Sequence[Case], viewer: User) -> dict[int, CaseTitle]:
        """Title by the case's id, for many cases in a fixed number of queries."""
        return {case.pk: CaseTitle(case.reference) for case in cases}

    def facts(self, case: Case, viewer: User) -> Sequence[FactGroup]:
        """What is decided on."""
        return []

    def field_labels(self, case: Case) -> Mapping[str, Text]:
        """The fields that a decider may ask about, in the form's order."""
        return {}

    def condition_fields(self) -> Mapping[str, Text]:
        """The data that conditions of steps may ask about, for the editor."""
        return {}

    def edit_url(self, case: Case) -> str:
        """Where the initiator answers the questions of a returned case."""
        return ""

    def panels(self, case: Case, viewer: User) -> Sequence[Panel]:
        """More of the case's page, below the facts."""
        return []

    def work_panels(self, user: User) -> Sequence[Panel]:
        """Tiles at the top of «my work»."""
        return []

    def after(self, case: Case, event: Event) -> None:
        """React to an event, in the transaction of the event itself."""

    def check(self, case: Case, step: Step, verdict: Verdict) -> None:
        """Refuse a verdict by raising :class:`workflows.errors.CannotDecide`."""

    def may_complete(self, case: Case, user: User) -> bool:
        """Who may answer the questions of a returned case."""
        return case.initiator_id == user.pk

    def search(self, text: str) -> Q:
        """Cases of this kind that the text finds, besides reference and organisation."""
        return Q(pk__in=[])

    def extra_visible(self, user: User) -> Q:
        """More cases that the user may see; matches nothing by default."""
        return Q(pk__in=[])


Source = Callable[[], Iterable[CaseKind]]

_kinds: dict[str, CaseKind] = {}
_sources: list[Source] = []


def register(kind: CaseKind) -> CaseKind:
    """Add a kind, from the ``ready`` of the room that owns it.

    :raises ValueError: when the key or the prefix is taken by another kind.
    """
    if not (kind.key and kind.prefix):
        raise ValueError("a kind needs a key and a prefix")
    for other in _kinds.values():
        same = type(other) is type(kind) and other.key == kind.key
        if not same and (other.key == kind.key or other.prefix == kind.prefix):
            raise ValueError(f"{kind.key} ({kind.prefix}) is registered already")
    _kinds[kind.key] = kind
    return kind


def unregister(key: str) -> None:
    """Take a kind away again; only tests need it."""
    _kinds.pop(key, None)


def register_source(source: Source) -> None:
    """Add kinds that are rows: the source is asked for all of them, old ones included.

    A running case finds its kind for as long as the row exists, so a source keeps
    answering for a kind that takes no new cases.
    """
    if source not in _sources:
        _sources.append(source)


def forget_sources() -> None:
    """Ask the sources again; for whoever has just changed what they answer."""
    _from_sources.forget()


@once_a_request
def _from_sources() -> dict[str, CaseKind]:
    """The kinds that are rows: a type that another process has just made is known at once."""
    # What is registered in code wins: a row never takes its place.
    return {kind.key: kind for source in _sources for kind in source() if kind.key not in _kinds}


def kind_of(case: Case) -> CaseKind:
    """The kind of a case; a case of an unknown kind is a fault, not an empty page."""
    return _kinds.get(case.kind) or _from_sources()[case.kind]


def kind_named(key: str) -> CaseKind | None:
    """The kind with the key, if any room has registered it."""
    return _kinds.get(key) or _from_sources().get(key)


def all_kinds() -> list[CaseKind]:
    """Every kind: those of the code in the order of registration, then the sources'."""
    return [*_kinds.values(), *_from_sources().values()]


def collisions(key: str, prefix: str, *, besides: str = "") -> dict[str, str]:
    """What is taken by another kind already, in words by «key» and «prefix».

    :param besides: the key of the row that asks, which does not collide with itself.
    """
    taken: dict[str, str] = {}
    for kind in all_kinds():
        if kind.key == besides and besides not in _kinds:
            continue
        named = {"name": kind.name, "value": key}
        if kind.key == key:
            taken["key"] = _("The key “%(value)s” belongs to “%(name)s”. Choose another.") % named
        if kind.prefix.casefold() == prefix.casefold():
            taken["prefix"] = _(
                "References that begin with “%(value)s” belong to “%(name)s”. Choose other letters."
            ) % {**named, "value": prefix}
    return taken
