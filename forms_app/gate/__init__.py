"""The publish gate: what stops a form, and what its builder is advised to change; pure."""

import datetime

from forms_app.gate import accessibility, keeping, personal
from forms_app.gate.base import Finding, Level, Place
from forms_app.schema import FormSchema

__all__ = ["Finding", "Level", "findings"]


def findings(schema: FormSchema, *, today: datetime.date) -> list[Finding]:
    """Everything the gate has to say: what stops first, then in the order of the form."""
    places = [
        Place(one, at, place)
        for at, step in enumerate(schema.steps)
        for place, field in enumerate(step.fields)
        for one in (field, *field.fields)
    ]
    found = [
        *accessibility.of_form(schema),
        *accessibility.of_questions(places),
        *personal.of_questions(places),
        *keeping.of_form(schema, places, today),
    ]
    return sorted(
        found,
        key=lambda one: (
            not one.stops,
            -1 if one.step is None else one.step,
            -1 if one.field is None else one.field,
        ),
    )
