"""Reads of the history: what an operation changed, and what has happened to a row.

One statement over all history tables answers for any number of operations or
rows, so a page costs the same whatever it shows.
"""

import datetime
import json
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import connection, models
from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from audit import registry, triggers
from audit.models import Operation

# Texts for the rows that a foreign key points to, by lower-case label.
Namer = Callable[[Collection[Any]], Mapping[Any, str]]
Namers = Mapping[str, Namer]
# What stands in place of a value that must not be shown; empty to leave the field out.
Masker = Callable[["Change", str], str | None]
# What a column's value says in words, by lower-case label and field: lists and objects say nothing to a reader.
Teller = Callable[[Any], str]
Tellers = Mapping[tuple[str, str], Teller]

# What a row is about, as models name such columns: a change tells it also where it stays the same.
ABOUT = ("person", "occasion", "month", "group", "case")


@dataclass(frozen=True)
class Change:
    """One history row, with the one before it."""

    model: type[models.Model]
    history_id: int
    pk: str
    kind: str
    at: datetime.datetime
    operation_id: uuid.UUID
    after: Mapping[str, Any]
    before: Mapping[str, Any] | None

    @property
    def what(self) -> str:
        """The kind of thing that changed, in words."""
        return str(self.model._meta.verbose_name)

    def differences(self) -> list[tuple["models.Field[Any, Any]", Any, Any]]:
        """Field, value before and value after, of each field that differs."""
        rows = []
        for each in self.model.history.model.tracked_fields:  # type: ignore[attr-defined]
            before = None if self.before is None or self.kind == "+" else self.before[each.column]
            after = None if self.kind == "-" else self.after[each.column]
            if before != after:
                rows.append((each, before, after))
        return rows

    def about(self) -> list[tuple["models.Field[Any, Any]", Any]]:
        """What a changed row is about; a new row and one taken away tell all they have."""
        if self.kind != "~":
            return []
        fields = {each.name: each for each in self.model.history.model.tracked_fields}  # type: ignore[attr-defined]
        return [
            (fields[name], self.after[fields[name].column])
            for name in ABOUT
            if name in fields and self.after.get(fields[name].column) is not None
        ]


@dataclass(frozen=True)
class Difference:
    """One field's difference in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeInWords:
    """One changed row in words."""

    what: str
    kind: str
    at: datetime.datetime
    differences: list[Difference]
    change: Change
    # Whose the changed row is and where, when the differences do not say it.
    about: str = ""


@dataclass(frozen=True)
class Event:
    """One operation with what it changed."""

    operation: Operation
    words: str
    changes: list[ChangeInWords] = field(default_factory=list)


def changes(
    *,
    operations: Collection[uuid.UUID] = (),
    rows: Mapping[type[models.Model], Collection[Any]] | None = None,
    versions: Mapping[type[models.Model], Collection[int]] | None = None,
) -> list[Change]:
    """Every change made by the operations, or to the rows; oldest first, one statement.

    :param versions: single changes, by the keys of their history rows.
    """
    parts: list[str] = []
    parameters: list[Any] = []
    by_table = {}
    quote = connection.ops.quote_name
    rows, versions = rows or {}, versions or {}
    for model in registry.tracked_models():
        wanted = []
        pk = quote(triggers.primary_key_of(model))
        if operations:
            wanted.append("h.operation_id = ANY(%s)")
        if rows.get(model):
            wanted.append(f"h.{pk} = ANY(%s)")
        if versions.get(model):
            wanted.append("h.history_id = ANY(%s)")
        if not wanted:
            continue
        history = quote(model.history.model._meta.db_table)  # type: ignore[attr-defined]
        by_table[model._meta.label] = model
        # The names are the model's own, quoted; the values are parameters.
        parts.append(
            f"SELECT %s, h.history_id, h.{pk}::text, h.history_type, h.history_date,"
            f" h.operation_id, to_jsonb(h)::text, (SELECT to_jsonb(p)::text FROM {history} p"
            f" WHERE p.{pk} = h.{pk} AND p.history_id < h.history_id"
            " ORDER BY p.history_id DESC LIMIT 1)"
            f" FROM {history} h WHERE {' OR '.join(wanted)}"
        )
        parameters.append(model._meta.label)
        if operations:
            parameters.append(list(operations))
        if rows.get(model):
            parameters.append(list(rows[model]))
        if versions.get(model):
            parameters.append(list(versions[model]))
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        found = [
            Change(
                by_table[label], id, pk, kind, at, operation,
                json.loads(after), json.loads(before) if before else None,
            )
            for label, id, pk, kind, at, operation, after, before in cursor.fetchall()
        ]  # fmt: skip
    return sorted(found, key=lambda one: (one.at, one.history_id, one.model._meta.label))


def numbers(operations: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many changes each operation made; one statement."""
    if not operations:
        return {}
    quote = connection.ops.quote_name
    tables = [quote(m.history.model._meta.db_table) for m in registry.tracked_models()]  # type: ignore[attr-defined]
    each = " UNION ALL ".join(
        f"SELECT operation_id, count(*) AS n FROM {table} WHERE operation_id = ANY(%s)"
        " GROUP BY operation_id"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT operation_id, sum(n)::int FROM ({each}) counted GROUP BY operation_id",
            [list(operations)] * len(tables),
        )
        return dict(cursor.fetchall())


