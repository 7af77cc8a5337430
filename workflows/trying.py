"""Provkör: the draft played with stored test cases, made-up values and real past cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from people.models import User
from workflows.checks import Problem
from workflows.kinds import CaseTitle
from workflows.models import Case, Decision, WorkflowDefinition, WorkflowTest, WorkflowVersion
from workflows.queries import titles_of
from workflows.rules import Given, Position, State, Step, Verdict, steps_from_plain
from workflows.simulation import OtherWay, Past, Played, Turn, other_way, play, tasks

SIZES = (50, 200, 1000)
SHOWN = 100


def failing_tests(definition: WorkflowDefinition, steps: Sequence[Step]) -> list[Problem]:
    """Stored test cases that the draft does not pass, for the publish gate."""
    return [
        Problem(
            _("The test case “%(name)s” fails: %(why)s")
            % {"name": result.test.name, "why": "; ".join(result.faults) + "."},
            test=result.test.pk,
        )
        for result in run_tests(definition, steps)
        if result.faults
    ]


@dataclass(frozen=True)
class TestResult:
    """What became of one stored test case."""

    __test__ = False  # pytest, this is no test

    test: WorkflowTest
    played: Played
    faults: Sequence[str]


def run_tests(definition: WorkflowDefinition, steps: Sequence[Step]) -> list[TestResult]:
    """Play every stored test case on the steps."""
    results = []
    for test in definition.tests.all():
        played = play(steps, test.data, turns_of(test.turns))
        results.append(TestResult(test, played, faults_of(test, played, steps)))
    return results


def turns_of(plain: Sequence[Mapping[str, Any]]) -> list[Turn]:
    """The stored answers as the simulation knows them."""
    return [Turn(row["step"], Verdict(row["verdict"])) for row in plain]


def faults_of(test: WorkflowTest, played: Played, steps: Sequence[Step]) -> list[str]:
    """How the play differs from what the test case expects, in words."""
    names = {step.key: step.name for step in steps}
    if played.stuck is not None:
        return [stuck_in_words(played, names)]
    faults = []
    if played.position.state.value != test.outcome:
        faults.append(
            _("the case %(is)s, but should be: %(wanted)s")
            % {
                "is": WorkflowTest.Outcome(played.position.state.value).label,
                "wanted": WorkflowTest.Outcome(test.outcome).label,
            }
        )
    missed = [names.get(key, key) for key in test.path if key not in played.path]
    extra = [names.get(key, key) for key in played.path if key not in test.path]
    if missed:
        faults.append(_("it does not come to %(steps)s") % {"steps": _quoted(missed)})
    if extra:
        faults.append(_("it comes to %(steps)s, which it should not") % {"steps": _quoted(extra)})
    return faults


def stuck_in_words(played: Played, names: Mapping[str, str]) -> str:
    """Which answer could not be given."""
    assert played.stuck is not None
    words = {"step": names.get(played.stuck.step_key, played.stuck.step_key)}
    if played.not_allowed:
        return _("“%(step)s” does not allow the answer that is given there") % words
    return _("an answer is given at “%(step)s”, but the case does not wait there then") % words


def position_in_words(position: Position) -> str:
    """«Waits at Prioritise and Check» or how it ended."""
    if position.state is State.APPROVED:
        return _("Approved")
    names = _quoted([place.step.name for place in position.places])
    return {
        State.WAITING: _("Waits at %(steps)s"),
        State.RETURNED: _("Returned at %(steps)s"),
        State.DECLINED: _("Declined at %(steps)s"),
    }[position.state] % {"steps": names}


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(_("“%s”") % name for name in names)


def past_cases(definition: WorkflowDefinition, last: int) -> list[Past]:
    """The newest real cases of the workflow, or of its kind when it has none, with their steps.

    Four statements, however many there are.
    """
    cases = Case.objects.order_by("-opened_at", "-pk")
    own = cases.filter(version__definition=definition)
    columns = ("pk", "version_id", "data", "round", "era")
    rows = list(own.values_list(*columns)[:last])
    if not rows:
        rows = list(cases.filter(kind=definition.case_kind).values_list(*columns)[:last])
    versions = {
        pk: steps_from_plain(plain)
        for pk, plain in WorkflowVersion.objects.filter(
            pk__in={row[1] for row in rows}
        ).values_list("pk", "steps")
    }
    given: dict[int, list[Given]] = {}
    decided = (
        Decision.objects.filter(case_id__in=[row[0] for row in rows])
        .order_by("decided_at", "pk")
        .values_list("case_id", "step_key", "verdict", "round", "era")
    )
    for case_id, step_key, verdict, round, era in decided:
        given.setdefault(case_id, []).append(Given(step_key, Verdict(verdict), round, era))
    return [
        Past(pk, versions[version], data, tuple(given.get(pk, ())), round, era)
        for pk, version, data, round, era in rows
    ]


@dataclass(frozen=True)
class Replayed:
    """One case that would go another way, named for someone who may see it."""

    case: Case
    title: CaseTitle
    way: OtherWay
    added: Sequence[str]
    dropped: Sequence[str]
    others: Sequence[str]
    was: str
    lands: str


@dataclass(frozen=True)
class RoleTasks:
    """How many tasks a role gets with the version in force, and with the draft."""

    role: str
    before: int
    after: int

    @property
    def change(self) -> int:
        """More or fewer."""
        return self.after - self.before


@dataclass(frozen=True)
class Replay:
    """What a replay over past cases showed."""

    asked: int
    total: int
    other: int
    rows: Sequence[Replayed]
    # Cases that go another way, but that the viewer may not see.
    hidden: int
    tasks: Sequence[RoleTasks]

    @property
    def more(self) -> int:
        """Cases that the viewer may see beyond those listed."""
        return self.other - self.hidden - len(self.rows)


def replay(
    definition: WorkflowDefinition,
    draft: Sequence[Step],
    *,
    last: int,
    viewer: User,
    roles: Mapping[str, str],
) -> Replay:
    """Replay the last cases on the draft; the number of queries does not grow with them."""
    pasts = past_cases(definition, last)
    ways = [way for past in pasts if (way := other_way(draft, past)) is not None]
    seen = set(
        Case.objects.visible_to(viewer)
        .filter(pk__in=[way.id for way in ways])
        .values_list("pk", flat=True)
    )
    shown = [way for way in ways if way.id in seen][:SHOWN]
    names = {step.key: step.name for past in pasts for step in past.steps}
    names |= {step.key: step.name for step in draft}
    return Replay(
        asked=last,
        total=len(pasts),
        other=len(ways),
        rows=_named(shown, names, viewer),
        hidden=len(ways) - len(seen),
        tasks=_tasks(definition, draft, pasts, roles),
    )


def _named(ways: Sequence[OtherWay], names: Mapping[str, str], viewer: User) -> list[Replayed]:
    cases = Case.objects.select_related("organisation").in_bulk([way.id for way in ways])
    titles = titles_of(list(cases.values()), viewer)
    return [
        Replayed(
            case=cases[way.id],
            title=titles.get(way.id) or CaseTitle(cases[way.id].reference),
            way=way,
            added=[names[key] for key in way.added],
            dropped=[names[key] for key in way.dropped],
            others=[names[key] for key in way.others],
            was=position_in_words(way.was),
            lands=position_in_words(way.lands),
        )
        for way in ways
    ]


def _tasks(
    definition: WorkflowDefinition,
    draft: Sequence[Step],
    pasts: Sequence[Past],
    roles: Mapping[str, str],
) -> list[RoleTasks]:
    """Tasks by role with the version in force (each case's own when there is none)."""
    plain = (
        definition.versions.filter(retired_at__isnull=True)
        .order_by("-number")
        .values_list("steps", flat=True)
        .first()
    )
    published = steps_from_plain(plain) if plain is not None else None
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for past in pasts:
        before += tasks(published if published is not None else past.steps, past)
        after += tasks(draft, past)
    return [
        RoleTasks(roles.get(role, role), before[role], after[role])
        for role in sorted({*before, *after}, key=lambda role: roles.get(role, role))
    ]
