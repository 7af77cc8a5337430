"""«About the project»: what the regulation asks a beneficiary to tell on its web site."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.figures import facts, goals, progress
from cms.models.base import LeadPage
from cms.project import current_programme


class ProjectPage(LeadPage):
    """Aims, results and EU support (2021/1060 article 50), with the listing's own fields (R-009)."""

    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    template = "cms/project.html"
    max_count = 1

    class Meta:
        verbose_name = _("page about the project")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The programme's rows beside the editor's words, so that the two never differ."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        programme = current_programme()
        if programme is not None:
            context |= {
                "programme": programme,
                "facts": facts(programme),
                "goals": goals(programme),
                "progress": progress(),
            }
        return context
