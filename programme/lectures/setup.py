"""The questions about material that an installation begins with; then they are staff's."""

import json
from pathlib import Path

from programme.models import MaterialQuestion, Programme

FILE = Path(__file__).resolve().parent.parent / "data" / "material_questions.json"


def load_material_questions(programme: Programme) -> None:
    """Lay the questions, unless there are any; call it inside an operation."""
    if MaterialQuestion.objects.filter(programme=programme).exists():
        return
    MaterialQuestion.objects.bulk_create(
        MaterialQuestion(programme=programme, text=text, order=order)
        for order, text in enumerate(json.loads(FILE.read_text(encoding="utf-8")), start=1)
    )
