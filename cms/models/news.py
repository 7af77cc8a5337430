"""News: an index, and items with a date, a lead and a picture (R-182)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet

from cms.fields import Audience, names_of
from cms.models.base import ForAudiences, LeadPage, TowardsGoals
from cms.models.standard import BodyPage
from core.pages import paginate

PER_PAGE = 10


class NewsIndexPage(LeadPage):
    """All news, the latest first."""

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    template = "cms/news_index.html"
    subpage_types = ["cms.NewsPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("news")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The items, narrowed to one audience when one is asked for."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        wanted = request.GET.get("for", "")
        items = NewsPage.objects.child_of(self).to_read()
        if wanted in Audience.values:
            items = items.filter(audiences__contains=[wanted])
        context["items"] = paginate(request.GET.get("page"), items, PER_PAGE)
        context["audiences"] = Audience
        context["wanted"] = wanted
        return context


class NewsQuerySet(PageQuerySet):
    """News in domain words."""

    def to_read(self) -> "NewsQuerySet":
        """What anyone may read now, the latest first."""
        found: NewsQuerySet = (
            self.live().public().select_related("picture").order_by("-date", "-first_published_at")
        )
        return found


class NewsPage(BodyPage, ForAudiences, TowardsGoals):
    """One piece of news."""

    date = models.DateField(_("date"), default=timezone.localdate)
    picture = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    picture_alt = models.CharField(
        _("what the picture shows"),
        max_length=200,
        blank=True,
        help_text=_("Read aloud to those who cannot see the picture."),
    )
    picture_decorative = models.BooleanField(_("the picture is only decoration"), default=False)

    content_panels = [
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("lead"),
        MultiFieldPanel(
            [
                FieldPanel("picture"),
                FieldPanel("picture_alt"),
                FieldPanel("picture_decorative"),
            ],
            _("Picture"),
        ),
        ForAudiences.audience_panel,
        TowardsGoals.goals_panel,
        FieldPanel("body"),
    ]
    search_fields = [*BodyPage.search_fields, TowardsGoals.goals_search]
    template = "cms/news.html"
    og_type = "article"
    parent_page_types = ["cms.NewsIndexPage"]
    subpage_types: list[str] = []

    objects = PageManager.from_queryset(NewsQuerySet)()  # type: ignore[django-manager-missing]

    class Meta:
        verbose_name = _("news item")

    @property
    def audience_names(self) -> list[str]:
        """Whom it is for, in words."""
        return names_of(self.audiences)

    def clean(self) -> None:
        """A picture says what it shows, or that it shows nothing that matters."""
        super().clean()
        if self.picture_id and not (self.picture_alt.strip() or self.picture_decorative):
            raise ValidationError(
                {"picture_alt": _("Say what the picture shows, or that it is only decoration.")}
            )


def latest(language: str, at_most: int = 3) -> list[NewsPage]:
    """The latest news in the language."""
    return list(NewsPage.objects.filter(locale__language_code=language).to_read()[:at_most])
