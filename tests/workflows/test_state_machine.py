"""The engine as a whole, played thousands of ways: whatever is tried, the rules hold.

``STATE_MACHINE_RUNS=2000`` plays as many games as the project promises; the suite plays fewer.
"""

import datetime
import os

import hypothesis.strategies as st
import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, assume, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from time_machine import travel

from core.conditions import AllOf, Rule
from people.models import User
from tests.workflows.builders import World, case_in, version_of
from workflows.actions import (
    WorkflowError,
    clock,
    complete,
    decide,
    delegation,
    engine,
    moving,
    withdraw,
)
from workflows.models import Case, Decision, Delegation, WorkItem
from workflows.rules import Mode, Position, State, Step, Verdict, stages
from workflows.versions import steps_of

RUNS = int(os.environ.get("STATE_MACHINE_RUNS", "120"))
START = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
COSTLY = AllOf((Rule("cost", "at_least", "100"),))
CAST = ("chef", "avdelning", "leader", "deputy_leader", "norra_chef", "nobody")
ROLES = ("avdelningschef", "projektledare")


@st.composite
def drawn_steps(draw: st.DrawFn) -> tuple[Step, ...]:
    """A workflow of one to four steps, some beside each other, some that lapse."""
    steps = []
    for index in range(draw(st.integers(1, 4))):
        role = draw(st.sampled_from(ROLES))
        modes = [Mode.ANY, Mode.ALL] + ([Mode.K_OF_N] if role == "projektledare" else [])
        steps.append(
            Step(
                key=f"s{index}",
                name=f"Steg {index}",
                role=role,
                mode=draw(st.sampled_from(modes)),
                k=2,
                condition=draw(st.sampled_from([None, None, COSTLY])),
                working_days=draw(st.integers(1, 3)),
                met_by_submission=draw(st.booleans()),
                fallback_role="projektledare" if role == "avdelningschef" else None,
                branch=draw(st.sampled_from(["", "", "x", "y"])),
                escalate_to=draw(st.sampled_from([None, "projektledare"])),
                escalate_after=1,
                lapse_after=draw(st.sampled_from([None, 2])),
            )
        )
    return tuple(steps)


