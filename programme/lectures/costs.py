"""What the lectures cost against the budget line that they are bought with (R-096)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from programme.models import BudgetLine, CallOff, Lecture, Programme
from programme.procurement.setup import LECTURES


@dataclass(frozen=True)
class Cost:
    """One lecture, and what has been ordered for it."""

    title: str
    amount: int


@dataclass(frozen=True)
class Costs:
    """The line and what has been ordered on it; sums that are cancelled do not count."""

    line: BudgetLine
    ordered: int
    lectures: Sequence[Cost]

    @property
    def left(self) -> int:
        """Kronor of the line that nothing has been ordered for; negative when it is passed."""
        return self.line.amount - self.ordered

    @property
    def unnamed(self) -> int:
        """Kronor ordered on the line for no lecture in particular."""
        return self.ordered - sum(one.amount for one in self.lectures)

    @property
    def each(self) -> int | None:
        """Kronor of a lecture on average, of those that something is ordered for."""
        paid = [one.amount for one in self.lectures if one.amount]
        return round(sum(paid) / len(paid)) if paid else None


def of_programme(programme: Programme) -> Costs | None:
    """Every lecture that is no draft or has cost something; nothing before there is such a line.

    The queries do not follow the lectures.
    """
    line = BudgetLine.objects.filter(programme=programme, key=LECTURES).first()
    if line is None:
        return None
    orders = CallOff.objects.filter(
        cancelled_at=None, contract__procurement__budget_line=line
    ).order_by()
    by_lecture = dict(orders.values_list("lecture").annotate(total=Sum("amount")))
    rows = (
        Lecture.objects.filter(programme=programme).select_related("unit").order_by("unit__number")
    )
    return Costs(
        line=line,
        ordered=sum(by_lecture.values()),
        lectures=[
            Cost(one.unit.title, by_lecture.get(one.pk, 0))
            for one in rows
            if one.state != Lecture.State.DRAFT or one.pk in by_lecture
        ],
    )
