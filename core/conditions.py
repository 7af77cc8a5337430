"""Conditions: the one small language in which forms and workflows ask about answers.

A condition is data: a rule about one field, or several combined with «all» or
«any». There is no expression to evaluate and nothing to escape from: the
operators are a closed list. Evaluating never fails, whatever the data holds,
because it runs in the middle of other people's work; a rule that cannot be
answered (text compared with a number) is simply not met.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import figures


class Operator(StrEnum):
    """Everything a rule may ask."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    IS_ONE_OF = "is_one_of"
    CONTAINS = "contains"
    GREATER_THAN = "greater_than"
    AT_LEAST = "at_least"
    LESS_THAN = "less_than"
    AT_MOST = "at_most"
    IS_FILLED = "is_filled"
    IS_EMPTY = "is_empty"


#: The operators' words in a sentence and in the editor's list.
OPERATOR_WORDS: dict[Operator, str | Promise] = {
    Operator.EQUALS: gettext_lazy("is"),
    Operator.NOT_EQUALS: gettext_lazy("is not"),
    Operator.IS_ONE_OF: gettext_lazy("is one of"),
    Operator.CONTAINS: gettext_lazy("contains"),
    Operator.GREATER_THAN: gettext_lazy("is greater than"),
    Operator.AT_LEAST: gettext_lazy("is at least"),
    Operator.LESS_THAN: gettext_lazy("is less than"),
    Operator.AT_MOST: gettext_lazy("is at most"),
    Operator.IS_FILLED: gettext_lazy("is filled in"),
    Operator.IS_EMPTY: gettext_lazy("is not filled in"),
}
COMPARING = frozenset(
    {Operator.GREATER_THAN, Operator.AT_LEAST, Operator.LESS_THAN, Operator.AT_MOST}
)
WITHOUT_VALUE = frozenset({Operator.IS_FILLED, Operator.IS_EMPTY})
TRUE_WORDS = frozenset({"yes", "true", "ja"})
FALSE_WORDS = frozenset({"no", "false", "nej"})
# The page's script reads numbers and dates by the same patterns (static/js/conditions.js).
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
GROUPED = re.compile(r"[+-]?\d{1,3}([ \u00a0\u202f]\d{3})+([.,]\d+)?", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
#: The text of what is no single value; no answer holds it, so it equals nothing.
NO_TEXT = "\x00"
MAX_DEPTH = 20
#: Beyond it a number stands as it was written; no amount comes near.
LARGEST_WRITTEN = Decimal(10) ** 15


class BadCondition(ValueError):
    """Plain data that is no condition; raised when reading it, never when evaluating."""


@dataclass(frozen=True)
class Rule:
    """One field, one operator, one value to compare with."""

    field: str
    operator: str
    value: Any = None

    def __post_init__(self) -> None:
        if self.operator not in Operator.__members__.values():
            raise BadCondition(f"unknown operator {self.operator!r}")
        # Lists become tuples so that a condition stays frozen all the way down.
        if isinstance(self.value, list):
            object.__setattr__(self, "value", tuple(self.value))


@dataclass(frozen=True)
class AllOf:
    """Met when every part is met; no parts means met."""

    parts: Sequence["Condition"]

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.parts))


@dataclass(frozen=True)
class AnyOf:
    """Met when at least one part is met; no parts means not met."""

    parts: Sequence["Condition"]

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.parts))


Condition = Rule | AllOf | AnyOf


def evaluate(condition: Condition | None, data: Mapping[str, Any]) -> bool:
    """Whether the answers meet the condition; no condition is always met."""
    match condition:
        case None:
            return True
        case Rule():
            return _meets(condition, data.get(condition.field))
        case AllOf(parts):
            return all(evaluate(part, data) for part in parts)
        case AnyOf(parts):
            return any(evaluate(part, data) for part in parts)


def fields_of(condition: Condition | None) -> frozenset[str]:
    """The keys of every field that the condition asks about."""
    match condition:
        case None:
            return frozenset()
        case Rule(field=field):
            return frozenset({field})
        case AllOf(parts) | AnyOf(parts):
            return frozenset().union(*(fields_of(part) for part in parts))


