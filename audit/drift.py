"""Does the database still have the guards that the code believes in?

The owner of the tables can drop or disable any trigger; this is how that is
found. The web and the workers ask when they start, and do not start otherwise.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pgtrigger
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from audit import registry, triggers

_unchecked = ContextVar("audit_unchecked", default=False)

# Bits of pg_trigger.tgtype.
BITS = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}

INSTALLED = """
SELECT c.relname, t.tgname, t.tgtype, p.proname, encode(t.tgargs, 'escape'), t.tgenabled,
       t.tgqual IS NULL AND NOT t.tgdeferrable,
       ARRAY(SELECT a.attname::text FROM pg_attribute a
              WHERE a.attrelid = t.tgrelid AND a.attnum = ANY (t.tgattr) ORDER BY 1),
       t.tgoldtable, t.tgnewtable
  FROM pg_trigger t
  JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_proc p ON p.oid = t.tgfoid
 WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
"""
FUNCTIONS = """
SELECT proname, prosrc, prosecdef, coalesce(proconfig::text, '')
  FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'audit\\_%%'
"""
RULES = """
SELECT c.relname, r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""
BODY = re.compile(r"FUNCTION public\.(\w+)\(.*?\$audit\$(.*?)\$audit\$", re.DOTALL)
SEARCH_PATH = '{"search_path=pg_catalog, public, pg_temp"}'


def problems(using: str) -> list[str]:
    """Each difference between the triggers installed and those the code names."""
    with connections[using].cursor() as cursor:
        cursor.execute(INSTALLED)
        installed = {(row[0], row[1]): tuple(row[2:]) for row in cursor.fetchall()}
        cursor.execute(FUNCTIONS)
        functions = {name: (body, secure, path) for name, body, secure, path in cursor.fetchall()}
        cursor.execute(RULES)
        rules = cursor.fetchall()
    found = []
    watched = set()
    models: list[Any] = apps.get_models(include_auto_created=True)
    for model in models:
        for trigger in registry.triggers_of(model):
            table, name = model._meta.db_table, trigger.get_pgid(model)
            watched.add(table)
            have = installed.get((table, name))
            if have is None:
                found.append(f"{table}: the trigger {name} is missing")
            elif have[3] != "A":
                found.append(f"{table}: the trigger {name} is not always enabled")
            elif have != expected(trigger, model):
                found.append(f"{table}: the trigger {name} does something else")
    for name, body in BODY.findall(triggers.FUNCTIONS.read_text()):
        if functions.get(name) != (body, name != "audit_refuse", SEARCH_PATH):
            found.append(f"the function {name} is missing or altered")
    found += [
        f"{table}: the rule {name} goes around triggers"
        for table, name in rules
        if table in watched
    ]
    return found


def expected(trigger: Any, model: Any) -> tuple[object, ...]:
    """What pg_trigger must say of one trigger."""
    operations = list(trigger.operation)
    # «UPDATE OF column, …» has columns where a plain operation has a name.
    columns = sorted(column for each in operations for column in getattr(each, "columns", ()))
    kind = sum(BITS[getattr(each, "name", "UPDATE")] for each in operations)
    kind |= BITS["ROW"] if trigger.level == pgtrigger.Row else 0
    kind |= BITS["BEFORE"] if trigger.when == pgtrigger.Before else 0
    arguments = "".join(f"{text}\\000" for text in trigger.arguments_for(model))
    rows = trigger.referencing
    tables = (rows.old, rows.new) if rows else (None, None)
    return kind, trigger.function, arguments, "A", True, columns, *tables


@contextmanager
def unchecked() -> Iterator[None]:
    """Leave the drift check out, for the commands that repair."""
    token = _unchecked.set(True)
    try:
        yield
    finally:
        _unchecked.reset(token)


def is_unchecked() -> bool:
    """Whether the check is left out just now."""
    return _unchecked.get()


def ensure(using: str = "default") -> None:
    """Refuse to start on a database whose audit triggers are not all in force.

    :raises ImproperlyConfigured: with everything that is wrong.
    """
    if found := problems(using):
        raise ImproperlyConfigured("The audit is not in force: " + "; ".join(found))


def before_worker(**kwargs: object) -> None:
    """The same, when a Celery worker starts."""
    ensure()
