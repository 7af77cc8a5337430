"""What every page of ours has."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from cms import serving
from cms.addresses import EVERY_FIXED
from cms.fields import AudienceField, GoalField, goals_of

PageType = TypeVar("PageType", bound=Page)


@dataclass(frozen=True)
class Alternate:
    """The same page in another language."""

    language: str
    name: str
    url: str
    full_url: str


class PortalPage(Page):
    """A page whose address never changes when the foot of every page leads to it."""

    # What the page is to whoever shares a link to it (Open Graph).
    og_type = "website"
    # A kind that there is one page of in each language, wherever it lies.
    one_per_language = False

    class Meta:
        abstract = True

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """As Wagtail says, and one in each language where the kind says so."""
        if not super().can_create_at(parent):
            return False
        taken = cls.one_per_language and cls._default_manager.filter(locale=parent.locale_id)
        return not (taken and taken.exists())

    @property
    def is_fixed(self) -> bool:
        """Whether the foot of every page links here by address."""
        return bool(self.slug in EVERY_FIXED and self.depth <= 3)

    @property
    def description(self) -> str:
        """One sentence about the page, for search engines and shared links."""
        return str(self.search_description or getattr(self, "lead", "") or "")

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Refuse a new address for a page that the foot of every page links to."""
        super().full_clean(*args, **kwargs)
        if self.pk:
            before = Page.objects.filter(pk=self.pk).values_list("slug", flat=True).first()
            if before in EVERY_FIXED and before != self.slug:
                raise ValidationError(
                    {"slug": _("Every page links to this address, so it cannot be changed.")}
                )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The page with what its frame shows: where it lies, and its other language."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        where = (self.path, str(self.translation_key))
        # A preview may show what is not committed, so it keeps nothing.
        preview = getattr(request, "is_preview", False)
        around = serving.around.function(where) if preview else serving.around(where)
        context["alternates"] = self.alternates(request, around)
        # The first page is not above itself, nor is Wagtail's root above anything.
        context["crumbs"] = [
            (page.get_url(request), _("Home") if page.depth == 2 else page.title)
            for page in sorted(around, key=lambda page: page.path)
            if page.depth > 1 and self.path.startswith(page.path) and page.pk != self.pk
        ]
        return context

    def alternates(self, request: HttpRequest, around: list[Page]) -> list[Alternate]:
        """This page in every language it can be read in, itself included; none when alone."""
        pages = [page for page in around if page.translation_key == self.translation_key]
        if len(pages) < 2:
            return []
        names = dict(settings.LANGUAGES)
        return [
            Alternate(
                page.locale.language_code,
                str(names.get(page.locale.language_code, page.locale.language_code)),
                page.get_url(request) or "",
                page.get_full_url(request) or "",
            )
            for page in sorted(pages, key=lambda page: page.locale.language_code != "sv")
        ]

    def get_view_restrictions(self) -> Any:
        """Who may read it; not asked page by page while nothing at all is restricted."""
        if not serving.any_is_restricted():
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, marked as one that looks the same for everyone who has not signed in."""
        response: HttpResponse = super().serve(request, *args, **kwargs)
        response.public_page = self.keepable(request)  # type: ignore[attr-defined]
        return response

    def keepable(self, request: HttpRequest) -> bool:
        """Whether the answer may be kept for the next visitor; not where it depends on a form."""
        return request.method in ("GET", "HEAD") and not request.GET


def in_language(pages: Iterable[PageType], locale_id: int) -> Iterator[PageType]:
    """The pages so that those in the language come last: a mapping made of them prefers those."""
    return iter(sorted(pages, key=lambda page: page.locale_id == locale_id))


def ensure_alone(page: Page, fact: str) -> None:
    """Raise when another page in the language tells of the same fact."""
    others = type(page)._default_manager.filter(
        locale=page.locale_id, **{f"{fact}_id": getattr(page, f"{fact}_id")}
    )
    if others.exclude(pk=page.pk or 0).exists():
        raise ValidationError({fact: _("There is a page about this already.")})


class LeadPage(PortalPage):
    """A page that opens with one or two sentences."""

    lead = models.TextField(
        _("lead"), blank=True, help_text=_("One or two sentences that say what the page gives.")
    )

    search_fields = [*Page.search_fields, index.SearchField("lead", boost=2)]

    class Meta:
        abstract = True


class ForAudiences(models.Model):
    """A page that is for somebody in particular (R-176)."""

    audiences = AudienceField(_("for whom"), blank=True, default=list)

    audience_panel = FieldPanel("audiences")

    class Meta:
        abstract = True


class TowardsGoals(models.Model):
    """A page about work towards goals outside the project, regional and global (R-246)."""

    goals = GoalField(_("goals that it works towards"), blank=True, default=list)

    goals_panel = FieldPanel("goals")
    goals_search = index.SearchField("goal_words")

    class Meta:
        abstract = True

    @property
    def goal_names(self) -> list[str]:
        """The goals in words."""
        return goals_of(self.goals)

    def goal_words(self) -> str:
        """What search finds the page by: the goals, in the page's own language."""
        with override(self.locale.language_code):  # type: ignore[attr-defined]
            return "\n".join(self.goal_names)
