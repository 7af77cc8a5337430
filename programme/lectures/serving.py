"""The recording's file, in pieces: players ask for a part at a time, and each time who asks."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import File
from django.core.files.storage import storages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase

from programme.models import Recording

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
BLOCK = 256 * 1024


def respond(request: HttpRequest, recording: Recording) -> HttpResponseBase:
    """The whole file, or the part that was asked for; nothing when the visitor has it already."""
    etag = f'"{recording.sha256}"'
    if etag in request.headers.get("If-None-Match", ""):
        return _dressed(HttpResponseNotModified(), recording, etag)
    span = None
    if request.headers.get("If-Range", etag) == etag:
        span = _span(request.headers.get("Range", ""), recording.size)
    if span is not None and span[0] >= span[1]:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{recording.size}"
        return _dressed(refused, recording, etag)
    begin, end = span or (0, recording.size)
    try:
        stream = storages["private"].open(recording.path)
    except FileNotFoundError:
        raise Http404 from None
    if request.method == "HEAD":
        stream.close()
        response: HttpResponseBase = HttpResponse()
    else:
        response = StreamingHttpResponse(_blocks(stream, begin, end))
    if span is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {begin}-{end - 1}/{recording.size}"
    response["Content-Length"] = str(end - begin)
    return _dressed(response, recording, etag)


def _span(header: str, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last; an empty span is beyond the file.

    Nothing for what is no single range of bytes: then the whole file is the answer.
    """
    found = _RANGE.fullmatch(header.replace(" ", ""))
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        return max(size - int(found[2][:15]), 0), size
    begin = int(found[1][:15])
    if found[2] and int(found[2][:15]) < begin:
        return None
    return begin, min(int(found[2][:15]) + 1, size) if found[2] else size


def _blocks(stream: File[Any], begin: int, end: int) -> Iterator[bytes]:
    with stream:
        stream.seek(begin)
        while begin < end and (block := stream.read(min(BLOCK, end - begin))):
            begin += len(block)
            yield block


def _dressed(response: HttpResponseBase, recording: Recording, etag: str) -> HttpResponseBase:
    response["Content-Type"] = recording.content_type
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    # May lie in the viewer's own browser, which asks each time whether it may still be shown.
    response["Cache-Control"] = "private, no-cache"
    return response
