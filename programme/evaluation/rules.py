"""Pure decisions of the evaluation: no database, no clock, no settings."""

import datetime
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

ANSWERED = ("accepted", "partly", "rejected", "done")
TO_DO = ("accepted", "partly")


def is_late(status: str, deadline: datetime.date | None, today: datetime.date) -> bool:
    """Whether something promised has not been done in time."""
    return status in TO_DO and deadline is not None and deadline < today


def lacks(*, status: str, owner: bool, deadline: bool, response: str) -> list[str]:
    """What an answer still needs before it closes the loop (R-166)."""
    if status not in ANSWERED:
        return ["status"]
    missing = []
    if not owner:
        missing.append("owner")
    if not deadline:
        missing.append("deadline")
    if not response.strip():
        missing.append("response")
    return missing


def rounded(minutes: int, step: int) -> int:
    """Minutes to the nearest whole step, half a step upwards.

    An unusual number of minutes is as good as a name to whoever knows when somebody left early.
    """
    return (2 * minutes + step) // (2 * step) * step


@dataclass(frozen=True)
class Progress:
    """How far the recommendations have come."""

    total: int
    answered: int
    done: int
    late: int


def progress(rows: Sequence[tuple[str, datetime.date | None]], today: datetime.date) -> Progress:
    """Counted from each recommendation's status and deadline."""
    counts = Counter(status for status, _deadline in rows)
    return Progress(
        total=len(rows),
        answered=sum(counts[status] for status in ANSWERED),
        done=counts["done"],
        late=sum(is_late(status, deadline, today) for status, deadline in rows),
    )


def untouched(tagged: Collection[str], every: Sequence[str]) -> list[str]:
    """Criteria or principles that no finding is about; the evaluator is to touch them all."""
    return [each for each in every if each not in tagged]
