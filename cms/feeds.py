"""News as Atom, events as a calendar: nothing in them tells who reads."""

import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from cms import addresses
from cms.models import EventPage, NewsPage
from cms.models.news import latest
from programme.models import Occasion

NEWEST = 30
MOST_EVENTS = 200


class NewsFeed(Feed):  # type: ignore[type-arg]
    """The latest news in the language of the address."""

    feed_type = Atom1Feed

    def title(self) -> str:
        """Whose news it is."""
        return _("News from Kompetensportalen")

    def link(self) -> str:
        """The page that lists the same news."""
        return addresses.path(addresses.NEWS)

    def items(self) -> list[NewsPage]:
        """What anyone may read now, the latest first."""
        return latest(get_language() or "sv", NEWEST)

    def item_title(self, item: NewsPage) -> str:
        """The item's title."""
        return str(item.title)

    def item_description(self, item: NewsPage) -> str:
        """The item's lead; a feed's summary is read as HTML."""
        return escape(item.description)

    def item_link(self, item: NewsPage) -> str:
        """The item's own address."""
        return str(item.full_url or item.get_url() or "")

    def item_pubdate(self, item: NewsPage) -> datetime.datetime:
        """The day that stands on the item."""
        return timezone.make_aware(datetime.datetime.combine(item.date, datetime.time(8)))

    def item_updateddate(self, item: NewsPage) -> datetime.datetime:
        """When it was last published."""
        return item.last_published_at or self.item_pubdate(item)

    def item_categories(self, item: NewsPage) -> list[str]:
        """Whom it is for."""
        return item.audience_names


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Public events to come and of the last month, for a calendar to follow."""
    calendar = Calendar()
    calendar.add("prodid", "-//Kompetensportalen//SV")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Events of the project"))
    since = timezone.now() - datetime.timedelta(days=31)
    host = request.get_host().split(":")[0]
    for page in _announced_since(since):
        calendar.add_component(_event(page, host, request))
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="handelser.ics"'
    return response


def _announced_since(since: datetime.datetime) -> list[EventPage]:
    """The page of each event that ends later, in the order of the events.

    An event that no page tells of is not announced. One with pages in two languages is one.
    """
    pages = (
        EventPage.objects.live()
        .public()
        .filter(occasion__kind=Occasion.Kind.EVENT, occasion__ends_at__gte=since)
        .select_related("occasion", "locale")
        .order_by("occasion__starts_at", "occasion", "path")
    )
    first: dict[int, EventPage] = {}
    for page in pages[:MOST_EVENTS]:
        first.setdefault(page.occasion_id, page)
    return list(first.values())


def _event(page: EventPage, host: str, request: HttpRequest) -> Any:
    """The event without its meeting address, which only those registered are given."""
    occasion = page.occasion
    event = Event()
    event.add("uid", f"{occasion.public_id}@{host}")
    event.add("summary", page.title)
    event.add("dtstart", occasion.starts_at)
    event.add("dtend", occasion.ends_at)
    event.add("dtstamp", timezone.now())
    event.add("sequence", occasion.sequence)
    event.add("url", page.get_full_url(request))
    cancelled = occasion.state == Occasion.State.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return event


_feeds: dict[str, str | Promise] = {"cms_news_feed": gettext_lazy("News from Kompetensportalen")}


def register_feed(address_name: str, title: str | Promise) -> None:
    """Let another part's feed stand in the head of every public page."""
    _feeds[address_name] = title


def alternate_links() -> list[tuple[str, str]]:
    """The feeds that a page's head names, as title and address."""
    return [(str(title), reverse(name)) for name, title in _feeds.items()]
