"""What several parts of one page ask for is fetched once for the request."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

from django.http import HttpRequest, HttpResponse

Answer = TypeVar("Answer")

_kept: ContextVar[dict[object, Any] | None] = ContextVar("core_once", default=None)


class once_a_request(Generic[Answer]):  # noqa: N801 – used as a decorator
    """Keep the function's answer until the request ends; outside requests it is asked anew.

    Only for what a request reads. One that changes it as well says ``forget``.
    """

    def __init__(self, function: Callable[[], Answer]) -> None:
        self.function = function
        self.__doc__ = function.__doc__

    def __call__(self) -> Answer:
        kept = _kept.get()
        if kept is None:
            return self.function()
        if self not in kept:
            kept[self] = self.function()
        answer: Answer = kept[self]
        return answer

    def forget(self) -> None:
        """Ask again the next time, because what is answered has just changed."""
        kept = _kept.get()
        if kept is not None:
            kept.pop(self, None)


class OnceMiddleware:
    """Begins and ends the time for which answers are kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _kept.set({})
        try:
            return self.get_response(request)
        finally:
            _kept.reset(token)
