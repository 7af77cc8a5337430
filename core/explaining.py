"""Why a condition is met or not: the same evaluation, told rule by rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.conditions import AllOf, AnyOf, Condition, Rule, evaluate


@dataclass(frozen=True)
class Explained:
    """A condition, whether it is met, and what decided it."""

    condition: Condition
    met: bool
    #: What the rule was compared with; a combination has parts instead.
    answer: Any = None
    parts: tuple["Explained", ...] = ()


def explain(condition: Condition | None, data: Mapping[str, Any]) -> Explained | None:
    """Every rule of the condition with its own outcome; nothing where there is no condition."""
    match condition:
        case None:
            return None
        case Rule(field=field):
            return Explained(condition, evaluate(condition, data), data.get(field))
        case AllOf(parts) | AnyOf(parts):
            found = tuple(one for part in parts if (one := explain(part, data)) is not None)
            return Explained(condition, evaluate(condition, data), parts=found)
