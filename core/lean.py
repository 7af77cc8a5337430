"""The busiest reads and writes, without building the same query anew each time.

Django spends as long on building an insert as the database on doing it. These
build the statement once a process and let the database plan it once a
connection; what they do is what ``bulk_create``, ``get`` and ``raw`` do, signals
apart. History is written by the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, Model

Row = TypeVar("Row", bound=Model)
# A statement that a connection has seen so often is kept parsed and planned.
PREPARE_AFTER = 3


class PreparedCursor(ServerBindingCursor):
    """Django's cursor, which can also tell what it ran when the statement was prepared.

    Whoever captures queries, to count them or to find a write where there should
    be none, would else be shown nothing.
    """

    def execute(self, query: str, params: Sequence[Any] | None = None) -> Any:
        """Run the statement."""
        self.ran = query.encode()
        return super().execute(query, params)  # type: ignore[misc]

    @property
    def _query(self) -> Any:
        return self if getattr(self, "ran", None) else None

    @_query.setter
    def _query(self, _value: Any) -> None:
        """What psycopg notes here is gone once a statement is prepared."""

    @property
    def query(self) -> bytes:
        """The statement, its parameters left out."""
        return self.ran


def prepared() -> CursorWrapper:
    """A cursor whose statements the database keeps prepared; for those that come again and again.

    Parameters are bound by the server, so their types must be clear from the statement.
    """
    connection.ensure_connection()
    link: Any = connection.connection
    link.prepare_threshold = PREPARE_AFTER
    # Django's own wrapper around it, so that captured queries and broken transactions work.
    return connection._prepare_cursor(PreparedCursor(link))  # type: ignore[no-any-return, attr-defined, call-arg]


Statement = tuple[str, Sequence[Any]]


def insert(
    rows: Sequence[Model],
    *,
    ignore_conflicts: bool = False,
    beside: Sequence[Statement | None] = (),
) -> None:
    """Insert rows of one model in one statement and give them their primary keys.

    :param ignore_conflicts: rows that are there already are left out and no row
        gets its key.
    :param beside: more to do along with it, in no particular order.
    """
    if not rows:
        return
    fields, table = _written(type(rows[0]))
    values = [
        field.get_db_prep_save(field.pre_save(row, True), connection)
        for row in rows
        for field in fields
    ]
    marks = f"({', '.join(['%s'] * len(fields))})"
    end = "ON CONFLICT DO NOTHING" if ignore_conflicts else "RETURNING id"
    more = [one for one in beside if one is not None]
    first = ", ".join(f"beside{n} AS ({sql})" for n, (sql, _values) in enumerate(more))
    first = f"WITH {first} " if first else ""
    values = [value for _sql, parameters in more for value in parameters] + values
    rest = f"INSERT INTO {table} VALUES {', '.join([marks] * len(rows))} {end}"
    with prepared() as cursor:
        cursor.execute(first + rest, values)
        if not ignore_conflicts:
            for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = pk
                row._state.adding = False
                row._state.db = connection.alias


def update(row: Model, names: Sequence[str]) -> None:
    """Write some columns of one row."""
    with prepared() as cursor:
        cursor.execute(*updating(row, names))


def updating(row: Model, names: Sequence[str]) -> Statement:
    """The statement that writes some columns of one row."""
    fields: list[Any] = [row._meta.get_field(name) for name in names]
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    return f'UPDATE "{row._meta.db_table}" SET {columns} WHERE id = %s', [*values, row.pk]


@dataclass(frozen=True)
class Reading(Generic[Row]):
    """Rows of a model, by what follows its table's name in the statement.

    The model's own table is called «t» there. Foreign keys named in ``joined`` come
    along in the same statement.
    """

    model: type[Row]
    rest: str
    parameters: Sequence[Any]
    joined: tuple[str, ...] = ()

    @property
    def statement(self) -> str:
        """The whole of it."""
        columns, tables, _parts = _read(self.model, self.joined)
        return f"SELECT {columns} FROM {tables} {self.rest}"

    def made_of(self, fetched: Sequence[Sequence[Any]]) -> list[Row]:
        """The instances that the fetched rows are."""
        *_, parts = _read(self.model, self.joined)
        found = []
        for values in fetched:
            row = None
            at = 0
            for name, part in zip(("", *self.joined), parts, strict=True):
                one = part.made_of(values[at : at + len(part.names)])
                at += len(part.names)
                if row is None:
                    row = one
                else:
                    setattr(row, name, one)
            assert isinstance(row, self.model)
            found.append(row)
        return found


def select(
    model: type[Row], rest: str, parameters: Sequence[Any], *, joined: Sequence[str] = ()
) -> list[Row]:
    """Rows of the model, see :class:`Reading`."""
    reading = Reading(model, rest, parameters, tuple(joined))
    with prepared() as cursor:
        cursor.execute(reading.statement, reading.parameters)
        return reading.made_of(cursor.fetchall())


def select_together(*readings: Reading[Any]) -> list[list[Any]]:
    """Several readings in one journey to the database, which does them one after another.

    So a first one that locks a row has it before the next begins, and each sees
    what was committed before it began.
    """
    connection.ensure_connection()
    link: Any = connection.connection
    cursors = [prepared() for _ in readings]
    with connection.wrap_database_errors, link.pipeline():
        for cursor, reading in zip(cursors, readings, strict=True):
            cursor.execute(reading.statement, reading.parameters)
        return [
            reading.made_of(cursor.fetchall())
            for cursor, reading in zip(cursors, readings, strict=True)
        ]


@dataclass(frozen=True)
class _Part:
    """The columns of one table in a row that was read."""

    model: type[Model]
    names: list[str]
    primary_key: int
    converted: list[tuple[int, Any]]

    def made_of(self, values: Sequence[Any]) -> Model | None:
        """The model's instance; none where a join found nothing."""
        if values[self.primary_key] is None:
            return None
        row = list(values)
        for at, field in self.converted:
            row[at] = field.from_db_value(row[at], None, connection)
        return self.model.from_db(connection.alias, self.names, row)


def _part(model: type[Model]) -> _Part:
    fields = model._meta.concrete_fields
    return _Part(
        model,
        [field.attname for field in fields],
        next(at for at, field in enumerate(fields) if field.primary_key),
        [(at, field) for at, field in enumerate(fields) if hasattr(field, "from_db_value")],
    )


@cache
def _written(model: type[Model]) -> tuple[list[Field[Any, Any]], str]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return fields, f'"{model._meta.db_table}" ({columns})'


@cache
def _read(model: type[Model], joined: tuple[str, ...]) -> tuple[str, str, list[_Part]]:
    parts = [_part(model)]
    columns = [f't."{field.column}"' for field in model._meta.concrete_fields]
    tables = [f'"{model._meta.db_table}" t']
    for name in joined:
        key: Any = model._meta.get_field(name)
        other: type[Model] = key.remote_field.model
        parts.append(_part(other))
        columns += [f'{name}."{field.column}"' for field in other._meta.concrete_fields]
        tables.append(f'LEFT JOIN "{other._meta.db_table}" {name} ON {name}.id = t."{key.column}"')
    return ", ".join(columns), " ".join(tables), parts
