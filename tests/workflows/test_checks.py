"""Faults that a draft's steps show by themselves: every one is found, and only when it is there."""

from dataclasses import replace

import pytest

from core.conditions import AllOf, AnyOf, Condition, Rule
from workflows import witnesses
from workflows.checks import Problem, problems_with
from workflows.rules import Mode, Step, Verdict

FIELDS = frozenset({"cost", "place"})
FIRST = Step("first", "Först", "avdelningschef")
LAST = Step("last", "Sist", "projektledare")


def found(*steps: Step, material: tuple[str, ...] = ()) -> list[Problem]:
    return problems_with(steps, material, FIELDS)


def words(*steps: Step, material: tuple[str, ...] = ()) -> str:
    return " ".join(problem.message for problem in found(*steps, material=material))


def test_a_sound_workflow_has_no_problems() -> None:
    steps = (
        FIRST,
        Step("a", "A", "x", branch="Ekonomi"),
        Step("b", "B", "x", branch="Juridik", condition=Rule("cost", "at_least", "100")),
        LAST,
    )
    assert found(*steps, material=("cost",)) == []


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (replace(FIRST, verdicts=(Verdict.RETURN,)), "cannot be approved"),
        (replace(FIRST, verdicts=(Verdict.APPROVE,)), "can only be approved"),
        (replace(FIRST, fallback_role="avdelningschef"), "falls back on the role it already has"),
        (replace(FIRST, escalate_to="avdelningschef"), "decides it already"),
        (replace(FIRST, fallback_role="x", escalate_to="x"), "decides it already"),
        (replace(FIRST, working_days=3, remind_before=4), "remind before it begins"),
        (replace(FIRST, lapse_after=3, remind_before=None), "without anyone having been reminded"),
        (replace(FIRST, condition=Rule("x", "is_filled")), "does not have"),
        (replace(FIRST, condition=Rule("cost", "at_least", "dyrt")), "can never be met"),
        (
            replace(FIRST, condition=AllOf((Rule("cost", "is_filled"),) * 2)),
            "has the same rule twice",
        ),
        (replace(FIRST, key="last"), "The key “last” is used by more than one step"),
        (replace(FIRST, name="Sist"), "The name “Sist” is used by more than one step"),
    ],
)
def test_what_is_wrong_with_a_step_is_said(step: Step, expected: str) -> None:
    assert expected in words(step, LAST)
    assert expected not in words(FIRST, LAST)


def test_a_problem_names_its_place() -> None:
    step = replace(LAST, condition=AllOf((Rule("cost", "is_filled"), Rule("x", "is_filled"))))
    [problem] = found(FIRST, step, material=("cost",))
    assert (problem.step, problem.rule) == (1, 1)
    [problem] = found(FIRST, material=("cost", "y"))
    assert problem.material == 1


def test_nothing_comes_after_a_step_that_cannot_be_approved() -> None:
    dead = replace(FIRST, verdicts=(Verdict.DECLINE, Verdict.RETURN))
    assert "No case ever comes to “Sist”, because “Först” cannot be approved." in words(dead, LAST)
    # With a condition there is a way past it.
    sometimes = replace(dead, condition=Rule("cost", "is_filled"))
    assert "No case ever comes" not in words(sometimes, LAST)


def test_a_branch_that_never_finishes_blocks_what_comes_after_but_not_its_neighbour() -> None:
    dead = Step("a", "A", "x", branch="Ena", verdicts=(Verdict.DECLINE, Verdict.RETURN))
    beside = Step("b", "B", "x", branch="Andra")
    said = words(dead, Step("a2", "A2", "x", branch="Ena"), beside, LAST)
    assert "The branch “Ena” can never finish." in said
    assert "No case ever comes to “A2”" in said
    assert "No case ever comes to “Sist”" in said
    assert "No case ever comes to “B”" not in said