def some_changes(operation: uuid.UUID, *, first: int, most: int) -> list[Change]:
    """A page of what one operation changed, oldest first: it may have changed everything.

    :param first: how many changes lie before the page.
    """
    quote = connection.ops.quote_name
    by_label = {m._meta.label: m for m in registry.tracked_models()}
    each = " UNION ALL ".join(
        f"SELECT %s::text AS label, history_id, history_date FROM"
        f" {quote(m.history.model._meta.db_table)} WHERE operation_id = %s"  # type: ignore[attr-defined]
        for m in by_label.values()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT label, history_id FROM ({each}) made"
            " ORDER BY history_date, history_id, label OFFSET %s LIMIT %s",
            [*(one for label in by_label for one in (label, operation)), first, most],
        )
        versions: dict[type[models.Model], list[int]] = defaultdict(list)
        for label, history_id in cursor.fetchall():
            versions[by_label[label]].append(history_id)
    return changes(versions=versions)


def in_words(
    found: Iterable[Change],
    *,
    namers: Namers | None = None,
    masked: Masker | None = None,
    tellers: Tellers | None = None,
) -> list[ChangeInWords]:
    """The changes as people read them; a query for each kind of thing they point to."""
    found = list(found)
    names = _names(found, namers or {})
    words = []
    for change in found:
        rows = []
        for each, before, after in change.differences():
            mask = masked(change, each.name) if masked else None
            if mask == "" or (each.primary_key and each.remote_field is None):
                continue
            if mask:
                rows.append(Difference(_label(each), mask, mask))
            elif teller := (tellers or {}).get((change.model._meta.label_lower, each.name)):
                told = [_told(teller, value) for value in (before, after)]
                rows.append(Difference(_label(each), *told))
            elif isinstance(before or after, dict):
                rows += _of_keys(_label(each), before or {}, after or {})
            else:
                texts = [_text(each, value, names) for value in (before, after)]
                rows.append(Difference(_label(each), *texts))
        about = ", ".join(
            _text(each, value, names)
            for each, value in change.about()
            if masked is None or masked(change, each.name) is None
        )
        # A row that is about nothing else, such as a person, is named itself.
        about = about or names.get((change.model._meta.label_lower, change.pk), "")
        words.append(ChangeInWords(change.what, change.kind, change.at, rows, change, about))
    return words


def events(
    operations: Iterable[Operation],
    found: Iterable[Change],
    *,
    namers: Namers | None = None,
    masked: Masker | None = None,
    tellers: Tellers | None = None,
) -> list[Event]:
    """The operations in the order given, each with its changes in words."""
    by_operation: dict[uuid.UUID, list[ChangeInWords]] = defaultdict(list)
    for words in in_words(found, namers=namers, masked=masked, tellers=tellers):
        by_operation[words.change.operation_id].append(words)
    return [Event(each, registry.describe(each.name), by_operation[each.pk]) for each in operations]


