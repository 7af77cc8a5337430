"""What a wizard's page tells its script, so that it evaluates what the server does."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from core.conditions import fields_of, to_plain
from forms_app.forms import StepForm
from forms_app.kinds import LONG_TEXT_LENGTH, TEXT_LENGTH
from forms_app.schema import FieldSchema

LENGTHS = {"text": TEXT_LENGTH, "long_text": LONG_TEXT_LENGTH}


def page_data(form: StepForm) -> dict[str, Any] | None:
    """The step's questions and the earlier answers that they ask about; nothing if none asks.

    Answers that nothing on the page asks about are not sent.
    """
    shown = form.shown
    if not any(_moves(one) for one in shown):
        return None
    own = {one.key for one in shown}
    asked = {key for one in shown for key in _asked(one)} - own
    return {
        "fields": [_field(one, form) for one in shown],
        "known": {key: form.known[key] for key in sorted(asked) if key in form.known},
        "words": {
            "demanded": _("must be answered"),
            "optional": _("optional"),
            "missing": _("Worked out from your answers"),
            "decimal": get_format("DECIMAL_SEPARATOR"),
            "thousand": get_format("THOUSAND_SEPARATOR"),
        },
    }


def _moves(field: FieldSchema) -> bool:
    return bool(
        field.show_if or field.require_if or field.calculation or any(map(_moves, field.fields))
    )


def _asked(field: FieldSchema) -> Iterator[str]:
    yield from fields_of(field.show_if) | fields_of(field.require_if)
    if field.calculation:
        yield field.calculation.first
        yield field.calculation.second
    for column in field.fields:
        yield from _asked(column)


def _field(field: FieldSchema, form: StepForm) -> Mapping[str, Any]:
    rows: Sequence[StepForm] = form.rows.get(field.key, ())
    return {
        "key": field.key,
        "kind": field.kind,
        "required": field.required,
        "show_if": to_plain(field.show_if),
        "require_if": to_plain(field.require_if),
        "calculation": field.calculation.to_plain() if field.calculation else None,
        "choices": [one.value for one in field.choices],
        "max_length": field.max_length or LENGTHS.get(field.kind),
        "minimum": field.minimum,
        "maximum": field.maximum,
        "decimals": field.decimals,
        # Every row shows the same columns: what earlier steps hide is in none of them.
        "columns": [_field(one, rows[0]) for one in rows[0].shown] if rows else [],
    }
