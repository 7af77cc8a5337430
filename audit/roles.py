"""The database role of the web and worker processes: it adds to history, never changes it.

Migrations run as the owner of the tables. The application may connect as a
login that is a member of the role, or, with ``DATABASE_SET_ROLE``, put the role
on when it connects. History, operations and events are written by the
triggers' own rights, so the role needs none of its own there.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from psycopg import sql

from audit.models import InboxEvent, Operation, ReadEvent

CREATE = """
DO $$ BEGIN
    CREATE ROLE {role} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""


def grant_all(using: str) -> bool:
    """Create the role if need be and give it its rights; false when we may not."""
    role = sql.Identifier(settings.AUDIT_APP_ROLE)
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user),"
            " EXISTS (SELECT FROM pg_roles WHERE rolname = %s)",
            [settings.AUDIT_APP_ROLE],
        )
        may_create, exists = cursor.fetchone()
        if not exists and not may_create:
            return False
        if not exists:
            cursor.execute(sql.SQL(CREATE).format(role=role))
            cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
        tables = set(connection.introspection.table_names(cursor))
        statements = [
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        ]
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(role=role))
        for table in sorted(tables & (_written_by_triggers() | {"django_migrations"})):
            cursor.execute(
                sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {table} FROM {role}").format(
                    table=sql.Identifier(table), role=role
                )
            )
        if ReadEvent._meta.db_table in tables:
            cursor.execute(
                sql.SQL("REVOKE UPDATE, DELETE ON {table} FROM {role}").format(
                    table=sql.Identifier(ReadEvent._meta.db_table), role=role
                )
            )
    return True


def _written_by_triggers() -> set[str]:
    history = {model._meta.db_table for model in apps.get_models() if hasattr(model, "history_id")}
    return {InboxEvent._meta.db_table, Operation._meta.db_table} | history


def put_on(connection: Any, **kwargs: Any) -> None:
    """Work with the role's rights; connected when the settings ask for it."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(settings.AUDIT_APP_ROLE)))
