"""Pages of the installation itself."""

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from core import packing

FOR_EVER = "public, max-age=31536000, immutable"


def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers; 500 comes by itself when it does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@require_safe
def packed(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """Style sheets and scripts, in the smallest form that the browser takes.

    An old address answers with the new content but is not to be kept: a page that
    was made before an upgrade and is read after it still looks right.
    """
    found = packing.pack(name)
    if found is None:
        raise Http404
    accepted = request.headers.get("Accept-Encoding", "")
    encoding, content = next(
        (
            (coding, body)
            for coding, body in (("br", found.brotlied), ("gzip", found.gzipped))
            if coding in accepted
        ),
        ("", found.plain),
    )
    response = HttpResponse(content, content_type=found.content_type)
    if encoding:
        response["Content-Encoding"] = encoding
    response.for_everyone = True  # type: ignore[attr-defined]
    response["Cache-Control"] = FOR_EVER if digest == found.digest else "no-store"
    return response
