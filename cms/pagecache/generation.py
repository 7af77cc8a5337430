"""The name that all kept pages share until something changes."""

import uuid

from django.core.cache import cache
from django.db import transaction

KEY = "cms.generation"
# A lost name is replaced by another and never by an earlier one, so losing it is harmless.
KEPT_FOR_SECONDS = 30 * 24 * 3600


def current() -> str:
    """The generation of this moment."""
    name: str | None = cache.get(KEY)
    return name if name is not None else renew()


def renew() -> str:
    """Begin a new generation: everything kept so far is made anew when asked for."""
    name = uuid.uuid4().hex
    cache.set(KEY, name, KEPT_FOR_SECONDS)
    return name


def renew_on_commit() -> None:
    """As :func:`renew`, when the change can be seen by others; at once outside a transaction."""
    # robust: a cache that does not answer must not undo or break what has been committed.
    transaction.on_commit(renew, robust=True)