def to_plain(condition: Condition | None) -> dict[str, Any] | None:
    """The condition as JSON values."""
    match condition:
        case None:
            return None
        case Rule(field, operator, value):
            plain: dict[str, Any] = {"field": field, "operator": str(operator)}
            if operator not in WITHOUT_VALUE:
                plain["value"] = list(value) if isinstance(value, tuple) else value
            return plain
        case AllOf(parts):
            return {"all": [to_plain(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [to_plain(part) for part in parts]}


def from_plain(plain: Any, *, depth: int = 0) -> Condition | None:
    """Read back what :func:`to_plain` wrote.

    :raises BadCondition: when the data is no condition.
    """
    if plain is None:
        return None
    if not isinstance(plain, Mapping) or depth > MAX_DEPTH:
        raise BadCondition(f"not a condition: {type(plain).__name__} at depth {depth}")
    if "all" in plain or "any" in plain:
        key = "all" if "all" in plain else "any"
        if not isinstance(plain[key], Sequence) or isinstance(plain[key], str):
            raise BadCondition(f"«{key}» needs a list")
        parts = [from_plain(part, depth=depth + 1) for part in plain[key]]
        present = [part for part in parts if part is not None]
        return AllOf(present) if key == "all" else AnyOf(present)
    field, operator = plain.get("field"), plain.get("operator")
    if not isinstance(field, str) or not field or not isinstance(operator, str):
        raise BadCondition("a rule needs a field and an operator")
    return Rule(field, operator, plain.get("value"))


def in_words(
    condition: Condition | None,
    labels: Mapping[str, str],
    values: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """The condition as a sentence part: «Manager is yes and Hours is at least 18».

    :param labels: the fields' names by key; an unknown key is shown as it is.
    :param values: the choices' names by field key and value.
    """
    match condition:
        case None:
            return _("always")
        case Rule(field, operator, value):
            words = f"{labels.get(field, field)} {OPERATOR_WORDS[Operator(operator)]}"
            if operator in WITHOUT_VALUE:
                return words
            known = (values or {}).get(field, {})
            several = value if isinstance(value, tuple) else (value,)
            said = [
                known.get(str(one)) or _amount_in_words(one)
                if operator in COMPARING
                else _value_in_words(one, known)
                for one in several
            ]
            return f"{words} {', '.join(said)}"
        case AllOf(parts) | AnyOf(parts):
            if not parts:
                return _("always") if isinstance(condition, AllOf) else _("never")
            glue = _(" and ") if isinstance(condition, AllOf) else _(" or ")
            return glue.join(
                f"({in_words(part, labels, values)})"
                if isinstance(part, AllOf | AnyOf) and len(part.parts) > 1
                else in_words(part, labels, values)
                for part in parts
            )


def _amount_in_words(value: Any) -> str:
    """A number as it is written in Swedish, 20 000 or 18 750,50; a day or a word as it is.

    Only where sizes are compared: what is asked whether it *is* 10452 may be a code.
    """
    number = figures.as_decimal(value)
    if number is None or abs(number) >= LARGEST_WRITTEN:
        return str(value)
    return figures.plain(number)


def _value_in_words(value: Any, known: Mapping[str, str]) -> str:
    if isinstance(value, bool) or str(value) in ("yes", "no"):
        return _("yes") if _text(value) == "yes" else _("no")
    return known.get(str(value), str(value))


def _meets(rule: Rule, answer: Any) -> bool:
    match rule.operator:
        case Operator.IS_FILLED:
            return not _is_empty(answer)
        case Operator.IS_EMPTY:
            return _is_empty(answer)
        case Operator.EQUALS:
            return _same(answer, rule.value)
        case Operator.NOT_EQUALS:
            return not _same(answer, rule.value)
        case Operator.IS_ONE_OF:
            return any(_same(answer, one) for one in _several(rule.value))
        case Operator.CONTAINS:
            return _contains(answer, rule.value)
        case _:
            return _in_order(rule.operator, answer, rule.value)


def _is_empty(answer: Any) -> bool:
    if isinstance(answer, str):
        return not answer.strip()
    return answer is None or (isinstance(answer, list | tuple | dict | set) and not answer)


def _several(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple | set | frozenset) else (value,)


def _same(answer: Any, value: Any) -> bool:
    """Equal as booleans, numbers or dates when both are such, otherwise as text."""
    if isinstance(answer, list | tuple | set | frozenset):
        # Several choices equal a value only when exactly those were chosen.
        return sorted(map(_text, answer)) == sorted(map(_text, _several(value)))
    if isinstance(answer, bool) or isinstance(value, bool):
        return _truth(answer) is not None and _truth(answer) == _truth(value)
    if _is_empty(answer) or _is_empty(value):
        return _is_empty(answer) and _is_empty(value)
    left, right = number_in(answer), number_in(value)
    if left is not None and right is not None:
        return left == right
    return _text(answer) == _text(value)


def _contains(answer: Any, value: Any) -> bool:
    if _is_empty(value):
        return False
    if isinstance(answer, list | tuple | set | frozenset):
        return any(_same(one, value) for one in answer)
    return isinstance(answer, str) and _text(value) in _text(answer)


def _in_order(operator: str, answer: Any, value: Any) -> bool:
    left: Any = number_in(answer)
    right: Any = number_in(value)
    if left is None or right is None:
        left, right = day_in(answer), day_in(value)
    if left is None or right is None:
        return False
    match operator:
        case Operator.GREATER_THAN:
            return bool(left > right)
        case Operator.AT_LEAST:
            return bool(left >= right)
        case Operator.LESS_THAN:
            return bool(left < right)
        case _:
            return bool(left <= right)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list | tuple | dict | set | frozenset):
        return NO_TEXT
    if isinstance(value, float | Decimal):
        return _plainly(value)
    return str(value).strip().casefold()


def _plainly(value: float | Decimal) -> str:
    """A number without exponent or needless zeros, so that 1.0 reads as 1."""
    number = Decimal(str(value))
    if not number.is_finite():
        return NO_TEXT
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    text = _text(value)
    return True if text in TRUE_WORDS else False if text in FALSE_WORDS else None


def number_in(value: Any) -> Decimal | None:
    """A finite number, written with point or comma, thousands apart or not; no booleans."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    text = value.strip() if isinstance(value, str) else str(value)
    if isinstance(value, str) and GROUPED.fullmatch(text):
        text = "".join(text.split())
    text = text.replace(",", ".")
    return Decimal(text) if NUMBER.fullmatch(text) else None


def day_in(value: Any) -> datetime.date | None:
    """A day, written YYYY-MM-DD."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str) and DAY.fullmatch(value.strip()):
        try:
            return datetime.date.fromisoformat(value.strip())
        except ValueError:
            return None
    return None
