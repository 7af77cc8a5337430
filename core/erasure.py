"""The mark that stands in the place of an answer that has been erased."""

import datetime
from collections.abc import Mapping
from typing import Any

#: What an erased answer holds instead of its value: the day.
ERASED = "erased"


def mark(day: datetime.date) -> dict[str, str]:
    """What is put in the place of an answer on the day."""
    return {ERASED: day.isoformat()}


def is_erased(value: Any) -> bool:
    """Whether a stored answer has been erased."""
    return isinstance(value, Mapping) and set(value) == {ERASED}
