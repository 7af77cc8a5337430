"""Handing out a file: always as something to keep, never as a page of ours."""

from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags, quote_etag

from cms.models.document import DocumentVersion

# Whoever opens it in a frame or a tab of ours gets a document that can do nothing.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def handed_out(request: HttpRequest, version: DocumentVersion, *, public: bool) -> HttpResponseBase:
    """The file of a version that the caller may have; the caller has been asked before.

    Note: whether it may be had is decided first, so a condition in the request («only
    if it has changed») never tells anything of what may not be had.
    """
    tag = quote_etag(version.sha256)
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    response: HttpResponseBase
    if public and (tag in asked or "*" in asked):
        response = HttpResponseNotModified()
    else:
        stream = version.file.storage.open(str(version.file.name), "rb")
        response = FileResponse(stream, content_type=version.mime)
        response["Content-Length"] = str(version.size)
        response["Content-Disposition"] = disposition(version.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Accept-Ranges"] = "none"
    if public:
        response["ETag"] = tag
        # Kept, but asked about each time: an embargo or a withdrawal counts at once.
        patch_cache_control(response, no_cache=True, public=True)
    else:
        patch_cache_control(response, no_store=True, private=True)
    return response


def disposition(name: str) -> str:
    """To be saved under its name; in ASCII for old browsers, whole for the others."""
    plain = "".join(
        one if (one.isascii() and one.isalnum()) or one in "-_. " else "_" for one in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
