"""Reads shaped for the procurements' pages; no number of queries follows the number of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from people.access import held_by
from people.models import Capability, RoleAssignment, User
from programme.models import BudgetLine, CallOff, Contract, Lecture, Procurement, Programme
from programme.procurement import access, rules, seal
from programme.procurement.actions.tenders import step_of
from programme.procurement.rules import Step
from programme.procurement.setup import LECTURES
from programme.queries import settings_on

PHASES = [
    Procurement.Phase.PLANNED,
    Procurement.Phase.ANNOUNCED,
    Procurement.Phase.EVALUATING,
    Procurement.Phase.AWARDED,
    Procurement.Phase.CONTRACTED,
    Procurement.Phase.ENDED,
]
COLOURS = {
    Procurement.Phase.PLANNED: "grey",
    Procurement.Phase.ANNOUNCED: "teal",
    Procurement.Phase.EVALUATING: "amber",
    Procurement.Phase.AWARDED: "green",
    Procurement.Phase.CONTRACTED: "green",
    Procurement.Phase.ENDED: "grey",
    Procurement.Phase.CANCELLED: "red",
}


def register(user: User, *, words: str = "", phase: str = "") -> "QuerySet[Procurement]":
    """Procurements that the user sees, with what waits in each."""
    found = access.procurements_seen_by(user)
    if words:
        found = found.filter(Q(title__icontains=words) | Q(record_number__icontains=words))
    if phase in Procurement.Phase.values:
        found = found.filter(phase=phase)
    unanswered = Q(questions__published_at=None, questions__isnull=False)
    return (
        found.select_related("budget_line")
        .annotate(unpublished=Count("questions", filter=unanswered, distinct=True))
        .order_by("-tenders_until", "-pk")
    )


@dataclass(frozen=True)
class LineRow:
    """A budget line with what is called off and what is left."""

    line: BudgetLine
    contracted: int
    called_off: int

    @property
    def left(self) -> int:
        """What may still be called off."""
        return self.line.amount - self.called_off


def lines(programme: Programme) -> list[LineRow]:
    """Every budget line, in three queries however many there are."""
    contracted = dict(
        Contract.objects.filter(procurement__programme=programme)
        .values_list("procurement__budget_line")
        .annotate(total=Sum("ceiling"))
    )
    called = dict(
        CallOff.objects.filter(contract__procurement__programme=programme, cancelled_at=None)
        .values_list("contract__procurement__budget_line")
        .annotate(total=Sum("amount"))
    )
    return [
        LineRow(line, contracted.get(line.pk, 0), called.get(line.pk, 0))
        for line in BudgetLine.objects.filter(programme=programme)
    ]


@dataclass(frozen=True)
class TenderRow:
    """A tender in the case; who sent it is told when it has been opened, and to few."""

    number: int
    public_id: str
    received: Any
    size: int
    sha256: str
    supplier: str
    name: str
    readable: bool


def tenders(procurement: Procurement, user: User) -> list[TenderRow]:
    """What has been received."""
    runs = held_by(user).can(Capability.PROCURE)
    rows = []
    for tender in procurement.tenders.select_related("opening"):
        is_open = tender.opening is not None and tender.opening.joined_at is not None
        readable = runs and is_open
        facts = seal.facts_of(bytes(tender.sealed_facts)) if readable else None
        rows.append(
            TenderRow(
                number=tender.number,
                public_id=tender.public_id,
                received=tender.received_at,
                size=tender.size,
                sha256=tender.sha256,
                supplier=facts.supplier if facts else "",
                name=facts.name if facts else "",
                readable=readable,
            )
        )
    return rows


@dataclass(frozen=True)
class ContractRow:
    """A contract with its call-offs, summed, and its follow-ups."""

    contract: Contract
    call_offs: Sequence[CallOff]
    follow_ups: Sequence[Any]

    @property
    def total(self) -> int:
        """What stands."""
        return sum(one.amount for one in self.call_offs if one.cancelled_at is None)


def contracts(procurement: Procurement) -> list[ContractRow]:
    """The contracts of the case."""
    found = procurement.contracts.prefetch_related(
        "call_offs__ordered_by", "follow_ups__occasion", "follow_ups__noted_by"
    )
    return [
        ContractRow(one, list(one.call_offs.all()), list(one.follow_ups.all())) for one in found
    ]


def opening_words(procurement: Procurement, user: User) -> dict[str, Any]:
    """Where the opening stands for this user, in words and as a step."""
    begun = procurement.openings.select_related("begun_by", "joined_by").first()
    step = step_of(procurement, begun, user)
    return {
        "opening": begun,
        "step": step.name,
        "may_press": step in (Step.BEGIN, Step.JOIN),
        "all": list(procurement.openings.select_related("begun_by", "joined_by")),
    }


def steps(procurement: Procurement) -> list[dict[str, str]]:
    """The phases as steps; a cancelled one stops where it was."""
    if procurement.phase == Procurement.Phase.CANCELLED:
        return []
    at = PHASES.index(Procurement.Phase(procurement.phase))
    return [
        {
            "name": str(phase.label).capitalize(),
            "state": "done" if place < at else "now" if place == at else "todo",
        }
        for place, phase in enumerate(PHASES)
    ]


def advice(procurement: Procurement) -> list[str]:
    """What the limits of today say about the choice of procedure; the choice is the city's."""
    values = settings_on(procurement.programme, timezone.localdate())
    direct = procurement.form == Procurement.Form.DIRECT
    social = procurement.kind in (Procurement.Kind.TRAINING, Procurement.Kind.LECTURES)
    limit = int(values["direct_award_social_kronor" if social else "direct_award_kronor"])
    value, said = procurement.estimated_value, []
    if rules.above_direct_limit(direct=direct, value=value, limit=limit):
        said.append(
            _("The value is above the limit for direct awards, %(limit)s kronor.")
            % {"limit": f"{limit:,}".replace(",", "\u00a0")}
        )
    if rules.needs_documentation(
        direct=direct, value=value, limit=int(values["documentation_from_kronor"])
    ):
        said.append(_("The reasons for this direct award must be documented."))
    line = procurement.budget_line
    if value > line.amount:
        said.append(_("The value is more than the budget line holds."))
    return said


def possible_openers() -> "QuerySet[User]":
    """Accounts that work with procurements today."""
    holders = RoleAssignment.objects.on(timezone.localdate()).filter(
        role__capabilities__contains=[Capability.PROCURE]
    )
    return User.objects.filter(pk__in=holders.values("user"), is_active=True).order_by(
        "first_name", "last_name"
    )


def last_published(procurement: Procurement) -> Any:
    """When answers were last published."""
    return procurement.questions.aggregate(at=Max("published_at"))["at"]


def lectures_bought_by(procurement: Procurement) -> "QuerySet[Lecture]":
    """What an order may be for: the lectures, where they are what the budget line is for."""
    found = Lecture.objects.filter(programme=procurement.programme_id).select_related("unit")
    return found if procurement.budget_line.key == LECTURES else found.none()
