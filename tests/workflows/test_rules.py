"""The replay, over thousands of workflows nobody thought of."""

import hypothesis.strategies as st
from hypothesis import given, settings

from core.conditions import AllOf, Rule
from workflows.rules import (
    Given,
    Mode,
    Position,
    State,
    Step,
    Verdict,
    digest_of,
    position_after,
    steps_from_plain,
    steps_to_plain,
)

CONDITION = AllOf((Rule("cost", "at_least", "100"),))


@st.composite
def workflows(draw: st.DrawFn) -> tuple[Step, ...]:
    size = draw(st.integers(1, 5))
    return tuple(
        Step(
            key=f"s{index}",
            name=f"Steg {index}",
            role="r",
            mode=draw(st.sampled_from([Mode.ANY, Mode.K_OF_N])),
            k=draw(st.integers(1, 3)),
            condition=draw(st.sampled_from([None, CONDITION])),
        )
        for index in range(size)
    )


data = st.fixed_dictionaries({"cost": st.integers(0, 200)})


def play(
    steps: tuple[Step, ...], answers: dict[str, int], choices: list[Verdict]
) -> tuple[Position, list[Given], int]:
    """Answer whatever waits; a returned case is completed at once."""
    verdicts: list[Given] = []
    round = 1
    position = position_after(steps, verdicts, answers)
    for verdict in choices:
        if position.state is State.RETURNED:
            round += 1
        elif position.state is not State.WAITING:
            break
        position = position_after(steps, verdicts, answers, round=round)
        verdicts.append(Given(position.places[0].step.key, verdict, round))
        position = position_after(steps, verdicts, answers, round=round)
    return position, verdicts, round


@settings(max_examples=500, deadline=None)
@given(workflows(), data, st.lists(st.sampled_from(list(Verdict)), max_size=20))
def test_no_step_is_skipped_and_none_runs_early(
    steps: tuple[Step, ...], answers: dict[str, int], choices: list[Verdict]
) -> None:
    position, verdicts, _round = play(steps, answers, choices)
    applying = [step.key for step in steps if step.applies_to(answers)]
    assert list(position.done) == applying[: len(position.done)]
    if position.state is State.APPROVED:
        assert list(position.done) == applying
        for step in steps:
            if step.key in applying:
                given_here = [v for v in verdicts if v.step_key == step.key]
                approvals = sum(v.verdict is Verdict.APPROVE for v in given_here)
                assert approvals >= (step.k if step.mode is Mode.K_OF_N else 1)
    if position.state is State.DECLINED:
        assert verdicts[-1].verdict is Verdict.DECLINE


@settings(max_examples=300, deadline=None)
@given(workflows(), data, st.lists(st.sampled_from(list(Verdict)), max_size=20))
def test_a_returned_case_waits_at_the_same_step_again(
    steps: tuple[Step, ...], answers: dict[str, int], choices: list[Verdict]
) -> None:
    position, verdicts, round = play(steps, answers, choices)
    if position.state is State.RETURNED:
        again = position_after(steps, verdicts, answers, round=round + 1)
        assert again.state is State.WAITING
        assert again.keys() == position.keys()
        assert again.done == position.done


@given(workflows())
def test_steps_survive_being_stored(steps: tuple[Step, ...]) -> None:
    plain = steps_to_plain(steps)
    assert steps_from_plain(plain) == steps
    assert digest_of(plain) == digest_of(steps_to_plain(steps_from_plain(plain)))


def test_a_condition_that_is_not_met_skips_the_step() -> None:
    steps = (Step("a", "A", "r", condition=CONDITION), Step("b", "B", "r"))
    assert position_after(steps, [], {"cost": 99}).skipped == ("a",)
    position = position_after(steps, [], {"cost": 100})
    assert position.keys() == ("a",)


def test_new_answers_can_call_a_skipped_step_back() -> None:
    steps = (Step("a", "A", "r", condition=CONDITION), Step("b", "B", "r"))
    verdicts = [Given("b", Verdict.RETURN, 1)]
    position = position_after(steps, verdicts, {"cost": 100}, round=2)
    assert position.keys() == ("a",)
