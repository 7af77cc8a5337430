"""The budget lines that external services are bought for."""

from typing import Any

from programme.models import BudgetLine, Programme

LECTURES = "forelasningar"
# The lines of the application that something is procured for.
KEYS = {
    "Lärande utvärdering": "utvardering",
    "Digitala föreläsningar": LECTURES,
    "Utbildningskostnader": "utbildning",
    "Kommunikationsstöd vid behov": "kommunikation",
    "Lokaler vid behov för kompetensutvecklingsinsatser": "lokaler",
}


def load_budget(programme: Programme, facts: dict[str, Any]) -> None:
    """Lay the lines that are missing; call it inside an operation."""
    rows = [row for row in facts["budget"]["lines"] if row["name"] in KEYS]
    for order, row in enumerate(rows, start=1):
        BudgetLine.objects.get_or_create(
            programme=programme,
            key=KEYS[row["name"]],
            defaults={
                "name": row["name"],
                "heading": row["group"],
                "amount": row["amount"],
                "decision": facts["decision"],
                "order": order,
            },
        )
