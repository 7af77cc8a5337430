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

from cms.blocks import BodyBlock
from cms.documents.queries import documents_of_procurement
from cms.models.base import LeadPage
from programme.procurement.public import announced, public_facts, public_list


class ProcurementIndexPage(LeadPage):
    """«Procurements»: everything that has been announced."""

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    search_fields = [*Page.search_fields, index.SearchField("lead")]
    template = "cms/procurement_index.html"
    subpage_types = ["cms.ProcurementPage"]
    max_count = 1

    class Meta:
        verbose_name = _("procurement index")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The announced procurements, with the page of each where there is one."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        pages = dict(
            ProcurementPage.objects.child_of(self)
            .live()
            .public()
            .values_list("procurement_id", "url_path")
        )
        return {
            **context,
            "rows": [
                (row, f"/{pages[row.pk].split('/', 2)[2]}" if row.pk in pages else "")
                for row in public_list()
            ],
        }


class ProcurementPage(LeadPage):
    """One procurement, in public from the moment it is announced."""

    procurement = models.OneToOneField(
        "programme.Procurement",
        on_delete=models.PROTECT,
        related_name="page",
        verbose_name=_("procurement"),
    )
    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("procurement"),
        FieldPanel("lead"),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    template = "cms/procurement.html"
    parent_page_types = ["cms.ProcurementIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("procurement")

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
