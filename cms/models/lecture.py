"""Public pages of lectures. A page can go; the lecture, its hours and registrations cannot."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.search import index

from cms import facts
from cms.blocks import BodyBlock
from cms.models.base import LeadPage, TowardsGoals, in_language
from programme.lectures import access, queries
from programme.lectures.public import public_lecture
from programme.lectures.queries import Card, Choice
from programme.models import Lecture, Principle


class LectureIndexPage(LeadPage):
    """The catalogue: every lecture with a published page, and ways to narrow it down."""

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    search_fields = [*Page.search_fields, index.SearchField("lead")]
    subpage_types = ["cms.LecturePage"]
    template = "cms/lecture_index.html"
    one_per_language = True

    class Meta:
        verbose_name = _("catalogue of lectures")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The lectures that fit what the visitor has chosen."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        choice = Choice(
            theme=request.GET.get("tema", ""),
            tag=request.GET.get("om", ""),
            form=request.GET.get("form", ""),
        )
        return {
            **context,
            "choice": choice,
            "cards": self.cards(request, choice),
            "principles": Principle.choices,
            "tags": queries.tags_in_use(),
            "filtered": any((choice.theme, choice.tag, choice.form)),
        }

    def cards(self, request: HttpRequest, choice: Choice) -> list[tuple[Card, str]]:
        """Each lecture with the address of its page, in the reader's language where there is one."""
        live = LecturePage.objects.live().public()
        pages = {page.lecture_id: page for page in in_language(live, self.locale_id)}
        found = queries.catalogue(choice, Lecture.objects.open().filter(pk__in=pages))
        return [
            (card, pages[card.lecture.pk].get_url(request) or "") for card in queries.cards(found)
        ]


class LecturePage(LeadPage, TowardsGoals):
    """One lecture for everyone to read about; following it is for those admitted."""

    lecture = models.ForeignKey(
        "programme.Lecture", on_delete=models.PROTECT, related_name="+", verbose_name=_("lecture")
    )
    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("lecture"),
        FieldPanel("lead"),
        FieldPanel("body"),
        TowardsGoals.goals_panel,
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
        index.SearchField("words_of_facts"),
        TowardsGoals.goals_search,
    ]
    parent_page_types = ["cms.LectureIndexPage"]
    subpage_types: list[str] = []
    template = "cms/lecture.html"

    objects = PageManager()  # type: ignore[django-manager-missing]

    class Meta:
        verbose_name = _("lecture")

    def words_of_facts(self) -> str:
        """What search finds the page by beside the editor's words."""
        return facts.of_lecture(self.lecture_id)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What is public of the lecture; whether this visitor may follow it."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        user = getattr(request, "user", None)
        shown = public_lecture(self.lecture_id)
        lecture = shown.lecture
        return {
            **context,
            "lecture": lecture,
            "is_open": lecture.state == Lecture.State.OPEN,
            "principles": shown.principles,
            "tags": shown.tags,
            "modules": shown.modules,
            "live": [one for one in queries.live_occasions(lecture) if not one.over],
            "recorded": shown.recorded,
            "is_participant": access.participant(user) is not None,
            "may_read": access.may_read(user),
        }