class Engine(RuleBasedStateMachine):
    """One case, six people, and everything that can be done to it."""

    world: World  # the city, given by the test

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.clock = travel(START, tick=False)
        self.now = self.clock.start()
        self.case_id = 0
        self.version_id = 0
        self.decided = 0
        self.moves = 0

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # What people do.

    @initialize(steps=drawn_steps(), cost=st.sampled_from([50, 150]))
    def open(self, steps: tuple[Step, ...], cost: int) -> None:
        version = version_of(*steps, material=["cost"])
        try:
            case = case_in(self.world, version, data={"place": "x", "cost": cost})
        except WorkflowError:
            assume(False)
        self.case_id, self.version_id = case.pk, version.pk
        self.decided = self._decisions()

    @rule(
        who=st.sampled_from(CAST),
        verdict=st.sampled_from([Verdict.APPROVE] * 4 + [Verdict.RETURN, Verdict.DECLINE]),
        at=st.integers(0, 3),
        stale=st.sampled_from([False] * 9 + [True]),
    )
    def decide(self, who: str, verdict: Verdict, at: int, stale: bool) -> None:
        case, before = self.case, self.position
        actor = self.world[who]
        keys = [step.key for step in steps_of(case.version_id)]
        key = before.keys()[at % len(before.keys())] if before.keys() else keys[at % len(keys)]
        allowed = self._allowed(actor, key)
        try:
            decide(
                case_id=case.pk,
                step_key=key,
                round=case.round - stale,
                verdict=verdict,
                actor=actor,
                reason="därför",
            )
        except WorkflowError:
            assert self._decisions() == self.decided, "a refusal that wrote something"
            assert self.case.state == case.state
            return
        assert not stale
        assert case.state == Case.State.WAITING
        assert before.place(key) is not None, "a step that did not wait was decided"
        assert allowed, f"{who} may not decide {key}"
        self.decided += 1

    @precondition(lambda self: self.case_id and self.case.state == Case.State.RETURNED)
    @rule(cost=st.sampled_from([50, 150]), who=st.sampled_from(["chef", "chef", "leader"]))
    def complete(self, cost: int, who: str) -> None:
        before = self.case
        try:
            complete(case_id=before.pk, data={"place": "y", "cost": cost}, actor=self.world[who])
        except WorkflowError:
            assert self.case.round == before.round
            return
        assert who == "chef"
        after = self.case
        assert after.round == before.round + 1
        assert (after.era > before.era) == (before.data["cost"] != cost)
        self.decided = self._decisions()

    @precondition(lambda self: self.decided > 1)
    @rule(who=st.sampled_from(["chef", "chef", "leader"]))
    def withdraw(self, who: str) -> None:
        was_open = self.case.is_open
        try:
            withdraw(case_id=self.case_id, actor=self.world[who], reason="ångrar mig")
        except WorkflowError:
            return
        assert who == "chef"
        assert was_open

    @rule(giver=st.sampled_from(CAST), deputy=st.sampled_from(CAST), days=st.integers(0, 5))
    def appoint(self, giver: str, deputy: str, days: int) -> None:
        today = timezone.localdate()
        try:
            delegation.add(
                giver=self.world[giver],
                deputy=self.world[deputy],
                valid_from=today,
                valid_to=today + datetime.timedelta(days),
                reason="semester",
                actor=self.world[giver],
            )
        except WorkflowError:
            return
        assert giver != deputy

    @rule(days=st.integers(1, 6))
    def time_passes(self, days: int) -> None:
        state = self.case.state
        self.now.shift(datetime.timedelta(days=days))
        clock.tick()
        lapsed = self.case.state == Case.State.LAPSED
        assert self.case.state == state or (state == Case.State.WAITING and lapsed)
        items = list(WorkItem.objects.order_by("pk").values())
        events = self.case.step_events.count()
        clock.tick()
        assert list(WorkItem.objects.order_by("pk").values()) == items, "twice is not once"
        assert self.case.step_events.count() == events

    @rule(steps=drawn_steps())
    def publish(self, steps: tuple[Step, ...]) -> None:
        before = self.case
        version_of(*steps, material=["cost"])
        after = self.case
        assert (after.version_id, after.state) == (before.version_id, before.state)

    @rule()
    def move(self) -> None:
        before = self.case
        result = moving.move_cases(
            definition=before.version.definition,
            case_ids=[before.pk],
            reason="ny version",
            actor=self.world["leader"],
        )
        after = self.case
        if result.moved:
            assert before.state == Case.State.WAITING
            self.version_id = after.version_id
            self.moves += 1
        assert self._decisions() == self.decided, "moving decides nothing"

    # What always holds.

    @invariant()
    def the_rules_hold(self) -> None:
        if not self.case_id:
            return
        # Read once a step: five checks that each asked made the games a third longer.
        case = self.case
        position = engine.read(case).position()
        self.the_version_changes_only_by_a_move(case)
        self.the_row_says_where_the_replay_ends(case, position)
        self.what_waits_is_what_the_replay_waits_for(case, position)
        self.no_step_is_skipped(case, position)
        self.nobody_decides_twice_or_on_their_own()

    def the_version_changes_only_by_a_move(self, case: Case) -> None:
        assert case.version_id == self.version_id

    def the_row_says_where_the_replay_ends(self, case: Case, position: Position) -> None:
        if case.state in (Case.State.WITHDRAWN, Case.State.LAPSED):
            assert case.closed_at is not None
        else:
            assert position.state.value == case.state
            assert (case.closed_at is None) == case.is_open

    def what_waits_is_what_the_replay_waits_for(self, case: Case, position: Position) -> None:
        waiting = WorkItem.objects.filter(case_id=self.case_id, closed_at=None)
        keys = sorted(waiting.values_list("step_key", flat=True))
        expected = position.keys() if case.state == Case.State.WAITING else ()
        assert keys == sorted(expected)

    def no_step_is_skipped(self, case: Case, position: Position) -> None:
        finished = {*position.done, *position.skipped}
        for stage in stages(steps_of(case.version_id)):
            keys = {step.key for branch in stage for step in branch}
            if keys & set(position.keys()) or not keys <= finished:
                break
        else:
            if case.is_open:
                assert position.state is State.APPROVED
        if case.state == Case.State.APPROVED:
            data = case.data
            for step in steps_of(case.version_id):
                approvals = case.decisions.filter(
                    step_key=step.key, verdict="approve", era=case.era
                ).count()
                assert approvals >= (2 if step.mode is Mode.K_OF_N else 1) * step.applies_to(data)

    def nobody_decides_twice_or_on_their_own(self) -> None:
        seen: set[tuple[int, int]] = set()
        for one in Decision.objects.filter(case_id=self.case_id, by_submission=False):
            assert one.actor_id != self.world.people["chef"].pk
            assert one.for_user_id != self.world.people["chef"].pk
            if one.verdict == Verdict.APPROVE:
                for person in filter(None, {one.actor_id, one.for_user_id}):
                    assert (one.era, person) not in seen
                    seen.add((one.era, person))

    # The judge's own view, written without the engine.

    @property
    def case(self) -> Case:
        return Case.objects.select_related("version__definition").get(pk=self.case_id)

    @property
    def position(self) -> Position:
        return engine.read(self.case).position()

    def _decisions(self) -> int:
        return Decision.objects.filter(case_id=self.case_id).count()

    def _allowed(self, actor: User, key: str) -> bool:
        """Whether the person, or someone they stand in for, holds a role that decides there."""
        today = timezone.localdate()
        step = next(step for step in steps_of(self.version_id) if step.key == key)
        principals = [
            actor.pk,
            *Delegation.objects.on(today).filter(deputy=actor).values_list("giver_id", flat=True),
        ]
        roles = set(step.all_roles())
        held: dict[int, set[str]] = {
            pk: set(User.objects.get(pk=pk).assignments.values_list("role_id", flat=True))
            for pk in principals
        }
        chef = self.world.people["chef"].pk
        return actor.pk != chef and any(held[pk] & roles and pk != chef for pk in principals)


@pytest.mark.timeout(300 + 5 * RUNS)
def test_whatever_is_tried_the_rules_hold(world: World) -> None:
    Engine.world = world
    run_state_machine_as_test(
        Engine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
