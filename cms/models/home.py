"""The first page."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import Page

from cms import panels
from cms.blocks import CardBlock
from cms.figures import coming_waves, progress
from cms.models.base import PortalPage
from cms.models.news import latest


class CardsBlock(StreamBlock):
    """The cards of the first page."""

    card = CardBlock()


class HomePage(PortalPage):
    """What the portal is, how it is going, and the ways in."""

    hero_title = models.CharField(_("large words"), max_length=120)
    hero_text = models.TextField(_("text below them"), max_length=400)
    figures_title = models.CharField(_("heading over the figures"), max_length=80)
    cards = StreamField(CardsBlock(), verbose_name=_("cards"), blank=True)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("hero_title"), FieldPanel("hero_text")], _("The top")),
        FieldPanel("figures_title"),
        FieldPanel("cards"),
    ]
    template = "cms/home.html"
    parent_page_types = ["wagtailcore.Page"]
    one_per_language = True

    class Meta:
        verbose_name = _("first page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The programme's own figures beside the editor's words."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {
            **context,
            "progress": progress(),
            "waves": coming_waves(),
            "news": latest(self.locale.language_code),
            "panels": panels.shown(request),
        }
