"""Callers other than requests: Celery tasks and management commands."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Token
from typing import Any

from audit.operations import SYSTEM, Actor, Caller, current_caller

_running: dict[str, Token[Caller]] = {}


def task_starts(task_id: str, **kwargs: Any) -> None:
    """Name the task as the caller of whatever it does (Celery's ``task_prerun``)."""
    _running[task_id] = current_caller.set(Caller(SYSTEM, "task", task_id))


def task_ends(task_id: str, **kwargs: Any) -> None:
    """Give the caller back to whoever ran the task (Celery's ``task_postrun``)."""
    if (token := _running.pop(task_id, None)) is not None:
        current_caller.reset(token)


@contextmanager
def as_command(name: str, actor: Actor = SYSTEM) -> Iterator[None]:
    """Name a management command, or an import, as the caller."""
    token = current_caller.set(Caller(actor, "command", f"{name[:31]}:{uuid.uuid4().hex}"))
    try:
        yield
    finally:
        current_caller.reset(token)
