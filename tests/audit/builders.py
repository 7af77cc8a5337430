"""Rows of any model, made from its fields alone, so that new models are tested unasked."""

import datetime
import itertools
import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg.types.range import Range

from audit import registry, triggers

_numbers = itertools.count(1)

NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
# Where the fields alone do not tell what a row must look like.
# Days apart, so that a day later is still in order.
OPEN = {"opens_at": NOON, "closes_at": NOON + datetime.timedelta(days=4)}
SPECIAL: dict[str, dict[str, Any]] = {
    "programme.absence": {"percent": 50},
    "programme.adaptationneed": {"reason": ""},
    "programme.bodydecision": {"result": ""},
    "programme.guestlist": OPEN,
    "programme.seatplan": {**OPEN, "change_until": NOON + datetime.timedelta(days=4)},
    "programme.place": {"state": "placed", "reserve_rank": None},
    "programme.occasion": {"starts_at": NOON, "ends_at": NOON + datetime.timedelta(hours=4)},
    "programme.booking": {"period": Range(NOON, NOON + datetime.timedelta(hours=4))},
    "programme.procurement": {
        "questions_until": NOON,
        "tenders_until": NOON + datetime.timedelta(hours=4),
    },
    "programme.entry": {"withdrawn_on": NOON.date()},
    "programme.meeting": {
        "starts_at": NOON,
        "ends_at": NOON + datetime.timedelta(hours=4),
        "cancelled_because": "",
    },
    "programme.reportrow": {"how": "ignored"},
    "programme.countedtime": {"minutes": 1, "planned_minutes": 2},
    "programme.completionrule": {"least_percent": 80},
}

# Optional for the column, but not for the row.
NEEDED = {("reports.certificate", "month")}


def capture_of(model: type[models.Model]) -> Any:
    """The trigger that records the model's rows; Any, for its stubs ask for a row."""
    [capture] = [each for each in registry.triggers_of(model) if each.name == "audit_capture"]
    return capture


def captures_of(model: type[models.Model]) -> list[Any]:
    """The trigger, or the three of them, that write the model's history."""
    return [
        each for each in registry.triggers_of(model) if str(each.name).startswith("audit_capture")
    ]


def capture_by(model: Any, *, by_statement: bool) -> None:
    """Let the model's history be written in the one way or the other, until the test's end."""
    history = model.history.model
    captures = captures_of(model)
    with connection.cursor() as cursor:
        # A table with checks that wait for the end takes no other triggers.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for trigger in captures:
        trigger.uninstall(model)
    table, pk = history._meta.db_table, triggers.primary_key_of(model)
    never_copied, no_event = (
        [column for column in text.strip("{}").split(",") if column]
        for text in captures[0].arguments[-2:]
    )
    for trigger in triggers.capture(table, pk, never_copied, no_event, by_statement=by_statement):
        trigger.install(model)
    [inbox, *_guards] = triggers.to_inbox(model._meta.db_table, pk, by_statement=by_statement)
    inbox.install(history)


def is_needed(field: Any) -> bool:
    """Whether the row cannot do without a value there."""
    return not field.null or (field.model._meta.label_lower, field.name) in NEEDED


def value_for(field: Any) -> Any:
    """A value that the column takes; a new one each time where it is unique."""
    number = next(_numbers)
    if field.remote_field is not None:
        return make(field.related_model) if is_needed(field) else None
    if field.choices:
        return next(value for value, _ in field.flatchoices if value)
    if isinstance(field, ArrayField):
        return []
    if isinstance(field, models.EmailField):
        return f"a{number}@example.org"
    if isinstance(field, models.CharField | models.TextField):
        return f"{number:07d}"[-(field.max_length or 9) :]
    for kind, value in (
        (models.BooleanField, False),
        (models.DecimalField, 1),
        (models.IntegerField, number % 30_000),
        (models.DateTimeField, datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)),
        (models.DateField, datetime.date(2026, 1, 1)),
        (models.TimeField, datetime.time(12)),
        (models.JSONField, {"a": 1}),
        (models.UUIDField, uuid.uuid4()),
        (models.BinaryField, b"x"),
    ):
        if isinstance(field, kind):
            return value
    return field.get_default()


def unsaved(model: type[models.Model], **values: Any) -> Any:
    """An instance with a value in every column that needs one."""
    values = {**SPECIAL.get(model._meta.label_lower, {}), **values}
    for field in model._meta.concrete_fields:
        if field.name in values or isinstance(field, models.AutoField):
            continue
        optional = not is_needed(field) or (field.has_default() and not field.unique)
        if not optional or field.name == "public_id":
            values[field.name] = value_for(field)
    return model(**values)


def make(model: type[models.Model], **values: Any) -> Any:
    """A saved row."""
    row = unsaved(model, **values)
    models.Model.save(row, force_insert=True)
    return row


KINDS = (
    models.TextField,
    models.CharField,
    models.JSONField,
    models.DateTimeField,
    models.IntegerField,
    models.BooleanField,
    models.DateField,
    models.BinaryField,
)


def changeable(model: Any) -> Any:
    """A field that may be given another value: text if there is one, else a number or a date."""
    plain = [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.unique or field.remote_field)
        and type(field).__name__ != "StreamField"
    ]
    copied = [f for f in plain if f.name not in model.history.model._history_excluded_fields]
    for fields in ([f for f in copied if not f.choices], copied, plain):
        for kind in KINDS:
            for field in fields:
                if isinstance(field, kind):
                    return field
    raise LookupError(model)


def other_value(field: Any, row: Any) -> Any:
    """A value the row does not have yet."""
    old = getattr(row, field.attname)
    if field.choices:
        return next(value for value, _ in field.flatchoices if value and value != old)
    if isinstance(field, models.BinaryField):
        return b"y"
    if isinstance(field, models.CharField | models.TextField):
        return ("z" if not str(old).startswith("z") else "y") + str(old or "")[1:]
    if isinstance(field, models.JSONField):
        return {"a": next(_numbers)}
    if isinstance(field, models.BooleanField):
        return not old
    if isinstance(field, models.IntegerField):
        return (old or 0) + 1
    return (old or value_for(field)) + datetime.timedelta(days=1)
