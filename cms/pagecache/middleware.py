"""Keeping pages that are the same for everyone, and handing them out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase

from cms.pagecache.kept import Kept, find, is_for_everyone, keep, key_of


class PublicPagesMiddleware:
    """Keeps what is the same for everyone, and hands it out until something changes.

    It stands outermost, so what it keeps is a page exactly as it is sent. Where a server
    asks :class:`cms.pagecache.door.Door` first, kept pages do not come this far.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_for_everyone(request.META):
            return self.get_response(request)
        key = key_of(request.META)
        kept = find(key)
        if kept is None:
            response = self.get_response(request)
            if not self._may_be_kept(request, response):
                return response
            kept = keep(key, response)
        return self._answer(request, kept)

    @staticmethod
    def _may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
        """Whether the page said so itself, and nothing around it made it somebody's own."""
        return (
            request.method == "GET"
            and getattr(response, "public_page", False)
            and isinstance(response, HttpResponse)
            and response.status_code == 200
            and not response.cookies
            and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
            and "private" not in response.get("Cache-Control", "")
            and not getattr(getattr(request, "user", None), "is_authenticated", False)
        )

    @staticmethod
    def _answer(request: HttpRequest, kept: Kept) -> HttpResponse:
        status, headers, body = kept.answer(request.META)
        if status == 304:
            return HttpResponseNotModified(headers=dict(headers))
        return HttpResponse(body, headers=dict(headers))
