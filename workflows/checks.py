"""Faults that a workflow's steps show by themselves, before anyone is asked to decide.

Pure: steps in, sentences out. Who holds which role where is asked in ``publishing``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core import conditions
from workflows import witnesses
from workflows.rules import Step, Verdict, stages


@dataclass(frozen=True)
class Problem:
    """Something that stops publishing, and where in the draft it is put right."""

    message: str
    # The place among the steps, the rule's place in the step, the material field's place.
    step: int | None = None
    rule: int | None = None
    material: int | None = None
    # A stored test case that fails.
    test: int | None = None


def problems_with(
    steps: Sequence[Step], material: Sequence[str], fields: frozenset[str] | None
) -> list[Problem]:
    """Everything wrong with the draft itself.

    :param fields: what the kind of case lets one ask about; None when it does not say.
    """
    if not steps:
        return [Problem(_("The workflow has no steps."))]
    found = [*_doubles(steps), *_branches(steps), *_ways(steps)]
    for at, step in enumerate(steps):
        found += [Problem(message, at) for message in _answers(step)]
        found += [Problem(message, at) for message in _loops(step)]
        found += [Problem(message, at) for message in _times(step)]
        found += _condition(step, at, fields)
    if fields is not None:
        found += [
            Problem(
                _("The material data “%(field)s” is not something the case has.") % {"field": key},
                material=at,
            )
            for at, key in enumerate(material)
            if key not in fields
        ]
    return found


def _doubles(steps: Sequence[Step]) -> list[Problem]:
    found = []
    for words, values in (
        (_("The key “%s” is used by more than one step."), [step.key for step in steps]),
        (_("The name “%s” is used by more than one step."), [step.name for step in steps]),
    ):
        for value, times in Counter(values).items():
            if times > 1:
                last = len(values) - 1 - values[::-1].index(value)
                found.append(Problem(words % value, last))
    return found


def _branches(steps: Sequence[Step]) -> list[Problem]:
    """Branches that stand alone, or whose name comes back after a step in between."""
    places = {step.key: at for at, step in enumerate(steps)}
    seen: set[str] = set()
    found = []
    for stage in stages(steps):
        names = [branch[0].branch for branch in stage if branch[0].branch]
        for branch in stage:
            name, at = branch[0].branch, places[branch[0].key]
            if name and len(stage) == 1:
                found.append(
                    Problem(
                        _(
                            "The branch “%s” is alone: nothing goes on beside it. Name a second "
                            "branch on the next step, or leave the field empty."
                        )
                        % name,
                        at,
                    )
                )
            if name in seen:
                found.append(
                    Problem(
                        _(
                            "The branch “%s” comes back after another step. "
                            "Steps of a branch stand together."
                        )
                        % name,
                        at,
                    )
                )
        seen.update(names)
    return found


def _ways(steps: Sequence[Step]) -> list[Problem]:
    """Steps nobody comes to, cases nobody decides, branches that never finish."""
    places = {step.key: at for at, step in enumerate(steps)}
    found = []
    blocked: Step | None = None
    for stage in stages(steps):
        before = blocked
        for branch in stage:
            inside = before
            for step in branch:
                if inside is not None:
                    found.append(
                        Problem(
                            _(
                                "No case ever comes to “%(step)s”, because “%(before)s” "
                                "cannot be approved."
                            )
                            % {"step": step.name, "before": inside.name},
                            places[step.key],
                        )
                    )
                elif step.condition is None and Verdict.APPROVE not in step.verdicts:
                    inside = step
                    if step.branch:
                        found.append(
                            Problem(
                                _("The branch “%s” can never finish.") % step.branch,
                                places[step.key],
                            )
                        )
            blocked = blocked or inside
    if all(step.condition is not None for step in steps):
        found += _slipping(steps)
    return found


def _slipping(steps: Sequence[Step]) -> list[Problem]:
    """Every step has a condition: is there a case that meets none?"""
    data = witnesses.passing_all([step.condition for step in steps])
    if data is None:
        return []
    message = _("Every step has a condition, so a case could be approved without anyone deciding.")
    empty = [key for key, value in data.items() if value in (None, witnesses.OTHER)]
    if data and len(empty) < len(data):
        example = ", ".join(f"{key} = {value}" for key, value in data.items() if key not in empty)
        message += " " + _("For example: %s.") % example
    return [Problem(message, 0)]


def _answers(step: Step) -> list[str]:
    found = []
    words = {"step": step.name}
    if Verdict.APPROVE not in step.verdicts:
        found.append(_("“%(step)s” cannot be approved, so no case would get past it.") % words)
    if not {Verdict.RETURN, Verdict.DECLINE} & set(step.verdicts):
        found.append(_("“%(step)s” can only be approved, so nobody decides anything.") % words)
    return found


def _loops(step: Step) -> list[str]:
    words = {"step": step.name}
    found = []
    if step.fallback_role == step.role:
        found.append(_("“%(step)s” falls back on the role it already has.") % words)
    if step.escalate_to and step.escalate_to in step.roles():
        found.append(_("“%(step)s” escalates to a role that decides it already.") % words)
    return found


def _times(step: Step) -> list[str]:
    """Reminders, escalation and lapse that could not come in that order."""
    words = {"step": step.name, "days": step.working_days}
    found = []
    if (
        step.remind_before is not None
        and step.working_days
        and (step.remind_before > step.working_days)
    ):
        found.append(
            _("“%(step)s” would remind before it begins: it is due after %(days)d working days.")
            % words
        )
    if step.lapse_after is not None and step.remind_before is None:
        found.append(_("“%(step)s” would lapse without anyone having been reminded.") % words)
    return found


def _condition(step: Step, at: int, fields: frozenset[str] | None) -> list[Problem]:
    rules = _rules_of(step.condition)
    found = []
    for place, rule in enumerate(rules):
        words = {"step": step.name, "field": rule.field}
        if fields is not None and rule.field not in fields:
            message = _("“%(step)s” asks about “%(field)s”, which the case does not have.") % words
            found.append(Problem(message, at, place))
        elif not witnesses.possible(rule):
            message = _("A rule of “%(step)s” about “%(field)s” can never be met.") % words
            found.append(Problem(message, at, place))
        if rule in rules[:place]:
            message = _("“%(step)s” has the same rule twice.") % words
            found.append(Problem(message, at, place))
    if step.condition is not None and not witnesses.possible(step.condition):
        message = _("The condition of “%(step)s” can never be met.") % {"step": step.name}
        found.append(Problem(message, at))
    return found


def _rules_of(condition: conditions.Condition | None) -> list[conditions.Rule]:
    """The editor's one list of rules; deeper trees come from files only."""
    match condition:
        case conditions.Rule():
            return [condition]
        case conditions.AllOf(parts) | conditions.AnyOf(parts):
            return [part for part in parts if isinstance(part, conditions.Rule)]
    return []
