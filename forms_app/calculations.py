"""Values that the form works out itself: a closed list, exact numbers, nothing to evaluate.

``static/js/conditions.js`` works out the same while someone types.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.conditions import day_in, number_in

#: Larger whole numbers are stored as text, since not every reader of JSON holds them.
LARGEST_WHOLE = 10**15


class Operation(StrEnum):
    """Everything that can be worked out."""

    SUM_ROWS = "sum_rows"
    COUNT_ROWS = "count_rows"
    SUM = "sum"
    DIFFERENCE = "difference"
    PRODUCT = "product"
    DAYS_BETWEEN = "days_between"


OPERATION_WORDS: dict[Operation, str | Promise] = {
    Operation.SUM_ROWS: _("the sum of a column in a group's rows"),
    Operation.COUNT_ROWS: _("the number of rows in a group"),
    Operation.SUM: _("the first plus the second"),
    Operation.DIFFERENCE: _("the first minus the second"),
    Operation.PRODUCT: _("the first times the second"),
    Operation.DAYS_BETWEEN: _("days from the first date to the second"),
}
OVER_ROWS = frozenset({Operation.SUM_ROWS, Operation.COUNT_ROWS})


@dataclass(frozen=True)
class Calculation:
    """One operation on one or two questions."""

    operation: str
    #: The first question, or the group.
    first: str
    #: The second question, or the column of the group.
    second: str = ""

    def to_plain(self) -> dict[str, str]:
        """As JSON values."""
        plain = {"operation": self.operation, "first": self.first}
        return {**plain, "second": self.second} if self.second else plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, str] | None) -> "Calculation | None":
        """Read back what :meth:`to_plain` wrote."""
        if not plain:
            return None
        return cls(plain["operation"], plain["first"], plain.get("second", ""))


def compute(calculation: Calculation, data: Mapping[str, Any], decimals: int) -> int | str | None:
    """The value as it is stored; nothing when an answer that it takes is missing.

    Rows without a number count as nothing, and a group without rows sums to 0.
    """
    with localcontext(prec=60):
        value = _value(calculation, data)
        return None if value is None else _stored(value, decimals)


def _value(calculation: Calculation, data: Mapping[str, Any]) -> Decimal | None:
    first, second = data.get(calculation.first), data.get(calculation.second)
    match calculation.operation:
        case Operation.SUM_ROWS:
            if not isinstance(first, list):
                return None
            found = (number_in(row.get(calculation.second)) for row in first)
            return sum((one for one in found if one is not None), Decimal(0))
        case Operation.COUNT_ROWS:
            return Decimal(len(first)) if isinstance(first, list) else None
        case Operation.DAYS_BETWEEN:
            start, end = day_in(first), day_in(second)
            return None if start is None or end is None else Decimal((end - start).days)
    left, right = number_in(first), number_in(second)
    if left is None or right is None:
        return None
    match calculation.operation:
        case Operation.SUM:
            return left + right
        case Operation.DIFFERENCE:
            return left - right
        case Operation.PRODUCT:
            return left * right
    return None


def _stored(value: Decimal, decimals: int) -> int | str:
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if rounded == rounded.to_integral_value():
        whole = int(rounded)
        return whole if abs(whole) < LARGEST_WHOLE else str(whole)
    return f"{rounded:f}"


def in_words(calculation: Calculation, labels: Mapping[str, str]) -> str:
    """The calculation as staff read it: «the first plus the second: Fee, VAT»."""
    asked = [calculation.first, calculation.second]
    named = ", ".join(labels.get(key, key) for key in asked if key)
    return f"{OPERATION_WORDS[Operation(calculation.operation)]}: {named}"
