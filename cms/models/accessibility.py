"""The accessibility statement, with exactly the fields that the law names."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from cms.models.base import PortalPage

FEATURES = ["bold", "link", "ol", "ul"]
SUPERVISOR = "https://www.digg.se/tdosanmalan"


class AccessibilityPage(PortalPage):
    """Lag (2018:1937): how far the service can be used by everyone, and where it cannot."""

    class Status(models.TextChoices):
        FULL = "full", _("fully compatible")
        PARTIAL = "partial", _("partly compatible")
        NONE = "none", _("not compatible")

    actor = models.CharField(_("who is responsible"), max_length=160)
    service = models.CharField(_("name of the service"), max_length=160)
    status = models.CharField(_("status"), max_length=8, choices=Status)
    not_accessible = RichTextField(
        _("content that is not accessible"),
        features=FEATURES,
        help_text=_("Everything, with the reason and what can be used instead."),
    )
    burden = RichTextField(_("disproportionate burden (section 12)"), features=FEATURES, blank=True)
    outside_law = RichTextField(
        _("content outside the law (section 9)"), features=FEATURES, blank=True
    )
    assessed_on = models.DateField(_("date of the assessment"))
    updated_on = models.DateField(_("date of the last update"))
    method = RichTextField(_("how it was assessed"), features=FEATURES)
    feedback = RichTextField(
        _("how to tell us"),
        features=FEATURES,
        help_text=_("How to report a hindrance and ask for a version that works."),
    )

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("actor"), FieldPanel("service"), FieldPanel("status")]),
        FieldPanel("feedback"),
        FieldPanel("not_accessible"),
        FieldPanel("burden"),
        FieldPanel("outside_law"),
        FieldPanel("method"),
        MultiFieldPanel([FieldPanel("assessed_on"), FieldPanel("updated_on")], _("Dates")),
    ]
    search_fields = [*Page.search_fields, index.SearchField("not_accessible")]
    template = "cms/accessibility.html"
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("accessibility statement")

    @property
    def supervisor(self) -> str:
        """Where to complain when we do not answer."""
        return SUPERVISOR
