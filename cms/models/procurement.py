"""Pages of procurements; their facts are the programme's, so a page can be moved or deleted."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms import facts
from cms.blocks import BodyBlock
from cms.documents.queries import documents_of_procurement
from cms.models.base import LeadPage, ensure_alone, in_language
from programme.procurement.public import announced, public_facts, public_list


class ProcurementIndexPage(LeadPage):
    """«Procurements»: everything that has been announced."""

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    search_fields = [*Page.search_fields, index.SearchField("lead")]
    template = "cms/procurement_index.html"
    subpage_types = ["cms.ProcurementPage"]
    one_per_language = True

    class Meta:
        verbose_name = _("procurement index")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The announced procurements, with the page of each where there is one."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        live = ProcurementPage.objects.live().public()
        pages = {page.procurement_id: page for page in in_language(live, self.locale_id)}
        return {
            **context,
            "rows": [
                (row, pages[row.pk].get_url(request) or "" if row.pk in pages else "")
                for row in public_list()
            ],
        }


class ProcurementPage(LeadPage):
    """One procurement, in public from the moment it is announced."""

    procurement = models.ForeignKey(
        "programme.Procurement",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("procurement"),
    )
    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("procurement"),
        FieldPanel("lead"),
        FieldPanel("body"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
        index.SearchField("words_of_facts"),
    ]
    template = "cms/procurement.html"
    parent_page_types = ["cms.ProcurementIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("procurement")

    def clean(self) -> None:
        """One page in each language."""
        super().clean()
        ensure_alone(self, "procurement")

    @property
    def description(self) -> str:
        """The editor's words, or the beginning of what it is for once that is public."""
        own = super().description
        if own or not self.procurement.is_public:
            return own
        return str(Truncator(self.procurement.purpose).words(30))

    @classmethod
    def get_indexed_objects(cls) -> Any:
        """Only what has been announced can be found."""
        return super().get_indexed_objects().filter(procurement__in=announced())

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """In the site map from the announcement on."""
        if not self.procurement.is_public:
            return []
        addresses: list[dict[str, Any]] = super().get_sitemap_urls(request)
        return addresses

    def words_of_facts(self) -> str:
        """What search finds the page by beside the editor's words."""
        return facts.of_procurement(self.procurement)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Before the announcement there is no such page."""
        if not self.procurement.is_public:
            raise Http404
        answer: HttpResponse = super().serve(request, *args, **kwargs)
        return answer

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The facts beside the editor's words."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {
            **context,
            "facts": public_facts(self.procurement),
            "documents": documents_of_procurement(self.procurement),
        }
