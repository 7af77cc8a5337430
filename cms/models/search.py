"""The page that finds pages and documents: only what is public, in the language's word forms."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms import searching
from cms.models.base import LeadPage
from cms.models.document import RegisteredDocument
from core.pages import paginate

PER_PAGE = 10


@dataclass(frozen=True)
class Hit:
    """One page or document that was found."""

    title: str
    text: str
    url: str
    # What it is, where it is no page.
    kind: str = ""
    # Of a document in another language than the page.
    language: str = ""


class SearchPage(LeadPage):
    """A field to write in, and what it found."""

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    template = "cms/search.html"
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("search page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What the words of the address find, ten at a time."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        words = searching.clean(request.GET.get("q", ""))
        found = searching.found_in_public(words, self.locale) if words else []
        page = paginate(request.GET.get("page"), found, PER_PAGE)
        context["words"] = words
        context["found"] = page
        context["hits"] = [
            _document(hit, self.locale.language_code)
            if isinstance(hit, RegisteredDocument)
            else Hit(hit.title, getattr(hit, "description", ""), hit.get_url(request) or "")
            for hit in page.object_list
        ]
        return context


def _document(hit: RegisteredDocument, language: str) -> Hit:
    said = [str(_("document")), str(hit.get_kind_display())]
    foreign = hit.language if hit.language != language else ""
    if foreign:
        said.append(str(_("in English") if foreign == "en" else _("in Swedish")))
    return Hit(hit.title, hit.description, hit.url, capfirst(" · ".join(said)), foreign)