def history_of(
    row: models.Model, *, namers: Namers | None = None, masked: Masker | None = None
) -> list[Event]:
    """Everything that has happened to one row, oldest first."""
    return timeline({type(row): [row.pk]}, namers=namers, masked=masked)


def timeline(
    rows: Mapping[type[models.Model], Collection[Any]],
    *,
    subject: str = "",
    namers: Namers | None = None,
    masked: Masker | None = None,
    tellers: Tellers | None = None,
) -> list[Event]:
    """The operations that touched the rows, or were about the subject, oldest first.

    Of an operation about many subjects only the changes to these rows are told.
    """
    about = list(Operation.objects.filter(subject=subject).order_by("at")) if subject else []
    found = {
        (change.model, change.history_id): change
        for change in changes(rows=rows, operations=[each.pk for each in about])
    }
    known = {each.pk for each in about}
    others = {change.operation_id for change in found.values()} - known
    everyone = sorted([*about, *Operation.objects.filter(pk__in=others)], key=lambda each: each.at)
    return events(everyone, found.values(), namers=namers, masked=masked, tellers=tellers)


def _label(each: Any) -> str:
    # A name that Django made of the field's own has no translation tied to it.
    text = _(str(each.verbose_name))
    return text[:1].upper() + text[1:]


def plainly(row: models.Model) -> str:
    """What a row is called where it has no namer; its kind in words when only its code is left."""
    text = str(row)
    code = str(getattr(row, "public_id", ""))
    return f"{row._meta.verbose_name} {code}" if code and text.endswith(code) else text


def _told(teller: Teller, value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    try:
        return teller(value)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        # Written by an older version of the portal: better as it stands than not at all.
        return _plain(value)


def _of_keys(label: str, before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """A difference for each key, since a whole object before and after says little."""
    return [
        Difference(f"{label}: {key}", _plain(before.get(key)), _plain(after.get(key)))
        for key in sorted({**before, **after})
        if before.get(key) != after.get(key)
    ]


def _names(found: Iterable[Change], namers: Namers) -> dict[tuple[str, str], str]:
    wanted: dict[Any, set[Any]] = defaultdict(set)
    for change in found:
        if change.model._meta.label_lower in namers:
            wanted[change.model].add(change.pk)
        for each, before, after in change.differences():
            if each.remote_field is not None:
                wanted[each.related_model] |= {before, after} - {None}
        for each, value in change.about():
            if each.remote_field is not None:
                wanted[each.related_model].add(value)
    names = {}
    for model, pks in wanted.items():
        label = model._meta.label_lower
        if label in namers:
            texts = dict(namers[label](pks))
        else:
            rows = model._base_manager.filter(pk__in=pks).select_related()
            texts = {row.pk: plainly(row) for row in rows}
        names.update({(label, str(pk)): text for pk, text in texts.items()})
    return names


def _text(each: Any, value: Any, names: Mapping[tuple[str, str], str]) -> str:
    if value is None or value == "":
        return ""
    if each.remote_field is not None:
        return names.get((each.related_model._meta.label_lower, str(value)), str(value))
    if each.choices:
        return str(dict(each.flatchoices).get(value, value))
    if isinstance(each, models.DateTimeField) and (moment := parse_datetime(value)):
        return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    if isinstance(each, models.DateField) and (day := parse_date(value)):
        return formats.date_format(day)
    if isinstance(each, DateTimeRangeField):
        ends = (parse_datetime(end) for end in re.findall(r"[0-9][^\",)\]]+", value))
        return "–".join(
            formats.date_format(timezone.localtime(end), "DATETIME_FORMAT") for end in ends if end
        )
    return _plain(value)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        return ", ".join(str(each) for each in value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
