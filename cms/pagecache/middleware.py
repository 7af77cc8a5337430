"""Handing out kept pages before anything else has been asked."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone

from cms.pagecache import generation
from cms.pagecache.moments import next_change

MOST_KEPT = 500
HEADERS_LEFT_OUT = frozenset({"set-cookie", "vary", "content-length", "etag", "cache-control"})
# A browser asks again each time and is told in a few bytes that nothing has changed.
CACHE_CONTROL = "public, max-age=0, must-revalidate"

Key = tuple[str, str, str, bool]


@dataclass(frozen=True)
class Kept:
    """A page as it is sent, and until when it may be."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    etag: str
    until: float


# In each process; the shared generation decides whether what lies here is still true.
_kept: OrderedDict[Key, Kept] = OrderedDict()


class PublicPagesMiddleware:
    """Keeps what is the same for everyone, and hands it out until something changes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.PUBLIC_PAGES_KEPT_SECONDS or not self._is_for_everyone(request):
            return self.get_response(request)
        # Read before the page is made: a change meanwhile leaves the page with the old name.
        name = generation.current()
        key = (name, request.META.get("HTTP_HOST", ""), request.path_info, request.is_secure())
        kept = _kept.get(key)
        if kept is None or kept.until <= time.time():
            response = self.get_response(request)
            if not self._may_be_kept(request, response):
                return response
            kept = self._keep(key, response)
        return self._answer(request, kept)

    @staticmethod
    def _is_for_everyone(request: HttpRequest) -> bool:
        """Whether nothing in the request sets the visitor apart from others."""
        meta = request.META
        return (
            request.method in ("GET", "HEAD")
            and not meta.get("QUERY_STRING")
            and not meta.get("HTTP_COOKIE")
            and not meta.get("HTTP_AUTHORIZATION")
            and not meta.get("HTTP_RANGE")
        )

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

    def _keep(self, key: Key, response: HttpResponse) -> Kept:
        now = timezone.now()
        longest = now.timestamp() + settings.PUBLIC_PAGES_KEPT_SECONDS
        kept = Kept(
            body=response.content,
            headers=tuple(
                (name, value)
                for name, value in response.items()
                if name.lower() not in HEADERS_LEFT_OUT
            ),
            etag=f'"{hashlib.sha256(response.content).hexdigest()[:32]}"',
            until=min(longest, next_change(now).timestamp()),
        )
        _kept[key] = kept
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
        return kept

    @staticmethod
    def _answer(request: HttpRequest, kept: Kept) -> HttpResponse:
        asked = request.META.get("HTTP_IF_NONE_MATCH", "")
        if kept.etag in (tag.strip().removeprefix("W/") for tag in asked.split(",")):
            response: HttpResponse = HttpResponseNotModified()
        else:
            response = HttpResponse(kept.body)
            response.headers["Content-Length"] = str(len(kept.body))
        for name, value in kept.headers:
            response.headers[name] = value
        response.headers["ETag"] = kept.etag
        response.headers["Cache-Control"] = CACHE_CONTROL
        return response
