"""Whether a condition can be met at all, shown by an answer that meets it.

Nothing here knows what an operator means: answers are guessed from the values the
rules name and tried with :func:`core.conditions.evaluate`, so the checks before
publishing and the running cases can never disagree.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from core import conditions
from core.conditions import AllOf, AnyOf, Condition, Operator, Rule

MAX_TERMS = 200
MAX_TRIES = 20_000
#: A text that no sensible rule asks about: «something else».
OTHER = "\u2060annat\u2060"


def possible(condition: Condition | None) -> bool:
    """Whether some answers meet the condition; a very large one is given the benefit."""
    terms = _terms(condition)
    return terms is None or any(_answers_to(term) is not None for term in terms)


def passing_all(found: Sequence[Condition | None]) -> Mapping[str, Any] | None:
    """Answers that meet none of the conditions: a case that would slip past them all.

    None when there are none. When there are too many to try, an empty answer stands
    for «probably».
    """
    rules = [rule for one in found for rule in _rules(one)]
    fields = sorted({rule.field for rule in rules})
    guesses = [list(_guesses([r for r in rules if r.field == field])) for field in fields]
    for tries, values in enumerate(itertools.product(*guesses)):
        if tries >= MAX_TRIES:
            return {}
        data = dict(zip(fields, values, strict=True))
        if not any(conditions.evaluate(one, data) for one in found):
            return data
    return None


def _answers_to(term: Sequence[Rule]) -> dict[str, Any] | None:
    """Answers that meet every rule; fields do not depend on each other."""
    answers = {}
    for field in {rule.field for rule in term}:
        own = [rule for rule in term if rule.field == field]
        for guess in _guesses(own):
            if all(conditions.evaluate(rule, {field: guess}) for rule in own):
                answers[field] = guess
                break
        else:
            return None
    return answers


def _guesses(rules: Sequence[Rule]) -> Iterable[Any]:
    """Answers near the values that the rules of one field name: at, beside and between them."""
    values = [v for rule in rules for v in _several(rule.value) if v not in (None, "")]
    yield None
    yield OTHER
    yield from values
    yield from (f"{value}x" for value in values)
    numbers = sorted({n for v in values if (n := conditions.number_in(v)) is not None})
    for number in numbers:
        yield from (str(number - 1), str(number + 1))
    for low, high in itertools.pairwise(numbers):
        yield str((low + high) / Decimal(2))
    for day in {d for v in values if (d := conditions.day_in(v)) is not None}:
        one = datetime.timedelta(days=1)
        yield from ((day - one).isoformat(), (day + one).isoformat())
    yield from (True, False)
    held = [rule.value for rule in rules if rule.operator == Operator.CONTAINS]
    if held:
        yield " ".join(str(value) for value in held)
        yield tuple(held)
        yield from ((value,) for value in held)


def _several(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _rules(condition: Condition | None) -> list[Rule]:
    match condition:
        case Rule():
            return [condition]
        case AllOf(parts) | AnyOf(parts):
            return [rule for part in parts for rule in _rules(part)]
    return []


def _terms(condition: Condition | None) -> list[list[Rule]] | None:
    """The condition as alternatives of rules to meet together; None when there are too many."""
    match condition:
        case None:
            return [[]]
        case Rule():
            return [[condition]]
        case AnyOf(parts):
            several = [_terms(part) for part in parts]
            if any(one is None for one in several):
                return None
            flat = [term for one in several for term in one or []]
            return flat if len(flat) <= MAX_TERMS else None
        case AllOf(parts):
            product: list[list[Rule]] = [[]]
            for part in parts:
                more = _terms(part)
                if more is None or len(product) * len(more) > MAX_TERMS:
                    return None
                product = [[*left, *right] for left in product for right in more]
            return product
