"""Writing counted time beside the counting: the server works while the next rows are made."""

import csv
import io
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

import psycopg
from django.db import connection

_INTO = (
    "COPY programme_countedtime (public_id, occasion_id, person_id, participation_id,"
    " day, rules_id, minutes, planned_minutes, explanation, inputs_digest, current,"
    " reason, counted_at) FROM STDIN (FORMAT csv, FORCE_NOT_NULL (explanation, reason))"
)
_DEFERRED = (
    "SELECT string_agg(quote_ident(conname), ', ') FROM pg_constraint"
    " WHERE conrelid = 'programme_countedtime'::regclass AND condeferrable"
)


class Writer:
    """One thread that replaces rows on this transaction's own connection, in the order given.

    Half of a recount is the server's work: history, indexes, the audit's events. Waiting for
    it with idle hands made a recount of everybody half as long again. While the writer has
    something in hand nobody else may use the connection: call `wait` first.

    A database error is raised by whichever call comes next, and at the latest on leaving.
    """

    def __init__(self, *, many: bool) -> None:
        """:param many: whether more than one `replace` is to be expected."""
        with connection.cursor() as cursor:
            # The rows of a statement stay in memory until their history has been written.
            cursor.execute("SELECT set_config('work_mem', '64MB', true)")
            if many:
                # Checked at the end, twenty thousand rows' keys would be a pause of their own;
                # checked with each statement, the next rows are counted meanwhile.
                cursor.execute(_DEFERRED)
                cursor.execute(f"SET CONSTRAINTS {cursor.fetchone()[0]} IMMEDIATE")
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="hours")
        self._in_hand: Future[None] | None = None

    def replace(self, old: list[int], rows: Iterable[Sequence[object]]) -> None:
        """Let the old rows stand back and add the new ones."""
        # As one text before it is handed over. Row by row the thread would ask for the
        # interpreter's lock at every few kilobytes, and wait for the counting each time.
        block = _as_csv(rows)
        self.wait()
        self._in_hand = self._pool.submit(_replace, connection.connection, old, block)

    def wait(self) -> None:
        """Return when nothing is in hand; the connection may be used again."""
        in_hand, self._in_hand = self._in_hand, None
        if in_hand is not None:
            with connection.wrap_database_errors:
                in_hand.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        # Also after an error: the transaction is rolled back on a connection that is at rest.
        self._pool.shutdown()
        if error is None:
            self.wait()


def _as_csv(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _replace(link: psycopg.Connection[Any], old: list[int], block: str) -> None:
    with link.cursor() as cursor:
        if old:
            # One list and not a parameter for each: there may be thousands.
            cursor.execute(
                "UPDATE programme_countedtime SET current = false WHERE id = ANY(%s)", [old]
            )
        if block:
            with cursor.copy(_INTO) as copy:
                copy.write(block)
