"""Every statement that writes to a table whose rows stand on public pages, whoever sends it.

Django's signals are silent when many rows are written at once (``bulk_create``, ``update``,
SQL of our own), and a seat is counted by the database itself. So the statements are listened
to, on every connection of every process.
"""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Model

from cms.pagecache import generation

_tables: set[str] = set()
_WRITE = re.compile(
    r'\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE)\s+(?:ONLY\s+)?"?(\w+)"?', re.I
)


def watch(*models: type[Model]) -> None:
    """Begin a new generation whenever rows of these are written, one or many."""
    _tables.update(model._meta.db_table for model in models)
    writes_to_shown.cache_clear()


def watched() -> frozenset[str]:
    """The tables that are listened to."""
    return frozenset(_tables)


@lru_cache(maxsize=2000)
def writes_to_shown(statement: str) -> bool:
    """Whether the statement writes to a table whose rows stand on public pages."""
    return any(name in _tables for name in _WRITE.findall(statement))


def listening(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Run the statement; when it has written what pages show, the kept ones are history."""
    result = execute(sql, params, many, context)
    # Reads are most of what is asked, and are let by without being looked through.
    if isinstance(sql, str) and sql[:6] != "SELECT" and writes_to_shown(sql):
        _renew_once(context["connection"])
    return result


def _renew_once(connection: BaseDatabaseWrapper) -> None:
    """As :func:`generation.renew_on_commit`, once for all the writes of a transaction.

    Each write asks for it, since a savepoint that is rolled back takes its requests with it;
    the first request that is heard after the commit answers for all.
    """
    if getattr(connection, ASKED, None) is None:
        setattr(connection, ASKED, object())
    asked = getattr(connection, ASKED)
    transaction.on_commit(partial(_heard, connection, asked), using=connection.alias, robust=True)


ASKED = "pages_to_renew"


def _heard(connection: BaseDatabaseWrapper, asked: object) -> None:
    if getattr(connection, ASKED, None) is asked:
        setattr(connection, ASKED, None)
        generation.renew()


def _listen(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if listening not in connection.execute_wrappers:
        connection.execute_wrappers.append(listening)


def connect() -> None:
    """Listen to every connection that is opened."""
    connection_created.connect(_listen, dispatch_uid="cms.pagecache.writes")
