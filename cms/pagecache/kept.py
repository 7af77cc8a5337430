"""The pages that are kept in this process, and how one is sent."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from cms.pagecache import generation
from cms.pagecache.moments import next_change

MOST_KEPT = 500
HEADERS_LEFT_OUT = frozenset({"set-cookie", "vary", "content-length", "etag", "cache-control"})
# A browser asks again each time and is told in a few bytes that nothing has changed.
CACHE_CONTROL = "public, max-age=0, must-revalidate"

Key = tuple[str, str, str, bool]
Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Kept:
    """A page as it is sent, and until when it may be (seconds since 1970)."""

    body: bytes
    headers: Headers
    etag: str
    until: float

    def answer(self, meta: Mapping[str, Any]) -> tuple[int, Headers, bytes]:
        """Status, headers and body; 304 for a browser that has the page already."""
        asked = meta.get("HTTP_IF_NONE_MATCH", "")
        if asked and self.etag in (tag.strip().removeprefix("W/") for tag in asked.split(",")):
            return 304, [pair for pair in self.headers if not _of_the_body(pair)], b""
        return 200, self.headers, self.body


# In each process; the shared generation decides whether what lies here is still true.
_kept: OrderedDict[Key, Kept] = OrderedDict()


def is_for_everyone(meta: Mapping[str, Any]) -> bool:
    """Whether pages are kept, and nothing in the request sets the visitor apart from others."""
    return (
        bool(settings.PUBLIC_PAGES_KEPT_SECONDS)
        and meta["REQUEST_METHOD"] in ("GET", "HEAD")
        and not meta.get("QUERY_STRING")
        and not meta.get("HTTP_COOKIE")
        and not meta.get("HTTP_AUTHORIZATION")
        and not meta.get("HTTP_RANGE")
    )


def key_of(meta: Mapping[str, Any]) -> Key:
    """What tells one kept page from another.

    The generation is read here, before the page is made: a change meanwhile leaves the
    page under the old name, where nobody asks for it.
    """
    return generation.current(), meta.get("HTTP_HOST", ""), meta["PATH_INFO"], _is_secure(meta)


def find(key: Key) -> Kept | None:
    """The page, if it is kept and its time has not run out."""
    kept = _kept.get(key)
    return kept if kept is not None and kept.until > time.time() else None


def keep(key: Key, response: HttpResponse) -> Kept:
    """Keep the page until something changes, and never past the next moment set in advance."""
    now = timezone.now()
    longest = now.timestamp() + settings.PUBLIC_PAGES_KEPT_SECONDS
    body = response.content
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = [pair for pair in response.items() if pair[0].lower() not in HEADERS_LEFT_OUT]
    headers += [
        ("Content-Length", str(len(body))),
        ("ETag", etag),
        ("Cache-Control", CACHE_CONTROL),
    ]
    kept = Kept(body, headers, etag, until=min(longest, next_change(now).timestamp()))
    _kept[key] = kept
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return kept


def _of_the_body(header: tuple[str, str]) -> bool:
    return header[0] in ("Content-Length", "Content-Type")


def _is_secure(meta: Mapping[str, Any]) -> bool:
    """As Django reads it: from the proxy's header where one is trusted, else from the server."""
    if trusted := settings.SECURE_PROXY_SSL_HEADER:
        name, secure = trusted
        if (said := meta.get(name)) is not None:
            return bool(said.split(",", 1)[0].strip() == secure)
    return bool(meta.get("wsgi.url_scheme") == "https")
