"""Forms carried between installations: what a form's content is, and how it is taken in."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.operations import operation
from core import exchange
from core.conditions import BadCondition
from forms_app import access, prefill
from forms_app.building import TooDeep, schema_of, stream_of
from forms_app.calculations import OPERATION_WORDS
from forms_app.care import LEGAL_BASES, SENSITIVE_BASES, CountedFrom
from forms_app.changes import changes
from forms_app.kinds import KINDS, ROW_KINDS
from forms_app.models import FormDefinition
from forms_app.schema import FormSchema
from people.access import actor_of
from people.models import User

KIND = "form"


def _text(longest: int, **more: Any) -> dict[str, Any]:
    return {"type": "string", "maxLength": longest, **more}


def _object(required: list[str], properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }


_NUMBER = {"type": "integer", "minimum": 0, "maximum": 1_000_000}
_KEY = _text(60, minLength=1)
_RETENTION = _object(
    [],
    {
        "delete_after_days": {"type": "integer", "minimum": 1, "maximum": 36_500},
        "keep_until": _text(10, pattern=r"^\d{4}-\d{2}-\d{2}$"),
        "keep_decision": _text(120),
        "counted_from": {"enum": [one.value for one in CountedFrom]},
    },
)
_FIELD = _object(
    ["key", "label", "kind"],
    {
        "key": _KEY,
        "label": _text(1000),
        "kind": _KEY,
        "help": _text(4000),
        "required": {"type": "boolean"},
        "show_if": {"$ref": "#/$defs/condition"},
        "require_if": {"$ref": "#/$defs/condition"},
        "choices": {
            "type": "array",
            "maxItems": 500,
            "items": _object(["value", "label"], {"value": _KEY, "label": _text(1000)}),
        },
        "max_length": _NUMBER,
        "minimum": _text(40),
        "maximum": _text(40),
        "decimals": {"type": "integer", "minimum": 0, "maximum": 4},
        "max_megabytes": _NUMBER,
        "extensions": {"type": "array", "maxItems": 40, "items": _text(10)},
        "fields": {"type": "array", "maxItems": 100, "items": {"$ref": "#/$defs/field"}},
        "min_rows": _NUMBER,
        "max_rows": _NUMBER,
        "calculation": _object(
            ["operation", "first"],
            {"operation": _text(40), "first": _KEY, "second": _text(60)},
        ),
        "prefill": _text(60),
        "prefill_locked": {"type": "boolean"},
        "autocomplete": _text(60),
        "privacy": _object(
            [],
            {
                "purpose": _text(4000),
                "legal_basis": _text(20),
                "sensitive_basis": _text(20),
            },
        ),
        "retention": _RETENTION,
    },
)
#: JSON Schema of what :meth:`FormSchema.to_plain` writes.
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object(
        ["name", "introduction", "steps"],
        {
            "name": _text(120, minLength=1),
            "introduction": _text(20_000),
            "retention": _RETENTION,
            "steps": {
                "type": "array",
                "maxItems": 100,
                "items": _object(
                    ["key", "title", "fields"],
                    {
                        "key": _KEY,
                        "title": _text(1000),
                        "description": _text(20_000),
                        "show_if": {"$ref": "#/$defs/condition"},
                        "fields": {
                            "type": "array",
                            "maxItems": 500,
                            "items": {"$ref": "#/$defs/field"},
                        },
                    },
                ),
            },
        },
    ),
    # The language of conditions reads and refuses its own values.
    "$defs": {"field": _FIELD, "condition": {"type": "object"}},
}


def export(key: str) -> dict[str, Any] | None:
    """The form under construction as it would be published."""
    definition = FormDefinition.objects.filter(key=key).first()
    return None if definition is None else schema_of(definition).to_plain()


def problems(key: str, content: Mapping[str, Any]) -> list[str]:
    """What this installation lacks, or what its editor could not show."""
    found = list(_unknown(content))
    if found:
        return found
    try:
        schema = FormSchema.from_plain(content)
        kept = _rebuilt(key, schema)
    except BadCondition:
        return [_("A condition in the file cannot be read.")]
    except TooDeep:
        return [_("A condition in the file combines combined conditions, which the editor cannot.")]
    except (KeyError, TypeError, ValueError, LookupError):
        return [_("The file cannot be read as a form.")]
    if kept.to_plain() != content:
        return [_("Something in the file would be lost here. Export it again from where it is.")]
    return []


def differences(key: str, content: Mapping[str, Any]) -> list[str]:
    """What would be different here, in words."""
    here = FormDefinition.objects.filter(key=key).first()
    if here is None:
        return []
    return changes(schema_of(here), FormSchema.from_plain(content))


def take_in(key: str, content: Mapping[str, Any], actor: User) -> FormDefinition:
    """Write the form as a draft; nothing is published.

    :raises people.access.NotAllowed: when the actor may not build forms.
    """
    access.ensure_may_build(actor)
    schema = FormSchema.from_plain(content)
    with operation("form.import", actor=actor_of(actor), subject=key):
        here = FormDefinition.objects.select_for_update().filter(key=key).first()
        made = put_in(here or FormDefinition(key=key), schema)
        made.save()
    made.refresh_from_db()
    return made


def put_in(definition: FormDefinition, schema: FormSchema) -> FormDefinition:
    """The schema in the definition's fields, not saved."""
    definition.name = schema.name
    definition.introduction = schema.introduction
    definition.steps = stream_of(schema)
    kept = schema.retention
    definition.delete_after_days = kept.delete_after_days
    definition.counted_from = kept.counted_from or CountedFrom.SUBMISSION
    definition.keep_until = kept.kept_until
    definition.keep_decision = kept.keep_decision
    return definition


def _rebuilt(key: str, schema: FormSchema) -> FormSchema:
    """What the form would be once the editor has stored it."""
    return schema_of(put_in(FormDefinition(key=key), schema))


def _unknown(content: Mapping[str, Any]) -> Iterator[str]:
    for step in content["steps"]:
        for field in step["fields"]:
            yield from _unknown_in(field, KINDS)


def _unknown_in(field: Mapping[str, Any], kinds: Mapping[str, Any]) -> Iterator[str]:
    words = {"label": field["label"], "kind": field["kind"], "source": field.get("prefill")}
    if field["kind"] not in kinds:
        yield _("«%(label)s» is of the kind «%(kind)s», which does not exist here.") % words
    if field.get("prefill") and field["prefill"] not in prefill.SOURCES:
        yield _("«%(label)s» is fetched from «%(source)s», which does not exist here.") % words
    calculation = field.get("calculation")
    if calculation and calculation.get("operation") not in OPERATION_WORDS:
        yield _("«%(label)s» is worked out in a way that does not exist here.") % words
    privacy = field.get("privacy", {})
    for name, known in (("legal_basis", LEGAL_BASES), ("sensitive_basis", SENSITIVE_BASES)):
        if privacy.get(name) and privacy[name] not in known:
            yield _("«%(label)s» has a legal basis that does not exist here.") % words
    for inner in field.get("fields", ()):
        yield from _unknown_in(inner, {key: KINDS[key] for key in ROW_KINDS})


def as_kind() -> exchange.Kind:
    """What this room registers."""
    return exchange.Kind(
        key=KIND,
        name=gettext_lazy("form"),
        schema=SCHEMA,
        export=export,
        problems=problems,
        changes=differences,
        apply=take_in,
    )
