"""A small procurement for the tests."""

import datetime
import io
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people.models import Capability, Organisation, User
from programme.models import BudgetLine, Procurement, Programme, Setting, Tender
from programme.procurement.actions import planning, tenders
from tests.people import builders

PAPER = b"%PDF-1.4\n1 0 obj<</Canary(KANARIEBUD)>>endobj\n%%EOF"
CANARY = "Kanarieleverantoren AB"


@dataclass
class Office:
    """Who runs procurements, and what there is to spend."""

    programme: Programme
    line: BudgetLine
    city: Organisation
    first: User
    second: User
    third: User
    writer: User
    evaluator: User


def office() -> Office:
    """Three who run procurements, one who publishes, and a budget line of 500 000 kronor."""
    with transaction.atomic(), operation("test.office"):
        city = builders.organisation("city")
        programme = Programme.objects.create(
            key="p",
            name="Projektet",
            record_number="25-021-S02",
            starts_on="2026-01-01",
            ends_on="2028-12-31",
            budget_date="2025-09-25",
            fund="ESF+",
            cci="2021SE05SFPR",
            programme_area="A",
            specific_objective="A1A",
            region="Stockholm",
            nuts2="SE11",
            country="Sverige",
            intervention_type="141",
            union_rate_percent=40,
            owner=city,
        )
        line = BudgetLine.objects.create(
            programme=programme,
            key="utvardering",
            name="Utvärdering",
            heading="Externa tjänster",
            amount=500_000,
            decision="Ansökan",
        )
        people = {}
        for name, capability in (
            ("first", Capability.PROCURE),
            ("second", Capability.PROCURE),
            ("third", Capability.PROCURE),
            ("writer", Capability.MANAGE_CONTENT),
            ("evaluator", Capability.EVALUATE),
        ):
            people[name] = builders.account(name)
            builders.holds(people[name], f"role-{capability}", city, capability)
    return Office(programme, line, city, **people)


def facts(office: Office, **fields: Any) -> planning.Facts:
    """What is known of a procurement."""
    now = timezone.now().replace(second=0, microsecond=0)
    given: dict[str, Any] = {
        "title": "Lärande utvärdering",
        "record_number": "SOF 2026/1",
        "budget_line": office.line,
        "kind": "evaluation",
        "form": "direct",
        "estimated_value": 400_000,
        "purpose": "Följa projektet.",
        "contact_unit": "Upphandlingsenheten",
        "responsible": builders.role("role-procure"),
        "questions_until": now + datetime.timedelta(days=5),
        "tenders_until": now + datetime.timedelta(days=10),
    }
    return planning.Facts(**{**given, **fields})


def planned(office: Office, **fields: Any) -> Procurement:
    """A procurement that nobody outside knows of, with two named openers."""
    found = planning.save(facts=facts(office, **fields), actor=office.first)
    return planning.name_openers(
        procurement_id=found.pk, first=office.first, second=office.second, actor=office.first
    )


def announced(office: Office, **fields: Any) -> Procurement:
    """One that takes questions and tenders."""
    return planning.announce(procurement_id=planned(office, **fields).pk, actor=office.first)


def tender(procurement: Procurement, office: Office, supplier: str = CANARY) -> Tender:
    """A sealed tender."""
    return tenders.receive(
        procurement_id=procurement.pk,
        supplier=supplier,
        name="anbud-kanarie.pdf",
        stream=io.BytesIO(PAPER),
        actor=office.third,
    )


def opened(procurement: Procurement, office: Office) -> None:
    """Opened by the two; the caller has moved the clock."""
    tenders.open_together(procurement_id=procurement.pk, actor=office.first)
    tenders.open_together(procurement_id=procurement.pk, actor=office.second)


def set_limits(office: Office, **values: int) -> None:
    """Settings valid from the programme's start."""
    with transaction.atomic(), operation("test.settings"):
        for key, value in values.items():
            Setting.objects.create(
                programme=office.programme,
                key=key,
                value=value,
                valid_from=datetime.date(2026, 1, 1),
                decision="test",
            )
