"""What the person who answers is told: how long answers are kept, and whether the form is open."""

from dataclasses import dataclass
from typing import Any

from forms_app import opening
from forms_app.models import Draft
from forms_app.schema import FormSchema
from people.models import User


@dataclass(frozen=True)
class Keeping:
    """How long some answers are kept."""

    words: str
    #: The questions it is about; none means all the others.
    labels: tuple[str, ...] = ()


def keeping(schema: FormSchema) -> list[Keeping]:
    """First what holds for the form, then for questions that differ from it."""
    form = schema.retention.within(schema.retention).words()
    found: dict[str, list[str]] = {}
    for field in schema.fields():
        own = field.retention.within(schema.retention).words()
        if own != form:
            found.setdefault(own, []).append(field.label)
    first = [Keeping(form)] if form else []
    return [*first, *(Keeping(words, tuple(labels)) for words, labels in found.items())]


def of(draft: Draft, schema: FormSchema, viewer: User) -> dict[str, Any]:
    """For the wizard's pages; an answer that completes an earlier one is always taken."""
    stands = (
        opening.OPEN
        if draft.replaces_id
        else opening.standing_of(draft.version.definition_id, viewer)
    )
    return {"standing": stands, "keeping": keeping(schema)}
