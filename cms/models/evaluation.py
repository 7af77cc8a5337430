"""Pages of the evaluation; the facts are the programme's."""

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
from cms.documents.queries import documents_of_report
from cms.models.base import LeadPage, ensure_alone, in_language
from programme.evaluation.public import public_report, public_reports, published


class EvaluationIndexPage(LeadPage):
    """«Evaluation»: the public reports, and how far their recommendations have come."""

    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    template = "cms/evaluation_index.html"
    subpage_types = ["cms.EvaluationReportPage"]
    one_per_language = True

    class Meta:
        verbose_name = _("evaluation index")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The public reports, with the page of each where there is one."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        live = EvaluationReportPage.objects.live().public()
        pages = {page.report_id: page for page in in_language(live, self.locale_id)}
        return {
            **context,
            "rows": [
                (row, pages[row.pk].get_url(request) or "" if row.pk in pages else "")
                for row in public_reports()
            ],
        }


class EvaluationReportPage(LeadPage):
    """One report with its findings, recommendations and what is done about them."""

    report = models.ForeignKey(
        "programme.EvaluationReport",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("evaluation report"),
    )

    content_panels = [*Page.content_panels, FieldPanel("report"), FieldPanel("lead")]
    search_fields = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("words_of_facts"),
    ]
    template = "cms/evaluation_report.html"
    og_type = "article"
    parent_page_types = ["cms.EvaluationIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("evaluation report")

    def clean(self) -> None:
        """One page in each language."""
        super().clean()
        ensure_alone(self, "report")

    @property
    def description(self) -> str:
        """The editor's words, or the beginning of its summary once that is public."""
        own = super().description
        if own or not self.report.is_public:
            return own
        return str(Truncator(self.report.summary).words(30))

    @classmethod
    def get_indexed_objects(cls) -> Any:
        """Only what has been published can be found."""
        return super().get_indexed_objects().filter(report__in=published())

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """In the site map once the report is public."""
        if not self.report.is_public:
            return []
        addresses: list[dict[str, Any]] = super().get_sitemap_urls(request)
        return addresses

    def words_of_facts(self) -> str:
        """What search finds the page by beside the editor's words."""
        return facts.of_report(self.report)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Before the report is public there is no such page."""
        if not self.report.is_public:
            raise Http404
        answer: HttpResponse = super().serve(request, *args, **kwargs)
        return answer

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The report beside the editor's words."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {
            **context,
            "told": public_report(self.report),
            "documents": documents_of_report(self.report),
        }
