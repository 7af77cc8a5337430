"""Ordinary pages, built of blocks, and sections that list what lies below them."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.models.base import ForAudiences, LeadPage, TowardsGoals


class BodyPage(LeadPage):
    """A page with a lead and a body of blocks."""

    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*LeadPage.search_fields, index.SearchField("body")]

    class Meta:
        abstract = True


class StandardPage(BodyPage, TowardsGoals):
    """A page of text, lists, pictures, questions and buttons."""

    content_panels = [*BodyPage.content_panels, TowardsGoals.goals_panel]
    search_fields = [*BodyPage.search_fields, TowardsGoals.goals_search]

    template = "cms/standard.html"

    objects = PageManager()  # type: ignore[django-manager-missing]

    class Meta:
        verbose_name = _("ordinary page")


class PersonalDataPage(BodyPage):
    """How personal data are handled: the text for everyone, linked from every page."""

    template = "cms/standard.html"
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("page about personal data")


class SectionPage(BodyPage):
    """A page that leads on to the pages below it."""

    template = "cms/section.html"

    class Meta:
        verbose_name = _("section")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The published pages below, in the editors' order."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        below = self.get_children().live().public().specific(defer=False)
        context["children"] = [
            {"title": page.title, "text": page.description, "url": page.get_url(request)}
            for page in below
        ]
        return context


class ResultPage(BodyPage, ForAudiences, TowardsGoals):
    """A result or a method that others may use (R-181)."""

    class Kind(models.TextChoices):
        RESULT = "result", _("result")
        METHOD = "method", _("method")
        LESSON = "lesson", _("lesson learned")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.RESULT)
    published_on = models.DateField(_("date"))

    content_panels = [
        *Page.content_panels,
        FieldPanel("kind"),
        FieldPanel("published_on"),
        FieldPanel("lead"),
        ForAudiences.audience_panel,
        TowardsGoals.goals_panel,
        FieldPanel("body"),
    ]
    search_fields = [*BodyPage.search_fields, TowardsGoals.goals_search]
    template = "cms/result.html"
    og_type = "article"
    parent_page_types = ["cms.SectionPage"]
    subpage_types: list[str] = []

    objects = PageManager()  # type: ignore[django-manager-missing]

    class Meta:
        verbose_name = _("result or method")
