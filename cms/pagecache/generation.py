"""The name that all kept pages share until something changes."""

import uuid
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.core.cache import cache
from django.db import transaction

from core.once import once_a_request

KEY = "cms.generation"
# A lost name is replaced by another and never by an earlier one, so losing it is harmless.
KEPT_FOR_SECONDS = 30 * 24 * 3600
MOST_ANSWERS = 500

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")


@once_a_request
def current() -> str:
    """The generation of this moment."""
    name: str | None = cache.get(KEY)
    return name if name is not None else renew()


def renew() -> str:
    """Begin a new generation: everything kept so far is made anew when asked for."""
    name = uuid.uuid4().hex
    cache.set(KEY, name, KEPT_FOR_SECONDS)
    current.forget()
    return name


def renew_on_commit() -> None:
    """As :func:`renew`, when the change can be seen by others; at once outside a transaction."""
    # robust: a cache that does not answer must not undo or break what has been committed.
    transaction.on_commit(renew, robust=True)


class until_changed(Generic[Question, Answer]):  # noqa: N801 – used as a decorator
    """Keep the function's answers in this process until the public pages change.

    Only for what a reader's visit asks: what an editor's open transaction sees may be
    taken back. ``None`` is not kept, so addresses that nothing has fill no memory.
    """

    def __init__(self, function: Callable[[Question], Answer]) -> None:
        self.function = function
        self._kept: dict[tuple[str, Question], Answer] = {}
        self.__doc__ = function.__doc__

    def __call__(self, question: Question) -> Answer:
        # The name is read first: an answer that a change overtakes has the old one.
        key = (current(), question)
        try:
            return self._kept[key]
        except KeyError:
            answer = self.function(question)
        if answer is not None:
            if len(self._kept) >= MOST_ANSWERS:
                self._kept.clear()
            self._kept[key] = answer
        return answer
