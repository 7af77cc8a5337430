"""The public page of a dissemination event (R-171)."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.models.base import LeadPage
from programme.guests import access
from programme.models import Occasion
from programme.venues.booking import booked_venue, hours_in_words


class EventPage(LeadPage):
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
    ]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    template = "cms/event.html"

    class Meta:
        verbose_name = _("page about an event")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The occasion's own facts beside the editor's words; the same for every reader."""
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
            "takes_guests": guest_list is not None,
            "open": guest_list is not None and access.is_open(guest_list, now),
        }
