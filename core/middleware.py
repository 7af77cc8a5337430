"""What no page has to think of, because no request that holds it gets that far."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DataError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.loader import get_template
from django.utils.translation import get_language_from_path, override

NUL = "\x00"


class NulMiddleware:
    """Keeps NUL characters in addresses away from the database, which fails on them.

    A path with one is no page of ours. In the query string they are left out:
    nonsense in a filter shows an unfiltered list and never breaks a page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(NUL in text for key, values in request.GET.lists() for text in (key, *values)):
            request.GET = without_nul(request.GET)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        """Refuse the path here, where a refusal becomes the usual page."""
        if NUL in request.path_info:
            raise Http404

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A text with NUL that no form has looked at: say so, and keep nothing of the request.

        The driver refuses before the statement is sent, so the transaction would go on and
        keep what was written before it. Inside JSON the driver sees only an escape, and the
        server refuses it.
        """
        if not isinstance(exception, DataError | ValueError) or not _about_nul(str(exception)):
            return None
        if connection.in_atomic_block:
            transaction.set_rollback(True)
        # Without the request, as Django's own page of errors: the menu would ask the database.
        words = get_template("nul.html").render({"back": request.path})
        return HttpResponse(words, status=400)


def _about_nul(words: str) -> bool:
    return "NUL" in words or "\\u0000" in words


class LanguageMiddleware:
    """The language is the address's own, so a page looks the same to everyone who opens it.

    English pages begin with ``/en/``; everything else is Swedish. Neither cookies nor
    the browser's wishes decide: a link that is sent on shows what the sender saw.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.setdefault("Content-Language", language)
        return response


class PrivatePagesMiddleware:
    """Keeps what is shown to someone who has signed in out of every cache and history.

    After signing out on a shared computer, «back» shows nothing. What a view says
    about its own caching stands; static files never come here.
    """

    # Wagtail's editor needs scripts and styles of its own in the page; the rest holds there too.
    EDITOR = "/cms/"
    EDITOR_POLICY = "object-src 'none'; base-uri 'self'; frame-ancestors 'self'"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        if getattr(response, "for_everyone", False):
            # The same whoever asks, so signing in makes no browser fetch it again.
            response["Vary"] = "Accept-Encoding"
        if request.path_info.startswith(self.EDITOR):
            response.setdefault("Content-Security-Policy", self.EDITOR_POLICY)
        return response


def without_nul(query: QueryDict) -> QueryDict:
    """The same query without NUL characters."""
    clean = QueryDict(mutable=True, encoding=query.encoding)
    for key, values in query.lists():
        clean.setlist(key.replace(NUL, ""), [value.replace(NUL, "") for value in values])
    clean._mutable = False
    return clean
