"""A database with the tables made, which every test worker copies instead of making its own.

Making the tables takes a minute; copying a database takes a second. The template is
known by a digest of everything that decides what lies in it, so a changed migration
makes a new one, and the oldest go.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections

PREFIX = "portal_template_"
# As many branches as may be worked on at once.
KEPT = 12
# Any number that nobody else locks: makers of templates wait for each other.
LOCK = 7_204_466


def prepared() -> str:
    """The template's name; made now if nobody has made it."""
    name = PREFIX + _digest()
    with _outside() as cursor:
        # Whoever makes another one holds the lock for as long as that takes.
        if not _exists(cursor, name):
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            if not _exists(cursor, name):
                _make(cursor, name)
                _drop_oldest(cursor)
    return name


def _exists(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", [name])
    return bool(cursor.fetchone()[0])


def _digest() -> str:
    """Of the migrations in the order of the applications, and of the audit's functions."""
    digest = hashlib.sha256(str(sorted(apps.app_configs)).encode())
    for app in sorted(apps.get_app_configs(), key=lambda one: one.label):
        for path in sorted((Path(app.path) / "migrations").glob("*.py")):
            digest.update(path.read_bytes())
    for path in sorted((settings.BASE_DIR / "audit").rglob("*")):
        if path.suffix in {".py", ".sql"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _outside() -> Iterator[Any]:
    """A cursor outside the scratch databases; a lock it takes ends with it."""
    with connections[DEFAULT_DB_ALIAS]._nodb_cursor() as cursor:
        yield cursor


def _make(cursor: Any, name: str) -> None:
    """Make the tables under another name first, so half a template is never copied."""
    making = f"{name}_making"
    cursor.execute(f'DROP DATABASE IF EXISTS "{making}"')
    cursor.execute(f'CREATE DATABASE "{making}"')
    connection = connections[DEFAULT_DB_ALIAS]
    original = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = making
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
    cursor.execute(f'ALTER DATABASE "{making}" RENAME TO "{name}"')


def _drop_oldest(cursor: Any) -> None:
    cursor.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        " ORDER BY oid DESC OFFSET %s",
        [PREFIX, KEPT],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
