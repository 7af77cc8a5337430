"""The condition language: closed, total, and the same after a round trip."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.conditions import (
    AllOf,
    AnyOf,
    BadCondition,
    Condition,
    Operator,
    Rule,
    evaluate,
    fields_of,
    from_plain,
    in_words,
    to_plain,
)

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.dates().map(str)
    | st.sampled_from(["yes", "no", "ja", "12", "12,5", "NaN", "Infinity", "2026-01-01", "²"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=5,
)
ANYTHING = PLAIN | st.dates() | st.datetimes() | st.decimals() | st.binary() | st.tuples(PLAIN)
FIELDS = st.sampled_from(["a", "b", "c"])
RULES = st.builds(Rule, FIELDS, st.sampled_from(list(Operator)), PLAIN)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    RULES,
    lambda inner: (
        st.builds(AllOf, st.lists(inner, max_size=3))
        | st.builds(AnyOf, st.lists(inner, max_size=3))
    ),
    max_leaves=6,
)


@given(CONDITIONS, st.dictionaries(FIELDS, ANYTHING))
def test_evaluating_never_fails(condition: Condition, data: dict[str, Any]) -> None:
    assert evaluate(condition, data) in (True, False)


@given(CONDITIONS, st.dictionaries(FIELDS, PLAIN))
def test_a_condition_means_the_same_after_a_round_trip(
    condition: Condition, data: dict[str, Any]
) -> None:
    again = from_plain(to_plain(condition))
    assert evaluate(again, data) == evaluate(condition, data)
    assert fields_of(again) == fields_of(condition)


@given(RULES, st.dictionaries(FIELDS, ANYTHING))
def test_opposites_are_opposite(rule: Rule, data: dict[str, Any]) -> None:
    equal = evaluate(Rule(rule.field, "equals", rule.value), data)
    assert evaluate(Rule(rule.field, "not_equals", rule.value), data) is not equal
    filled = evaluate(Rule(rule.field, "is_filled"), data)
    assert evaluate(Rule(rule.field, "is_empty"), data) is not filled


@given(CONDITIONS)
def test_every_condition_has_words(condition: Condition) -> None:
    assert in_words(condition, {"a": "Fråga a"})


@given(PLAIN)
def test_reading_plain_data_gives_a_condition_or_says_no(plain: Any) -> None:
    try:
        condition = from_plain(plain)
    except BadCondition:
        return
    assert evaluate(condition, {}) in (True, False)


@pytest.mark.parametrize(
    ("operator", "answer", "value", "expected"),
    [
        ("equals", True, "yes", True),
        ("equals", True, "ja", True),
        ("equals", False, "yes", False),
        ("equals", None, "yes", False),
        ("equals", None, "no", False),
        ("equals", "12,0", 12, True),
        ("equals", "Södermalm", "södermalm ", True),
        ("equals", ["a"], "a", True),
        ("equals", ["a", "b"], "a", False),
        ("equals", "", None, True),
        ("not_equals", None, "x", True),
        ("is_one_of", "b", ("a", "b"), True),
        ("is_one_of", "b", "b", True),
        ("is_one_of", "c", ["a", "b"], False),
        ("contains", ["a", "b"], "b", True),
        ("contains", "Språkstöd", "språk", True),
        ("contains", "x", "", False),
        ("contains", 5, "5", False),
        ("greater_than", 18, 18, False),
        ("at_least", "18", 18, True),
        ("at_least", Decimal("17.9"), "18", False),
        ("less_than", "9", "10", True),
        ("at_most", datetime.date(2026, 5, 1), "2026-05-01", True),
        ("greater_than", "2026-05-02", "2026-05-01", True),
        ("greater_than", "text", 3, False),
        ("less_than", "text", 3, False),
        ("at_least", True, 0, False),
        ("at_least", "NaN", 0, False),
        ("is_filled", False, None, True),
        ("is_filled", 0, None, True),
        ("is_filled", "  ", None, False),
        ("is_empty", [], None, True),
    ],
)
def test_what_the_operators_mean(operator: str, answer: Any, value: Any, expected: bool) -> None:
    assert evaluate(Rule("a", operator, value), {"a": answer}) is expected


def test_nothing_is_always_met_and_groups_without_parts_follow_logic() -> None:
    assert evaluate(None, {})
    assert evaluate(AllOf([]), {})
    assert not evaluate(AnyOf([]), {})
    both = [Rule("a", "is_filled"), Rule("b", "is_filled")]
    assert not evaluate(AllOf(both), {"a": 1})
    assert evaluate(AnyOf(both), {"a": 1})


@pytest.mark.parametrize(
    "plain",
    [
        "a == 1",
        {"field": "a", "operator": "eval", "value": "1"},
        {"field": "", "operator": "equals"},
        {"operator": "equals"},
        {"all": "abc"},
        {"any": [{"all": [3]}]},
    ],
)
def test_what_is_no_condition_is_refused_when_read(plain: Any) -> None:
    with pytest.raises(BadCondition):
        from_plain(plain)


def test_a_bottomless_condition_is_refused() -> None:
    plain: dict[str, Any] = {"field": "a", "operator": "is_filled"}
    for _ in range(1000):
        plain = {"all": [plain]}
    with pytest.raises(BadCondition):
        from_plain(plain)


def test_words_read_as_a_sentence() -> None:
    condition = AllOf(
        [
            Rule("manager", "equals", "yes"),
            AnyOf([Rule("hours", "at_least", 18), Rule("need", "is_one_of", ("x", "y"))]),
        ]
    )
    labels = {"manager": "Manager", "hours": "Hours", "need": "Need"}
    with translation.override("en"):
        words = in_words(condition, labels, {"need": {"x": "Language"}})
    assert words == "Manager is yes and (Hours is at least 18 or Need is one of Language, y)"


def test_conditions_are_hashable_and_frozen() -> None:
    rule = Rule("a", "is_one_of", ["x", "y"])
    assert {rule, AllOf([rule])} == {Rule("a", "is_one_of", ("x", "y")), AllOf((rule,))}


@pytest.mark.parametrize(
    ("operator", "value", "said"),
    [
        ("at_least", "20000", "Belopp is at least 20\xa0000"),
        ("less_than", "18750.5", "Belopp is less than 18\xa0750,5"),
        ("at_most", "-1000", "Belopp is at most \N{MINUS SIGN}1\xa0000"),
        ("greater_than", "2026-05-01", "Belopp is greater than 2026-05-01"),
        ("greater_than", "1e28", "Belopp is greater than 1e28"),
        # What is asked whether it is may be a code, such as a cost centre.
        ("equals", "10452", "Belopp is 10452"),
    ],
)
def test_numbers_are_written_as_in_swedish_where_sizes_are_compared(
    operator: str, value: str, said: str
) -> None:
    with translation.override("en"):
        assert in_words(Rule("sum", operator, value), {"sum": "Belopp"}) == said
