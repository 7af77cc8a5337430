"""Two believable procurements for the demo: one under contract, one that takes tenders now."""

import datetime
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.operations import Actor, operation
from core import pdf
from people.models import Role, User
from programme.models import (
    Award,
    BudgetLine,
    CallOff,
    Contract,
    Criterion,
    FollowUp,
    Opening,
    Procurement,
    Programme,
    Question,
)
from programme.procurement import seal
from programme.procurement.actions import tenders

DATA = Path(__file__).resolve().parent.parent / "data" / "demo_procurements.json"
DEMO = Actor(id="demo", name="Demo")
FIRST, SECOND = "projektledare@example.org", "administrator@example.org"


@transaction.atomic
def build_procurements() -> None:
    """Add what is missing; nothing the second time."""
    programme = Programme.objects.order_by("pk").first()
    if programme is None or Procurement.objects.exists():
        return
    rows = json.loads(DATA.read_text(encoding="utf-8"))
    with operation("demo.procurements", actor=DEMO):
        for row in rows:
            _Case(programme, row).build()


class _Case:
    """One procurement, its days counted from today."""

    def __init__(self, programme: Programme, row: dict[str, Any]) -> None:
        self.programme, self.row = programme, row
        self.first = User.objects.get(email=FIRST)
        self.second = User.objects.get(email=SECOND)
        self.today = timezone.localdate()

    def build(self) -> None:
        """Write the case as it stands today."""
        self.procurement = self._procurement()
        for order, (kind, weight, text) in enumerate(self.row["criteria"], start=1):
            Criterion.objects.create(
                procurement=self.procurement, kind=kind, weight=weight, text=text, order=order
            )
        self._questions()
        for supplier in self.row.get("tenders", ()):
            self._tender(supplier)
        if "award" in self.row:
            self._award()

    def _procurement(self) -> Procurement:
        row = self.row
        return Procurement.objects.create(
            programme=self.programme,
            budget_line=BudgetLine.objects.get(programme=self.programme, key=row["line"]),
            responsible=Role.objects.get(key="projektledare"),
            phase=Procurement.Phase.ANNOUNCED,
            announced_at=self._at(row["announced"], 9),
            questions_until=self._at(row["questions_until"], 12),
            tenders_until=self._at(row["tenders_until"], 23),
            first_opener=self.first,
            second_opener=self.second,
            contact_unit=row["contact_unit"],
            **{
                name: row[name]
                for name in ("title", "record_number", "kind", "form", "estimated_value", "purpose")
            },
        )

    def _questions(self) -> None:
        for days, who, text, answer, published in self.row["questions"]:
            Question.objects.create(
                procurement=self.procurement,
                received_at=self._at(days, 10),
                asked_by=who,
                text=text,
                answer=answer,
                answered_by=self.first if answer else None,
                published_at=self._at(published, 13) if published is not None else None,
            )

    def _tender(self, supplier: str) -> None:
        """Sealed as any other, the day before the last moment or today."""
        before = self.procurement.tenders_until - datetime.timedelta(days=1)
        tenders.keep(
            self.procurement,
            seal.Facts(supplier, "anbud.pdf", "application/pdf"),
            _paper(f"Anbud från {supplier}"),
            at=min(before, timezone.now()),
            by=self.second,
        )

    def _award(self) -> None:
        row, procurement = self.row["award"], self.procurement
        opening = Opening.objects.create(
            procurement=procurement,
            begun_by=self.first,
            begun_at=self._at(row["opened"], 9),
            joined_by=self.second,
            joined_at=self._at(row["opened"], 9) + datetime.timedelta(minutes=4),
        )
        procurement.tenders.update(opening=opening)
        decided = self._day(row["decided"])
        Award.objects.create(
            procurement=procurement,
            supplier=row["supplier"],
            organisation_number=row["organisation_number"],
            amount=row["amount"],
            reasons=row["reasons"],
            decided_on=decided,
            decided_by=row["decided_by"],
            standstill_until=decided + datetime.timedelta(days=10),
            tenders_received=procurement.tenders.count(),
            recorded_by=self.second,
        )
        agreed = row["contract"]
        contract = Contract.objects.create(
            procurement=procurement,
            supplier=row["supplier"],
            record_number=agreed["record_number"],
            ceiling=agreed["ceiling"],
            signed_on=self._day(agreed["signed"]),
            starts_on=self._day(agreed["signed"]),
            ends_on=self.programme.ends_on,
        )
        for days, what, amount in agreed["call_offs"]:
            CallOff.objects.create(
                contract=contract,
                what=what,
                amount=amount,
                ordered_on=self._day(days),
                ordered_by=self.second,
            )
        for days, result, note in agreed["follow_ups"]:
            FollowUp.objects.create(
                contract=contract,
                on=self._day(days),
                result=result,
                note=note,
                noted_by=self.first,
            )
        procurement.phase = Procurement.Phase.CONTRACTED
        procurement.save(update_fields=["phase"])

    def _day(self, days: int) -> datetime.date:
        return self.today + datetime.timedelta(days=days)

    def _at(self, days: int, hour: int) -> datetime.datetime:
        midnight = datetime.datetime.combine(self._day(days), datetime.time(hour))
        return timezone.make_aware(midnight)


def _paper(heading: str) -> bytes:
    """A page that stands for a tender."""
    return pdf.render(
        "document",
        {
            "title": heading,
            "author": "Kompetensportalen",
            "keywords": "",
            "language": "sv",
            "running": heading,
            "foot": ["Uppdiktat anbud"],
            "page-word": "Sida",
            "of-word": "av",
            "emblem-alt": "Medfinansieras av Europeiska unionen",
            "attachments": [],
            "kicker": "",
            "heading": heading,
            "lead": "Ett uppdiktat anbud, som bara öppnas av två personer tillsammans.",
            "sections": [],
        },
        made_at=timezone.now(),
    )
