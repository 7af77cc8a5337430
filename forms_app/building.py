"""Between the editor's StreamField and the schema, both ways."""

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from core.conditions import WITHOUT_VALUE, AllOf, AnyOf, Condition, Operator, Rule
from forms_app.calculations import Calculation
from forms_app.care import Privacy, Retention
from forms_app.kinds import kind_of
from forms_app.models import FormDefinition
from forms_app.schema import Choice, FieldSchema, FormSchema, StepSchema


class TooDeep(ValueError):
    """A condition two levels within a condition, which the editor has no way to show."""


def schema_of(definition: FormDefinition) -> FormSchema:
    """The schema that the definition would be published as."""
    return FormSchema(
        name=definition.name,
        introduction=definition.introduction,
        retention=definition.retention,
        steps=tuple(_step(block.value) for block in definition.steps),
    )


def stream_of(schema: FormSchema) -> str:
    """The schema as the editor stores it.

    :raises TooDeep: when a condition combines groups of groups.
    """
    return json.dumps([{"type": "step", "value": _step_raw(step)} for step in schema.steps])


def _step(value: Mapping[str, Any]) -> StepSchema:
    return StepSchema(
        key=value["key"],
        title=value["title"],
        description=value["description"] or "",
        show_if=_condition(value["show_if"]),
        fields=tuple(_field(block.block_type, block.value) for block in value["fields"]),
    )


def _field(kind: str, value: Mapping[str, Any]) -> FieldSchema:
    return FieldSchema(
        key=value["key"],
        label=value["label"],
        kind=kind,
        help=value["help"] or "",
        required=bool(value.get("required")),
        show_if=_condition(value["show_if"]),
        require_if=_condition(value.get("require_if")),
        choices=tuple(Choice(row["key"], row["label"]) for row in value.get("choices") or ()),
        max_length=value.get("max_length"),
        minimum=_limit(value.get("minimum")),
        maximum=_limit(value.get("maximum")),
        decimals=value.get("decimals") or 0,
        max_megabytes=value.get("max_megabytes"),
        extensions=tuple(value.get("extensions") or ()),
        fields=tuple(_field(one.block_type, one.value) for one in value.get("fields") or ()),
        min_rows=value.get("min_rows"),
        max_rows=value.get("max_rows"),
        calculation=_calculation(value.get("calculation")),
        prefill=value.get("prefill") or "",
        prefill_locked=bool(value.get("prefill_locked")),
        autocomplete=value.get("autocomplete") or "",
        privacy=_privacy(value.get("privacy") or {}),
        retention=_retention(value.get("retention") or {}),
    )


def _calculation(value: Mapping[str, Any] | None) -> Calculation | None:
    if not value or not value.get("operation"):
        return None
    first, second = (value.get("first") or "").strip(), (value.get("second") or "").strip()
    return Calculation(value["operation"], first, second)


def _privacy(value: Mapping[str, Any]) -> Privacy:
    return Privacy(
        purpose=(value.get("purpose") or "").strip(),
        legal_basis=value.get("legal_basis") or "",
        sensitive_basis=value.get("sensitive_basis") or "",
    )


def _retention(value: Mapping[str, Any]) -> Retention:
    return Retention(
        delete_after_days=value.get("delete_after_days") or None,
        keep_until=_limit(value.get("keep_until")),
        keep_decision=(value.get("keep_decision") or "").strip(),
    )


def _limit(value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def _condition(value: Mapping[str, Any] | None) -> Condition | None:
    if not value:
        return None
    groups = [_condition(group) for group in value.get("groups") or ()]
    several: list[Condition] = [_rule(row) for row in value["rules"]]
    several += [one for one in groups if one is not None]
    if len(several) < 2:
        return several[0] if several else None
    return AnyOf(several) if value["match"] == "any" else AllOf(several)


def _rule(row: Mapping[str, Any]) -> Rule:
    operator, text = row["operator"], (row["value"] or "").strip()
    if operator in WITHOUT_VALUE:
        return Rule(row["field"].strip(), operator)
    if operator == Operator.IS_ONE_OF:
        return Rule(
            row["field"].strip(), operator, tuple(one.strip() for one in text.split(",") if one)
        )
    return Rule(row["field"].strip(), operator, text)


def _step_raw(step: StepSchema) -> dict[str, Any]:
    return {
        "key": step.key,
        "title": step.title,
        "description": step.description,
        "show_if": _condition_raw(step.show_if),
        "fields": [{"type": one.kind, "value": _field_raw(one)} for one in step.fields],
    }


def _field_raw(field: FieldSchema) -> dict[str, Any]:
    limits: dict[str, Any] = {
        "choices": [_item({"key": one.value, "label": one.label}) for one in field.choices],
        "max_length": field.max_length,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "decimals": field.decimals,
        "max_megabytes": field.max_megabytes,
        "extensions": list(field.extensions),
        "fields": [{"type": one.kind, "value": _field_raw(one)} for one in field.fields],
        "min_rows": field.min_rows,
        "max_rows": field.max_rows,
        "calculation": field.calculation.to_plain() if field.calculation else {},
        "prefill": field.prefill,
    }
    return {
        "key": field.key,
        "label": field.label,
        "help": field.help,
        "required": field.required,
        "show_if": _condition_raw(field.show_if),
        "require_if": _condition_raw(field.require_if),
        "autocomplete": field.autocomplete,
        "privacy": vars(field.privacy),
        "retention": {
            "delete_after_days": field.retention.delete_after_days,
            "keep_until": field.retention.keep_until,
            "keep_decision": field.retention.keep_decision,
        },
        **{name: limits[name] for name in kind_of(field.kind).limits},
        "prefill_locked": field.prefill_locked,
    }


def _condition_raw(condition: Condition | None) -> dict[str, Any]:
    rules, groups = _parts_of(condition)
    return {**_rules_raw(condition, rules), "groups": [_item(_group_raw(one)) for one in groups]}


def _group_raw(group: AllOf | AnyOf) -> dict[str, Any]:
    rules, deeper = _parts_of(group)
    if deeper:
        raise TooDeep(repr(group))
    return _rules_raw(group, rules)


def _parts_of(condition: Condition | None) -> tuple[list[Rule], list[AllOf | AnyOf]]:
    parts = (condition,) if isinstance(condition, Rule) else condition.parts if condition else ()
    return (
        [one for one in parts if isinstance(one, Rule)],
        [one for one in parts if not isinstance(one, Rule)],
    )


def _rules_raw(condition: Condition | None, rules: Sequence[Rule]) -> dict[str, Any]:
    return {
        "match": "any" if isinstance(condition, AnyOf) else "all",
        "rules": [_item(_rule_raw(one)) for one in rules],
    }


def _item(value: Mapping[str, Any]) -> dict[str, Any]:
    """A list item; without an id Wagtail would take the whole of it for the value."""
    return {"type": "item", "id": str(uuid.uuid4()), "value": value}


def _rule_raw(rule: Rule) -> dict[str, str]:
    value = rule.value
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, tuple):
        value = ", ".join(str(one) for one in value)
    return {
        "field": rule.field,
        "operator": str(rule.operator),
        "value": "" if value is None else str(value),
    }
