"""What must be right in a form before it is published; pure decisions on the schema."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.conditions import (
    WITHOUT_VALUE,
    Condition,
    Operator,
    Rule,
    day_in,
    fields_of,
    number_in,
)
from forms_app import structure
from forms_app.files import MAX_MEGABYTES, TYPES
from forms_app.kinds import KINDS
from forms_app.schema import KEY_LENGTH, FieldSchema, FormSchema, StepSchema

#: Addresses that the wizard itself uses.
RESERVED_STEPS = frozenset({"granska", "kvitto"})
ORDERED = frozenset(
    {Operator.GREATER_THAN, Operator.AT_LEAST, Operator.LESS_THAN, Operator.AT_MOST}
)


@dataclass(frozen=True)
class Problem:
    """Something that stops a form from being published, and where it is."""

    message: str
    step: int | None = None
    field: int | None = None
    #: The sample that it is about, when it is about one.
    sample: int | None = None


def problems(schema: FormSchema) -> list[Problem]:
    """Everything that must be put right, in the order of the form."""
    if not schema.steps:
        return [Problem(_("The form has no steps. Add at least one."))]
    return [*_key_problems(schema), *_step_problems(schema)]


def _key_problems(schema: FormSchema) -> Iterator[Problem]:
    seen_steps: set[str] = set()
    seen_fields: dict[str, str] = {}
    for at, step in enumerate(schema.steps):
        if not _is_key(step.key) or step.key in RESERVED_STEPS:
            yield Problem(
                _("The step «%(title)s» needs another key: «%(key)s» cannot be used.")
                % {"title": step.title, "key": step.key},
                at,
            )
        elif step.key in seen_steps:
            yield Problem(
                _("Two steps have the key «%(key)s». Change one of them.") % {"key": step.key}, at
            )
        seen_steps.add(step.key)
        for place, field in enumerate(step.fields):
            if not _is_key(field.key):
                yield Problem(
                    _("The question «%(label)s» needs another key: «%(key)s» cannot be used.")
                    % {"label": field.label, "key": field.key},
                    at,
                    place,
                )
            elif field.key in seen_fields:
                yield Problem(
                    _("«%(label)s» and «%(other)s» have the same key, «%(key)s». Change one.")
                    % {"label": field.label, "other": seen_fields[field.key], "key": field.key},
                    at,
                    place,
                )
            seen_fields.setdefault(field.key, field.label)


def _step_problems(schema: FormSchema) -> Iterator[Problem]:
    everywhere = {one.key: one for one in schema.fields()}
    before: dict[str, FieldSchema] = {}
    for at, step in enumerate(schema.steps):
        if not step.fields:
            yield Problem(
                _("The step «%(title)s» has no questions. Add one or remove the step.")
                % {"title": step.title},
                at,
            )
        for message in _condition_problems(step.show_if, _quoted(step), before, everywhere):
            yield Problem(message, at)
        for place, field in enumerate(step.fields):
            for message in _question_problems(field, before, everywhere):
                yield Problem(message, at, place)
            before[field.key] = field


def _question_problems(
    field: FieldSchema,
    before: Mapping[str, FieldSchema],
    everywhere: Mapping[str, FieldSchema],
) -> Iterator[str]:
    for condition in (field.show_if, field.require_if):
        yield from _condition_problems(condition, _quoted(field), before, everywhere)
    yield from _field_problems(field)
    yield from structure.problems(field, before)
    # A row's question may ask about those before it in the row, and about all before the group.
    columns = {one.key: one for one in field.fields}
    passed = dict(before)
    for column in field.fields:
        if not _is_key(column.key):
            yield _("The question «%(label)s» needs another key: «%(key)s» cannot be used.") % {
                "label": column.label,
                "key": column.key,
            }
        yield from _question_problems(column, passed, {**everywhere, **columns})
        passed[column.key] = column


def _quoted(one: StepSchema | FieldSchema) -> str:
    return one.title if isinstance(one, StepSchema) else one.label


def _condition_problems(
    condition: Condition | None,
    owner: str,
    before: Mapping[str, FieldSchema],
    everywhere: Mapping[str, FieldSchema],
) -> Iterator[str]:
    for key in sorted(fields_of(condition)):
        if key not in everywhere:
            yield _("The condition on «%(owner)s» asks about «%(key)s», which does not exist.") % {
                "owner": owner,
                "key": key,
            }
        elif key not in before:
            yield _(
                "The condition on «%(owner)s» asks about «%(label)s», which comes later. "
                "Move that question up."
            ) % {"owner": owner, "label": everywhere[key].label}
    for rule in _rules_of(condition):
        if rule.field in before:
            yield from _rule_problems(rule, owner, before[rule.field])


def _rule_problems(rule: Rule, owner: str, asked: FieldSchema) -> Iterator[str]:
    values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    compares = rule.operator in (Operator.EQUALS, Operator.NOT_EQUALS, Operator.IS_ONE_OF)
    if asked.choices and (compares or rule.operator == Operator.CONTAINS):
        for value in values:
            if str(value) not in asked.choice_labels:
                yield _(
                    "The condition on «%(owner)s» compares «%(label)s» with «%(value)s», "
                    "which is not one of its choices."
                ) % {"owner": owner, "label": asked.label, "value": value}
    if asked.kind == "group" and rule.operator not in WITHOUT_VALUE:
        yield _(
            "The condition on «%(owner)s» can only ask whether «%(label)s» is filled in. "
            "Compare with a calculated value instead."
        ) % {"owner": owner, "label": asked.label}
    elif rule.operator in ORDERED and asked.kind not in ("number", "date", "calculated"):
        yield _(
            "The condition on «%(owner)s» compares the size of «%(label)s», "
            "which is neither a number nor a date."
        ) % {"owner": owner, "label": asked.label}

    elif rule.operator in ORDERED:
        reads = day_in if asked.kind == "date" else number_in
        if any(reads(value) is None for value in values):
            yield _(
                "The condition on «%(owner)s» compares «%(label)s» with «%(value)s», "
                "which cannot be read as a number or a date."
            ) % {"owner": owner, "label": asked.label, "value": rule.value}


def _rules_of(condition: Condition | None) -> Iterator[Rule]:
    if isinstance(condition, Rule):
        yield condition
    elif condition is not None:
        for part in condition.parts:
            yield from _rules_of(part)


def _field_problems(field: FieldSchema) -> Iterator[str]:
    named = {"label": field.label, "key": field.key}
    if not field.label.strip():
        yield _("A question has no text (its key is «%(key)s»).") % named
    if field.kind not in KINDS:
        yield _("The kind of the question «%(label)s» is unknown.") % named
    if field.kind in ("choice", "choices"):
        if len(field.choices) < 2:
            yield _("«%(label)s» needs at least two choices.") % named
        if len(field.choice_labels) < len(field.choices):
            yield _("«%(label)s» has two choices with the same value.") % named
    limits = [one for one in (field.minimum, field.maximum) if one is not None]
    readable = {"number": _is_number, "date": _is_day}.get(field.kind)
    if readable and not all(readable(one) for one in limits):
        yield _("The limits of «%(label)s» cannot be read.") % named
    elif readable and len(limits) == 2 and _larger(field):
        yield _("The smallest value of «%(label)s» is larger than its largest.") % named
    if field.kind == "file":
        unknown = [one for one in field.extensions if one not in TYPES]
        if unknown:
            yield _("«%(label)s» allows file types that the portal cannot check: %(types)s.") % {
                **named,
                "types": ", ".join(unknown),
            }
        if field.max_megabytes and field.max_megabytes > MAX_MEGABYTES:
            yield _("«%(label)s» allows larger files than %(limit)s MB.") % {
                **named,
                "limit": MAX_MEGABYTES,
            }


def _larger(field: FieldSchema) -> bool:
    low, high = str(field.minimum), str(field.maximum)
    return low > high if field.kind == "date" else Decimal(low) > Decimal(high)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _is_day(text: str) -> bool:
    try:
        return bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


def _is_key(key: str) -> bool:
    return bool(key) and len(key) <= KEY_LENGTH and slugify(key) == key.lower() == key