def test_a_branch_whose_steps_may_all_be_left_out_is_fine() -> None:
    steps = (
        Step("a", "A", "x", branch="Ena", condition=Rule("cost", "equals", "1")),
        Step("b", "B", "x", branch="Andra", condition=Rule("cost", "equals", "2")),
        LAST,
    )
    assert found(*steps) == []


def test_a_branch_alone_or_coming_back_is_refused() -> None:
    assert "is alone" in words(replace(FIRST, branch="Ena"), LAST)
    pair = (replace(FIRST, branch="Ena"), replace(LAST, branch="Andra"))
    assert found(*pair) == []
    again = (
        *pair,
        Step("m", "Mitt", "x"),
        Step("a", "A", "x", branch="Ena"),
        Step("b", "B", "x", branch="Tredje"),
    )
    assert "The branch “Ena” comes back" in words(*again)


@pytest.mark.parametrize(
    ("first", "second", "passes"),
    [
        (Rule("cost", "less_than", "100"), Rule("cost", "at_least", "100"), True),
        (Rule("cost", "is_empty"), Rule("cost", "is_filled"), False),
        (Rule("place", "equals", "park"), Rule("place", "not_equals", "park"), False),
        (Rule("cost", "equals", "1"), Rule("place", "equals", "2"), True),
    ],
)
def test_conditions_that_leave_a_gap_let_a_case_past_everyone(
    first: Condition, second: Condition, passes: bool
) -> None:
    said = words(replace(FIRST, condition=first), replace(LAST, condition=second))
    assert ("without anyone deciding" in said) is passes


@pytest.mark.parametrize(
    ("condition", "possible"),
    [
        (None, True),
        (AllOf((Rule("a", "equals", "1"), Rule("a", "equals", "2"))), False),
        (AllOf((Rule("a", "at_least", "1"), Rule("a", "less_than", "1.5"))), True),
        (AllOf((Rule("a", "greater_than", "1"), Rule("a", "less_than", "1"))), False),
        (AllOf((Rule("a", "is_empty"), Rule("a", "equals", "x"))), False),
        (AllOf((Rule("a", "is_one_of", ("x", "y")), Rule("a", "not_equals", "x"))), True),
        (AllOf((Rule("a", "is_one_of", ("x", "y")), Rule("a", "is_one_of", ("z",)))), False),
        (AllOf((Rule("a", "contains", "x"), Rule("a", "contains", "y"))), True),
        (AllOf((Rule("a", "equals", "yes"), Rule("a", "not_equals", "no"))), True),
        (
            AllOf((Rule("a", "at_least", "2026-01-01"), Rule("a", "at_most", "2026-01-31"))),
            True,
        ),
        (
            AllOf((Rule("a", "greater_than", "2026-02-01"), Rule("a", "less_than", "2026-01-31"))),
            False,
        ),
        (AnyOf((Rule("a", "at_least", "x"), Rule("b", "equals", "1"))), True),
        (AnyOf((Rule("a", "at_least", "x"), Rule("b", "at_least", ""))), False),
        (AllOf((Rule("a", "greater_than", "0"), Rule("a", "less_than", "0.5"))), True),
    ],
)
def test_whether_a_condition_can_be_met(condition: Condition | None, possible: bool) -> None:
    assert witnesses.possible(condition) is possible


def test_a_huge_condition_is_given_the_benefit_of_the_doubt() -> None:
    many = AllOf(
        tuple(
            AnyOf((Rule(f"a{i}", "equals", "1"), Rule(f"b{i}", "equals", "1"))) for i in range(12)
        )
    )
    assert witnesses.possible(many)
    wide = [Rule(f"f{i}", "equals", "1") for i in range(12)]
    assert witnesses.passing_all([AnyOf(tuple(wide))]) is not None


def test_without_steps_nothing_else_is_said() -> None:
    assert [problem.message for problem in found()] == ["The workflow has no steps."]


def test_too_many_modes_are_no_fault() -> None:
    assert found(replace(FIRST, mode=Mode.ALL), LAST) == []
