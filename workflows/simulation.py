"""What a draft would do: played with made-up values, or replayed over what has been decided.

Pure, like the rules it plays with: the same replay that moves real cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflows.rules import (
    Given,
    Position,
    State,
    Step,
    Verdict,
    needed_for,
    position_after,
)


@dataclass(frozen=True)
class Turn:
    """Someone answers at a step, in the order it happens."""

    step_key: str
    verdict: Verdict


@dataclass(frozen=True)
class Played:
    """Where the turns lead: the steps the case comes to, and where it ends."""

    path: tuple[str, ...]
    position: Position
    # The first turn at a step where the case was not, or an answer the step does not allow.
    stuck: Turn | None = None
    not_allowed: bool = False


def play(steps: Sequence[Step], data: Mapping[str, Any], turns: Sequence[Turn]) -> Played:
    """Let the turns be answered one by one; a return is completed with the same values.

    A step that all must approve counts as held by one.
    """
    given: list[Given] = []
    round = 1
    position = position_after(steps, given, data)
    for turn in turns:
        if position.state is State.RETURNED:
            round += 1
            position = position_after(steps, given, data, round=round)
        place = position.place(turn.step_key)
        if position.state is not State.WAITING or place is None:
            return Played(path_of(steps, position), position, turn)
        if turn.verdict not in place.step.verdicts:
            return Played(path_of(steps, position), position, turn, not_allowed=True)
        given.append(Given(turn.step_key, turn.verdict, round))
        position = position_after(steps, given, data, round=round)
    return Played(path_of(steps, position), position)


def path_of(steps: Sequence[Step], position: Position) -> tuple[str, ...]:
    """The steps that the case has come to, in the workflow's order."""
    reached = {*position.done, *position.keys()}
    return tuple(step.key for step in steps if step.key in reached)


@dataclass(frozen=True)
class Past:
    """A real case, as much of it as a replay needs."""

    id: int
    steps: tuple[Step, ...]
    data: Mapping[str, Any]
    given: tuple[Given, ...] = ()
    round: int = 1
    era: int = 1

    def position(self, steps: Sequence[Step]) -> Position:
        """Where the decisions so far lead in some steps."""
        return position_after(steps, self.given, self.data, round=self.round, era=self.era)


@dataclass(frozen=True)
class OtherWay:
    """A case that the draft would have taken another way."""

    id: int
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    # Steps that someone else would have decided.
    others: tuple[str, ...]
    was: Position
    lands: Position


def other_way(draft: Sequence[Step], past: Past) -> OtherWay | None:
    """How the draft differs for one case; None when it goes the same way."""
    now = {step.key: step for step in past.steps if step.applies_to(past.data)}
    then = {step.key: step for step in draft if step.applies_to(past.data)}
    added = tuple(key for key in then if key not in now)
    dropped = tuple(key for key in now if key not in then)
    others = tuple(key for key in then if key in now and _who(then[key]) != _who(now[key]))
    was, lands = past.position(past.steps), past.position(draft)
    moved = (was.state, set(was.keys())) != (lands.state, set(lands.keys()))
    if not (added or dropped or others or moved):
        return None
    return OtherWay(past.id, added, dropped, others, was, lands)


def _who(step: Step) -> tuple[object, ...]:
    return (step.role, step.mode, step.k, step.fallback_role)


def tasks(steps: Sequence[Step], past: Past) -> Counter[str]:
    """How many tasks each role gets for the case, once everyone has answered.

    What was never asked is taken for approved, and what was asked for is answered,
    so that a draft with one more step is not cut short at it.
    """
    given = list(past.given)
    for step in steps:
        own = [one for one in given if one.step_key == step.key]
        if not any(one.verdict is Verdict.DECLINE for one in own):
            approve = Given(step.key, Verdict.APPROVE, past.round, past.era)
            given += [approve] * needed_for(step, 1)
    position = position_after(steps, given, past.data, round=past.round + 1, era=past.era)
    reached = {*position.done, *position.keys()}
    found: Counter[str] = Counter()
    for step in steps:
        if step.key in reached:
            found[step.role] += needed_for(step, 1)
    return found
