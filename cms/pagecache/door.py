"""Kept pages handed out before the framework has begun."""

from collections.abc import Callable, Iterable
from http.client import responses
from typing import Any

from cms.pagecache.kept import find, is_for_everyone, key_of

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


class Door:
    """Answers for the application what it has answered before, and lets the rest in.

    Most visitors come without a cookie for a page that somebody has seen since it last
    changed; for them no request is built and no middleware asked.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        kept = find(key_of(environ)) if is_for_everyone(environ) else None
        if kept is None:
            return self.application(environ, start_response)
        status, headers, body = kept.answer(environ)
        # A copy: servers write headers of their own into the list they are given.
        start_response(f"{status} {responses[status]}", list(headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
