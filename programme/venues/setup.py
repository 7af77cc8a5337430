"""The accessibility checklist that an installation begins with; staff change it in the editor."""

import json
from pathlib import Path

from programme.models import AccessibilityPoint, Programme

FILE = Path(__file__).resolve().parent.parent / "data" / "accessibility.json"


def load_checklist(programme: Programme) -> None:
    """Lay the questions, unless there are any; call it inside an operation."""
    if AccessibilityPoint.objects.filter(programme=programme).exists():
        return
    with FILE.open(encoding="utf-8") as file:
        rows = json.load(file)
    AccessibilityPoint.objects.bulk_create(
        AccessibilityPoint(programme=programme, text=row["text"], needed=row["needed"], order=order)
        for order, row in enumerate(rows, start=1)
    )
