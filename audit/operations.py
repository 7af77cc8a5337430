"""Operations: the frame without which no tracked row may be written."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection
from psycopg.pq import TransactionStatus

from core import lean


@dataclass(frozen=True)
class Actor:
    """Whoever acts, as stable id and name; both are copied into the history."""

    id: str
    name: str


@dataclass(frozen=True)
class Caller:
    """Where the work comes from: set once a request, task or command."""

    actor: Actor
    channel: str
    request_id: str


SYSTEM = Actor(id="system", name="system")
NOBODY = Caller(SYSTEM, "command", "")
current_caller: ContextVar[Caller] = ContextVar("audit_caller", default=NOBODY)


@contextmanager
def operation(
    name: str,
    *,
    actor: Actor | None = None,
    reason: str = "",
    on_behalf_of: str = "",
    subject: str = "",
    last: bool = False,
) -> Iterator[uuid.UUID]:
    """Open the frame that explains the writes inside it; needs a transaction.

    The operation's row is written by the database with the first tracked
    change, so an operation that changes nothing leaves nothing.

    :param last: nothing more is written in the caller's own transaction, so the frame
        may end with it. Inside someone else's transaction it is closed all the same.
    :raises RuntimeError: outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an operation needs the transaction of the changes it explains")
    caller = current_caller.get()
    who = actor or caller.actor
    id = uuid.uuid4()
    context = json.dumps(
        {
            "id": str(id),
            "name": name,
            "actor_id": who.id,
            "actor_name": who.name,
            "on_behalf_of": on_behalf_of,
            "reason": reason,
            "channel": caller.channel,
            "request_id": caller.request_id,
            "subject": subject,
        }
    )
    with lean.prepared() as cursor:
        cursor.execute(
            "SELECT current_setting('audit.operation', true),"
            " set_config('audit.operation', %s, true)",
            [context],
        )
        outer = cursor.fetchone()[0] or ""
    try:
        yield id
    finally:
        # A failed transaction takes no more statements, and needs none: its
        # rollback also takes the setting back to what it was, as its commit does.
        ends_here = last and not connection.savepoint_ids
        if not ends_here and _accepts_statements():
            with lean.prepared() as cursor:
                cursor.execute("SELECT set_config('audit.operation', %s, true)", [outer])


def _accepts_statements() -> bool:
    if connection.connection is None or connection.needs_rollback:
        return False
    status = connection.connection.info.transaction_status
    return bool(status == TransactionStatus.INTRANS)
