"""Documents in public: the list, each one's page, and its files."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms import addresses
from cms.documents import queries
from cms.documents.serving import handed_out
from cms.models.base import Alternate
from cms.models.document import RegisteredDocument
from core.pages import paginate


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """Everything that is public, with a simple way to find."""
    wanted = {
        "words": request.GET.get("sok", "").strip()[:100],
        "kind": request.GET.get("sort", ""),
    }
    page = paginate(request.GET.get("page"), queries.public_documents(**wanted), per_page=20)
    # A list narrowed down is the same list; its later pages are pages of their own.
    onward = f"?page={page.number}" if page.number > 1 and not any(wanted.values()) else ""
    return render(
        request,
        "cms/documents/list.html",
        {
            "page": page,
            "wanted": wanted,
            "kinds": RegisteredDocument.Kind.choices,
            "alternates": _alternates(request, "list"),
            "address": request.build_absolute_uri(request.path) + onward,
        },
    )


@require_safe
def document_page(request: HttpRequest, document: str) -> HttpResponse:
    """One document: what it is, the newest version, how to cite it, and what has changed."""
    found = _public(document)
    newest = found.public_versions[0]
    alternative = found.alternative
    open_page = alternative is not None and alternative.live
    return render(
        request,
        "cms/documents/document.html",
        {
            "document": found,
            "newest": newest,
            "versions": found.public_versions,
            "alternative": alternative if open_page else None,
            "address": request.build_absolute_uri(found.url),
            # One address to cite, whatever language the reader has around it.
            "permanent": request.build_absolute_uri(
                reverse("documents:document", args=[found.public_id])
            ),
            "alternates": _alternates(request, "document", found.public_id),
            "crumbs": [(addresses.path(addresses.DOCUMENTS), _("Documents"))],
        },
    )


@require_safe
def newest_file(request: HttpRequest, document: str) -> HttpResponseBase:
    """The file of the newest public version, whichever that is."""
    found = _public(document)
    return handed_out(request, found.public_versions[0], public=True)


@require_safe
def version_file(request: HttpRequest, document: str, number: int) -> HttpResponseBase:
    """The file of one version; the address means the same for ever."""
    found = _public(document)
    for version in found.public_versions:
        if version.number == number:
            return handed_out(request, version, public=True)
    raise Http404


def _alternates(request: HttpRequest, name: str, *args: str) -> list[Alternate]:
    """The page in both languages, for its head and for the switch."""
    found = {
        language: reverse(f"documents:{prefix}{name}", args=args)
        for language, prefix in (("sv", ""), ("en", "english_"))
    }
    words = dict(settings.LANGUAGES)
    return [
        Alternate(language, str(words[language]), url, request.build_absolute_uri(url))
        for language, url in found.items()
    ]


def _public(public_id: str) -> RegisteredDocument:
    found = queries.public_document(public_id)
    if found is None or not found.public_versions:
        raise Http404
    return found
