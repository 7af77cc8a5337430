"""The audit triggers, as django-pgtrigger triggers that migrations carry.

Two things differ from pgtrigger's own: every trigger is ``ENABLE ALWAYS``, so
that ``session_replication_role = replica`` does not pass it, and none of them
asks ``pgtrigger.ignore``, which any session could set.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pgtrigger
from django.db import models
from pgtrigger import compiler

FUNCTIONS = Path(__file__).parent / "sql" / "functions.sql"

APPEND_ONLY = "history is only added to"
NO_TRUNCATE = "it would leave no history"


class AlwaysSql(compiler.UpsertTriggerSql):
    """Installs a trigger that runs one of the functions in ``sql/functions.sql``.

    Migrations name this class: the template may only grow in compatible ways.
    """

    def __init__(self, *, func: str = "", **kwargs: Any) -> None:
        super().__init__(func=func, **kwargs)

    def get_defaults(self, pgid: str) -> dict[str, str]:
        """As pgtrigger's, without a function of the trigger's own."""
        return {**super().get_defaults(pgid), "func": ""}

    def get_template(self) -> str:
        """Drop, create, enable always, and sign with the digest.

        Without a word of referencing the text must stay as it is, to the space: its
        digest is in the migrations.
        """
        return """
            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE TRIGGER {pgid}
                {when} {operation} ON {table}{referencing}
                FOR EACH {level} EXECUTE FUNCTION {execute};
            ALTER TABLE {table} ENABLE ALWAYS TRIGGER {pgid};
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


def quoted(text: str) -> str:
    """The text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def array(columns: Iterable[str]) -> str:
    """The columns as the text of a PostgreSQL array."""
    return "{" + ",".join(columns) + "}"


class AlwaysTrigger(pgtrigger.Trigger):
    """A trigger that calls one of the audit functions with fixed arguments."""

    def __init__(self, *, function: str, arguments: Sequence[str] = (), **kwargs: Any) -> None:
        self.function = function
        self.arguments = tuple(arguments)
        super().__init__(**kwargs)

    def arguments_for(self, model: type[models.Model]) -> Sequence[str]:
        """The function's arguments, once the model is complete."""
        return self.arguments

    def compile(self, model: Any) -> compiler.Trigger:
        """The SQL that migrations store."""
        arguments = ", ".join(quoted(text) for text in self.arguments_for(model))
        rows = {"referencing": f" {self.referencing}".rstrip()} if self.referencing else {}
        return compiler.Trigger(
            name=self.name,
            sql=AlwaysSql(
                **rows,
                pgid=self.get_pgid(model),
                table=model._meta.db_table,
                when=self.when,
                operation=self.operation,
                level=self.level,
                execute=f"public.{self.function}({arguments})",
            ),
        )

    def get_installation_status(
        self, model: Any, database: str | None = None
    ) -> tuple[str, bool | None]:
        """As pgtrigger's, where «always» counts as enabled."""
        status, enabled = super().get_installation_status(model, database)
        return status, None if enabled is None else not enabled


def fixed(*columns: str, reason: str) -> AlwaysTrigger:
    """The database refuses every statement that sets one of the columns of a saved row."""
    return AlwaysTrigger(
        name="fixed",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(*columns),
        function="audit_refuse",
        arguments=[reason],
    )


def needs_operation() -> AlwaysTrigger:
    """No UPDATE outside an operation, of columns whose change alone is no event either."""
    return AlwaysTrigger(
        name="needs_operation",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        level=pgtrigger.Statement,
        function="audit_need_operation",
    )


def leaving_out(
    row: models.Model, names: Iterable[str], options: Mapping[str, Any]
) -> dict[str, Any]:
    """The arguments of ``save()`` so that a saved row's fixed fields are not written again."""
    if row._state.adding or options.get("update_fields") is not None:
        return dict(options)
    left = set(names)
    written = [field.name for field in row._meta.concrete_fields if not field.primary_key]
    return {**options, "update_fields": [name for name in written if name not in left]}


def columns_of(model: type[models.Model], names: Iterable[str]) -> list[str]:
    """The columns of the named fields, in a stable order."""
    return sorted(str(model._meta.get_field(name).column) for name in names)  # type: ignore[union-attr]


def primary_key_of(model: type[models.Model]) -> str:
    """The column of the model's primary key."""
    return str(model._meta.pk.column)


def capture(
    history_table: str,
    primary_key: str,
    never_copied: Sequence[str],
    no_event: Sequence[str],
    *,
    by_statement: bool = False,
) -> list[AlwaysTrigger]:
    """For a tracked table: history with every changed row, and no TRUNCATE."""
    if by_statement:
        arguments = [history_table, primary_key, array(never_copied), array(no_event)]
        return [*_capture_rows(arguments), no_truncate(NO_TRUNCATE)]
    return [
        AlwaysTrigger(
            name="audit_capture",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            function="audit_capture",
            arguments=[history_table, array(never_copied), array(no_event)],
        ),
        no_truncate(NO_TRUNCATE),
    ]


def _capture_rows(arguments: Sequence[str]) -> list[AlwaysTrigger]:
    """One for each kind of statement: a trigger that sees its rows may have one event only."""
    return [
        AlwaysTrigger(
            name=f"audit_capture_{name}",
            when=pgtrigger.After,
            operation=operation,
            level=pgtrigger.Statement,
            referencing=rows,
            function="audit_capture_rows",
            arguments=arguments,
        )
        for name, operation, rows in (
            ("insert", pgtrigger.Insert, pgtrigger.Referencing(new="new_rows")),
            ("update", pgtrigger.Update, pgtrigger.Referencing(old="old_rows", new="new_rows")),
            ("delete", pgtrigger.Delete, pgtrigger.Referencing(old="old_rows")),
        )
    ]


def to_inbox(
    tracked_table: str, primary_key: str, *, by_statement: bool = False
) -> list[AlwaysTrigger]:
    """For a history table: each row becomes an event, and nothing is changed afterwards."""
    bulk = {
        "level": pgtrigger.Statement,
        "referencing": pgtrigger.Referencing(new="new_rows"),
    }
    return [
        AlwaysTrigger(
            name="audit_to_inbox",
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            function="audit_to_inbox_rows" if by_statement else "audit_to_inbox",
            arguments=[tracked_table, primary_key],
            **(bulk if by_statement else {}),
        ),
        *append_only(),
    ]


def event(
    primary_key: str, never_copied: Sequence[str] = (), no_event: Sequence[str] = ()
) -> AlwaysTrigger:
    """For a table without history: each changed row becomes an event."""
    return AlwaysTrigger(
        name="audit_event",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        function="audit_event",
        arguments=[primary_key, array(never_copied), array(no_event)],
    )


def append_only() -> list[AlwaysTrigger]:
    """Rows are added, never changed and never taken away."""
    return [
        AlwaysTrigger(
            name="audit_append_only",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            function="audit_refuse",
            arguments=[APPEND_ONLY],
        ),
        no_truncate(APPEND_ONLY),
    ]


def never_deleted(reason: str) -> AlwaysTrigger:
    """Rows may change but stay."""
    return AlwaysTrigger(
        name="audit_never_deleted",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        function="audit_refuse",
        arguments=[reason],
    )


def no_truncate(reason: str) -> AlwaysTrigger:
    """A row trigger alone does not stop TRUNCATE."""
    return AlwaysTrigger(
        name="audit_no_truncate",
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        function="audit_refuse",
        arguments=[reason],
    )
