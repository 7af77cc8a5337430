"""Emptying the tables between tests that commit, down to what the migrations put there.

Django's flush takes everything: also Wagtail's root page, locale and site, without
which no page can be made. It truncates each table, which costs seconds when they are
many, and which history refuses, also from the test runner. This one empties and
fills only the tables that a test has changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations

Rows = dict[str, bytes]


def rows_of_all_tables() -> Rows:
    """Each table that is not empty, as COPY writes it."""
    rows: Rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                content = b"".join(bytes(block) for block in copy)
            if content:
                rows[table] = content
    return rows


@contextmanager
def emptied_to(rows: Rows) -> Iterator[None]:
    """Let every flush leave these rows and no others."""
    original = DatabaseOperations.execute_sql_flush

    def flush(_self: Any, _truncate: list[str]) -> None:
        present = rows_of_all_tables()
        changed = [each for each in present | rows if present.get(each) != rows.get(each)]
        with transaction.atomic(), _without_triggers(changed), connection.cursor() as cursor:
            for table in changed:
                cursor.execute(f'DELETE FROM "{table}"')
            for table in changed:
                if content := rows.get(table):
                    with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                        copy.write(content)
            # A table that waits for its foreign keys cannot have its triggers back.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    DatabaseOperations.execute_sql_flush = flush  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        DatabaseOperations.execute_sql_flush = original  # type: ignore[method-assign]


@contextmanager
def _without_triggers(tables: list[str]) -> Iterator[None]:
    """Take the tables' triggers off; the owner of the scratch database may."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %%s %%%%s TRIGGER %%I', tgrelid::regclass, tgname),"
            " CASE tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END"
            " FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
            " AND tgrelid = ANY(%s::regclass[])",
            [tables],
        )
        triggers = cursor.fetchall()
        for sql, _ in triggers:
            cursor.execute(sql % "DISABLE")
        yield
        for sql, state in triggers:
            cursor.execute(sql % state)
