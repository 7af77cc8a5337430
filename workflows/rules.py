"""Where a case stands, as a pure function of its frozen steps and the verdicts so far.

Nothing here reads the database, the clock or the settings, so the same replay
serves the engine, the drawn picture, the simulation of a draft and the tests.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from core import conditions
from core.erasure import is_erased, mark


class Mode(StrEnum):
    """How many of those who hold the role must approve."""

    ANY = "any"
    ALL = "all"
    K_OF_N = "k_of_n"


class Verdict(StrEnum):
    """What someone can answer at a step."""

    APPROVE = "approve"
    RETURN = "return"
    DECLINE = "decline"


class State(StrEnum):
    """Where the replay ends; being withdrawn and having lapsed are states it cannot reach."""

    WAITING = "waiting"
    RETURNED = "returned"
    APPROVED = "approved"
    DECLINED = "declined"


#: Where the data keep which steps applied before an answer was erased; no question's key
#: begins like this.
HELD = "_held"
ALL_VERDICTS = (Verdict.APPROVE, Verdict.RETURN, Verdict.DECLINE)


@dataclass(frozen=True)
class Step:
    """One step of a published workflow."""

    key: str
    name: str
    role: str
    mode: Mode = Mode.ANY
    k: int = 1
    condition: Any = None  # a core.conditions tree; None means always
    working_days: int = 5
    verdicts: tuple[Verdict, ...] = ALL_VERDICTS
    # The initiator's submission counts as the approval when they hold the role.
    met_by_submission: bool = False
    fallback_role: str | None = None
    # Steps in a row that name branches run beside each other, branch by branch.
    branch: str = ""
    # Working days before the due day on which those who decide are reminded; None means never.
    remind_before: int | None = 1
    # The role that may decide too when the step is late, and after how many working days.
    escalate_to: str | None = None
    escalate_after: int = 2
    # Working days of further silence after which the case lapses; None means never.
    lapse_after: int | None = None

    def roles(self) -> tuple[str, ...]:
        """The role that decides, then the one that steps in when nobody is left."""
        return (self.role, self.fallback_role) if self.fallback_role else (self.role,)

    def all_roles(self) -> tuple[str, ...]:
        """Everyone who can come to decide, also when it is late."""
        return (*self.roles(), self.escalate_to) if self.escalate_to else self.roles()

    def applies_to(self, data: Mapping[str, Any]) -> bool:
        """Whether the step's condition holds for the case's data.

        Once an answer that it asks about has been erased, what held before that still does.
        """
        held = data.get(HELD, {})
        if self.key in held and any(is_erased(data.get(one)) for one in self.asks()):
            return bool(held[self.key])
        return conditions.evaluate(self.condition, data)

    def asks(self) -> frozenset[str]:
        """The keys of the data that the condition asks about."""
        return frozenset(conditions.fields_of(self.condition))


class HasBranch(Protocol):
    """A step, or the box that is drawn for it."""

    @property
    def branch(self) -> str: ...


Branched = TypeVar("Branched", bound=HasBranch)


@dataclass(frozen=True)
class Given:
    """A verdict that has been given."""

    step_key: str
    verdict: Verdict
    round: int = 1
    # Counts up when material data changes; approvals of an earlier era count no more.
    era: int = 1


@dataclass(frozen=True)
class Place:
    """A step where a case is, with the approvals it has there and those it needs."""

    step: Step
    approvals: int = 0
    needed: int = 1


@dataclass(frozen=True)
class Position:
    """Where a case stands in its steps."""

    state: State
    # The steps that wait at the same time, or the one that was returned or declined.
    places: tuple[Place, ...] = ()
    done: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    def place(self, step_key: str) -> Place | None:
        """The place at a step, when the case is there."""
        return next((place for place in self.places if place.step.key == step_key), None)

    def keys(self) -> tuple[str, ...]:
        """The keys of the steps where the case is."""
        return tuple(place.step.key for place in self.places)

    def waiting(self) -> tuple[str, ...]:
        """The keys of the steps that wait for a decision."""
        return self.keys() if self.state is State.WAITING else ()


def needed_for(step: Step, holders: int) -> int:
    """How many approvals the step needs when so many people may decide it."""
    if step.mode is Mode.ALL:
        return max(holders, 1)
    return step.k if step.mode is Mode.K_OF_N else 1


def stages(steps: Sequence[Branched]) -> list[list[list[Branched]]]:
    """The steps as stages of branches: what is done after each other, and beside each other.

    A step without a branch is a stage of its own. Steps in a row with branches are
    one stage; inside it, those of the same branch follow each other.
    """
    found: list[list[list[Branched]]] = []
    beside: dict[str, list[Branched]] = {}
    for step in steps:
        if step.branch and not beside:
            beside = {step.branch: [step]}
            found.append([beside[step.branch]])
        elif step.branch and step.branch in beside:
            beside[step.branch].append(step)
        elif step.branch:
            beside[step.branch] = [step]
            found[-1].append(beside[step.branch])
        else:
            beside = {}
            found.append([[step]])
    return found


def position_after(
    steps: Sequence[Step],
    verdicts: Sequence[Given],
    data: Mapping[str, Any],
    *,
    round: int = 1,
    era: int = 1,
    needed: Mapping[str, int] | None = None,
) -> Position:
    """Replay the verdicts given so far over a workflow version's steps.

    A returned case waits at the same steps again once it has been completed
    (``round`` has counted up past the return), because whoever asked must see
    the answer before anyone else does. Approvals given in earlier rounds stand,
    unless the answer changed material data: then ``era`` has counted up too.

    :param needed: for steps that all must approve, how many that was when the
        step began to wait.
    """
    given = {step.key: [one for one in verdicts if one.step_key == step.key] for step in steps}
    done: list[str] = []
    skipped: list[str] = []
    for stage in stages(steps):
        waiting: list[Place] = []
        stopped: dict[State, Place] = {}
        for branch in stage:
            for step in branch:
                if not step.applies_to(data):
                    skipped.append(step.key)
                    continue
                state, place = _at(step, given[step.key], round, era, needed or {})
                if state is State.APPROVED:
                    done.append(step.key)
                    continue
                if state is State.WAITING:
                    waiting.append(place)
                else:
                    stopped.setdefault(state, place)
                break
        for state in (State.DECLINED, State.RETURNED):
            if state in stopped:
                return Position(state, (stopped[state],), tuple(done), tuple(skipped))
        if waiting:
            return Position(State.WAITING, tuple(waiting), tuple(done), tuple(skipped))
    return Position(State.APPROVED, (), tuple(done), tuple(skipped))


def _at(
    step: Step, own: Sequence[Given], round: int, era: int, needed: Mapping[str, int]
) -> tuple[State, Place]:
    """What the verdicts at one step come to."""
    wanted = needed.get(step.key) or needed_for(step, 1)
    approvals = sum(one.verdict is Verdict.APPROVE and one.era >= era for one in own)
    place = Place(step, approvals, wanted)
    if any(one.verdict is Verdict.DECLINE for one in own):
        return State.DECLINED, place
    if any(one.verdict is Verdict.RETURN and one.round >= round for one in own):
        return State.RETURNED, place
    return (State.APPROVED if approvals >= wanted else State.WAITING), place


def changed_material(
    material: Collection[str], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[str, ...]:
    """The material fields whose values differ: approvals of the old values do not hold."""
    return tuple(
        key
        for key in material
        # An answer that was erased in time has not been changed by anybody.
        if before.get(key) != after.get(key) and not is_erased(before.get(key))
    )


def erased_from(
    data: Mapping[str, Any], keys: Collection[str], steps: Sequence[Step], day: datetime.date
) -> dict[str, Any]:
    """The data without some answers; which steps applied is kept, so that the case stands still."""
    gone = [key for key in keys if data.get(key) not in (None, "", [])]
    gone = [key for key in gone if not is_erased(data[key])]
    if not gone:
        return dict(data)
    held = {step.key: step.applies_to(data) for step in steps if step.asks() & set(gone)}
    found = {**data, **dict.fromkeys(gone, mark(day))}
    return {**found, HELD: {**data.get(HELD, {}), **held}} if held else found


def with_erased(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """New data of a case, with what is known of answers that were erased and not given again."""
    gone = {
        key: value
        for key, value in before.items()
        if is_erased(value) and after.get(key) in (None, "", [])
    }
    found = {**after, **gone}
    if HELD in before and any(is_erased(value) for value in found.values()):
        found[HELD] = before[HELD]
    return found


def steps_from_plain(plain: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Read steps back from a version's stored values.

    :raises KeyError: when a key, name or role is missing.
    :raises ValueError: for an unknown mode or verdict.
    """
    return tuple(
        Step(
            key=step["key"],
            name=step["name"],
            role=step["role"],
            mode=Mode(step.get("mode") or Mode.ANY),
            k=int(step.get("k") or 1),
            condition=conditions.from_plain(step["condition"]) if step.get("condition") else None,
            working_days=int(step.get("working_days", 5)),
            verdicts=tuple(Verdict(v) for v in step.get("verdicts", ALL_VERDICTS)),
            met_by_submission=bool(step.get("met_by_submission", False)),
            fallback_role=step.get("fallback_role") or None,
            branch=step.get("branch") or "",
            remind_before=step.get("remind_before", 1),
            escalate_to=step.get("escalate_to") or None,
            escalate_after=int(step.get("escalate_after", 2)),
            lapse_after=step.get("lapse_after"),
        )
        for step in plain
    )


def steps_to_plain(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The steps as values that JSON can keep."""
    return [
        {
            "key": step.key,
            "name": step.name,
            "role": step.role,
            "mode": step.mode.value,
            "k": step.k,
            "condition": conditions.to_plain(step.condition) if step.condition else None,
            "working_days": step.working_days,
            "verdicts": [verdict.value for verdict in step.verdicts],
            "met_by_submission": step.met_by_submission,
            "fallback_role": step.fallback_role,
            "branch": step.branch,
            "remind_before": step.remind_before,
            "escalate_to": step.escalate_to,
            "escalate_after": step.escalate_after,
            "lapse_after": step.lapse_after,
        }
        for step in steps
    ]


def digest_of(value: Any) -> str:
    """SHA-256 of a value in its one canonical JSON form."""
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
