"""What the public may know of procurements; nothing of tenders until the award decision."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from programme.models import Award, Contract, Criterion, Procurement, Question


@dataclass(frozen=True)
class PublicFacts:
    """Everything that a public page shows of one procurement."""

    procurement: Procurement
    criteria: Sequence[Criterion]
    questions: Sequence[Question]
    award: Award | None
    contracts: Sequence[Contract]
    takes_questions: bool
    takes_tenders: bool


def announced() -> "QuerySet[Procurement]":
    """The procurements that the public may know of."""
    return Procurement.objects.filter(announced_at__lte=timezone.now()).exclude(
        phase=Procurement.Phase.PLANNED
    )


def public_list() -> "QuerySet[Procurement]":
    """All of them, newest first, with what a list shows."""
    return announced().select_related("award", "budget_line").order_by("-announced_at", "-pk")


def public_facts(procurement: Procurement, now: datetime.datetime | None = None) -> PublicFacts:
    """What may be told of the procurement at this moment."""
    at = now or timezone.now()
    decided = procurement.is_decided
    running = procurement.phase == Procurement.Phase.ANNOUNCED
    return PublicFacts(
        procurement=procurement,
        criteria=list(procurement.criteria.all()),
        questions=list(
            procurement.questions.filter(published_at__lte=at).order_by("published_at", "pk")
        ),
        award=Award.objects.filter(procurement=procurement).first() if decided else None,
        contracts=list(procurement.contracts.all()) if decided else [],
        takes_questions=running and at <= procurement.questions_until,
        takes_tenders=running and at <= procurement.tenders_until,
    )
