"""Ordinary pages, built of blocks."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.models.base import LeadPage


class StandardPage(LeadPage):
    """A page of text, lists, questions and buttons."""

    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    template = "cms/standard.html"

    class Meta:
        verbose_name = _("ordinary page")


class PersonalDataPage(LeadPage):
    """How personal data are handled: the text for everyone, linked from every page."""

    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    template = "cms/standard.html"
    max_count = 1

    class Meta:
        verbose_name = _("page about personal data")
