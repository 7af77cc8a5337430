"""The public pages of events: the list of everything dated, and dissemination events (R-171)."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.search import index

from cms import event_list
from cms.blocks import BodyBlock
from cms.models.base import LeadPage, TowardsGoals, in_language
from core.pages import paginate
from people.models import User
from programme.guests import access
from programme.models import Occasion
from programme.registrations.queries import panel_for
from programme.venues.booking import booked_venue, hours_in_words

PER_PAGE = 20


class EventIndexPage(LeadPage):
    """«Events»: what one may come to, what has been, and a calendar to follow."""

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    search_fields = [*Page.search_fields, index.SearchField("lead")]
    subpage_types = ["cms.EventPage"]
    template = "cms/event_index.html"
    one_per_language = True

    class Meta:
        verbose_name = _("list of events")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The occasions that the visitor has chosen, some at a time."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        now = timezone.now()
        user = getattr(request, "user", None)
        live = EventPage.objects.live().public()
        pages: dict[int, Page] = {
            page.occasion_id: page for page in in_language(live, self.locale_id)
        }
        lectures = event_list.lecture_pages(self.locale_id)
        choice = event_list.wanted(request)
        known = event_list.occasions(pages, lectures, user if isinstance(user, User) else None, now)
        found = event_list.chosen(known, choice, now)
        page = paginate(request.GET.get("page"), found, PER_PAGE)
        return {
            **context,
            "choice": choice,
            "kinds": event_list.KINDS,
            "found": page,
            "rows": event_list.rows(list(page.object_list), pages, lectures, request, now),
        }


class EventPage(LeadPage, TowardsGoals):
    """Words about an event; time, place and who is coming are the occasion's.

    The page may be taken down at any time: the occasion, its registrations and its guests
    do not hang on it.
    """

    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)
    occasion = models.ForeignKey(
        "programme.Occasion",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"kind": Occasion.Kind.EVENT},
        verbose_name=_("event"),
        help_text=_("Time and place come from here, and registration."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("occasion"),
        FieldPanel("body"),
        TowardsGoals.goals_panel,
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
        TowardsGoals.goals_search,
    ]
    template = "cms/event.html"

    objects = PageManager()  # type: ignore[django-manager-missing]

    class Meta:
        verbose_name = _("page about an event")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The occasion's own facts beside the editor's words, and the reader's registration."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        occasion = self.occasion
        now = timezone.now()
        guest_list = access.public_list(occasion.public_id)
        return {
            **context,
            "occasion": occasion,
            "when": hours_in_words(occasion.starts_at, occasion.ends_at),
            "venue": booked_venue(occasion),
            "cancelled": occasion.state == Occasion.State.CANCELLED,
            "over": occasion.ends_at <= now,
            "panel": panel_for(occasion, getattr(request, "user", None) or AnonymousUser()),
            "takes_guests": guest_list is not None,
            "open": guest_list is not None and access.is_open(guest_list, now),
        }
