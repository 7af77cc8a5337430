"""Reads shaped for the registers' pages; their number does not grow with the rows."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, QuerySet, Sum, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Regex

from forms_app.schema import FieldSchema
from people.models import User
from programme.models import Entry, Register
from programme.registers import rules, targets, words
from programme.registers.rules import Period, Standing

#: Columns of a list beside number and links; all of them are in the file and on the entry's page.
COLUMNS = 5
FILTERABLE = ("choice", "choices", "yes_no")
NUMBER = r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"


@dataclass(frozen=True)
class Wanted:
    """What a list shows: words, state, chosen answers, and the order."""

    words: str = ""
    #: Empty for those in force; «late», «withdrawn» or «all».
    state: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    #: A question's key, with a minus for the last first; empty for the entries' numbers.
    order: str = ""


@dataclass(frozen=True)
class Row:
    """An entry as a list shows it."""

    entry: Entry
    title: str
    cells: Mapping[str, str]
    links: Sequence[targets.Linked]
    late: bool


def in_force(register: Register) -> QuerySet[Entry]:
    """Entries that have not been withdrawn."""
    return Entry.objects.filter(register=register, withdrawn_on=None)


def late_ids(register: Register, today: datetime.date) -> set[int]:
    """Entries whose day has passed without the link they should have led to."""
    if not register.late_without:
        return set()
    due = []
    for one in in_force(register).only("values", "links"):
        day = rules.day_in(one.values, register.day_field)
        if day is not None and day < today:
            due.append((one, day))
    found = targets.find([_of_kind(one, register.late_without) for one, _day in due])
    return {
        one.pk
        for one, day in due
        if rules.is_late(
            day,
            any((link["kind"], link["ref"]) in found for link in one.links),
            today,
        )
    }


def _of_kind(entry: Entry, kind: str) -> targets.Stored:
    return [one for one in entry.links if one["kind"] == kind]


def entries(
    register: Register, fields: Sequence[FieldSchema], wanted: Wanted, late: set[int]
) -> QuerySet[Entry]:
    """The entries that a list asks for, in its order.

    :param fields: the questions of the newest version.
    """
    found = Entry.objects.filter(register=register)
    if wanted.state == "late":
        found = found.filter(pk__in=late)
    elif wanted.state == "withdrawn":
        found = found.exclude(withdrawn_on=None)
    elif wanted.state != "all":
        found = found.filter(withdrawn_on=None)
    for word in wanted.words.split():
        found = found.filter(words__icontains=word)
    for one in fields:
        value = wanted.answers.get(one.key)
        if value and one.kind in FILTERABLE:
            found = found.filter(values__contains={one.key: _stored(one, value)})
    return found.order_by(*_order(fields, wanted.order))


def _stored(asked: FieldSchema, value: str) -> Any:
    """What an answer is stored as, when it is chosen."""
    if asked.kind == "choices":
        return [value]
    return value == "yes" if asked.kind == "yes_no" else value


def _order(fields: Sequence[FieldSchema], wanted: str) -> list[Any]:
    key, falling = wanted.removeprefix("-"), wanted.startswith("-")
    asked = next((one for one in fields if one.key == key), None)
    if asked is None:
        return ["-number" if key == "nr" and falling else "number"]
    numeric = asked.kind in ("number", "calculated")
    by: Any = _number(key) if numeric else KeyTransform(key, "values")
    if asked.kind in ("choice", "text", "long_text", "email"):
        by = KeyTextTransform(key, "values")
    ordered = by.desc(nulls_last=True) if falling else by.asc(nulls_last=True)
    return [ordered, "number"]


def _number(key: str) -> Case:
    """An answer as a number; nothing where an older version of the form asked for something else."""
    text = KeyTextTransform(key, "values")
    decimal: DecimalField[Any, Any] = DecimalField(max_digits=22, decimal_places=6)
    return Case(
        When(Regex(text, NUMBER), then=Cast(text, decimal)),
        output_field=decimal,
    )


def total(found: QuerySet[Entry], key: str) -> Decimal:
    """The sum of a number over the entries."""
    summed: Decimal | None = (
        found.order_by().annotate(number_given=_number(key)).aggregate(all=Sum("number_given"))
    )["all"]
    return summed or Decimal(0)


def rows_of(
    register: Register, page: Iterable[Entry], late: set[int], viewer: User
) -> tuple[list[Row], words.Schemas]:
    """Entries in words, with their links as the viewer may follow them."""
    shown = list(page)
    schemas = words.Schemas(words.newest_version(register), {one.version_id for one in shown})
    names = words.names_for(schemas, [(one.version_id, one.values) for one in shown])
    found = targets.find([one.links for one in shown])
    rows = []
    for one in shown:
        cells = words.cells(schemas.of(one.version_id), one.values, one.links, names)
        title = next(iter(cells.values()), "")
        rows.append(Row(one, title, cells, targets.read(one.links, found, viewer), one.pk in late))
    return rows, schemas


def standings(
    registers: Iterable[Register], today: datetime.date
) -> dict[int, list[tuple[Period, Standing]]]:
    """How each register's periods stand, by its key in the database; one query."""
    rhythmic = [one for one in registers if one.rhythm != Register.Rhythm.NONE and one.in_use]
    days: dict[int, list[datetime.date]] = {one.pk: [] for one in rhythmic}
    asked = {one.pk: one.day_field for one in rhythmic}
    rows = (
        Entry.objects.filter(register__in=rhythmic, withdrawn_on=None).values_list(
            "register_id", "values"
        )
        if rhythmic
        else ()
    )
    for register_id, values in rows:
        day = rules.day_in(values, asked[register_id])
        if day is not None:
            days[register_id].append(day)
    return {
        one.pk: rules.standings(
            one.rhythm, one.rhythm_from, days[one.pk], today=today, warn_days=one.warn_days
        )
        for one in rhythmic
    }


def linked_to(kind: str, ref: str, registers: QuerySet[Register]) -> QuerySet[Entry]:
    """Entries in force of those registers that are linked to one thing."""
    return (
        Entry.objects.filter(
            register__in=registers, withdrawn_on=None, links__contains=[{"kind": kind, "ref": ref}]
        )
        .select_related("register")
        .order_by("register__name", "-number")
    )
