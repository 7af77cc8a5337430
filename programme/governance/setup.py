"""The kinds, topics and bodies that an installation begins with; staff change them afterwards."""

import json
from pathlib import Path
from typing import Any

from people.models import Organisation
from programme.models import AgendaTopic, Body, BodyKind, BodyRules, Programme, Seat

FILE = Path(__file__).resolve().parent.parent / "data" / "governance.json"


def load_governance(programme: Programme) -> None:
    """Lay what is missing; bodies only where there are none. Call it inside an operation."""
    facts = json.loads(FILE.read_text(encoding="utf-8"))
    for order, row in enumerate(facts["kinds"], start=1):
        BodyKind.objects.get_or_create(key=row["key"], defaults={**row, "order": order})
    for order, row in enumerate(facts["topics"], start=1):
        AgendaTopic.objects.get_or_create(
            key=row["key"],
            defaults={
                "name": row["name"],
                "first_meeting_of_id": row.get("first_meeting_of"),
                "order": order,
            },
        )
    if not Body.objects.filter(programme=programme).exists():
        for row in facts["bodies"]:
            _load_body(programme, row, facts["decision"])


def _load_body(programme: Programme, row: dict[str, Any], decision: str) -> None:
    body = Body.objects.create(
        programme=programme,
        kind_id=row["kind"],
        name=row["name"],
        code=row["code"],
        task=row["task"],
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
    )
    BodyRules.objects.create(
        body=body, valid_from=programme.starts_on, decision=decision, **row["rules"]
    )
    codes = [seat["organisation"] for seat in row["seats"] if "organisation" in seat]
    organisations = Organisation.objects.in_bulk(codes, field_name="code")
    Seat.objects.bulk_create(
        Seat(
            body=body,
            role=seat["role"],
            organisation=organisations.get(seat.get("organisation", "")),
            outside=seat.get("outside", ""),
            part=seat["part"],
            valid_from=programme.starts_on,
            order=order,
        )
        for order, seat in enumerate(row["seats"], start=1)
    )
