"""Feeds, the map of the site, and what shared links are told: all of it public and without tracks."""

import datetime
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import Page, PageViewRestriction

from audit.operations import operation
from cms.events import put_up_events
from cms.models import EventPage, NewsPage
from people.models import Organisation
from programme.models import Occasion, Programme
from tests.cms.kinds import put_up_every_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
ATOM = "{http://www.w3.org/2005/Atom}"


def _entries(path: str) -> list[str]:
    answer = Client().get(path)
    assert answer["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.content)
    return [entry.findtext(f"{ATOM}title", "") for entry in root.iter(f"{ATOM}entry")]


def test_news_as_atom_the_latest_first() -> None:
    titles = _entries("/nyheter.atom")
    assert titles[0] == "Nyckelfunktioner går en fördjupning"
    assert len(titles) == 6
    assert _entries("/en/nyheter.atom") == ["The portal is open"]


def test_drafts_and_restricted_news_are_in_no_feed_and_no_map() -> None:
    first, second = NewsPage.objects.filter(locale__language_code="sv").order_by("-date")[:2]
    with operation("test.hide"):
        first.unpublish()
        PageViewRestriction.objects.create(page=second, restriction_type=PageViewRestriction.LOGIN)
    assert not {first.title, second.title} & set(_entries("/nyheter.atom"))
    sitemap = Client().get("/sitemap.xml").content.decode()
    assert first.slug not in sitemap
    assert second.slug not in sitemap
    assert "/om-projektet/" in sitemap
    assert "/en/about-the-project/" in sitemap


def test_robots_are_led_to_the_map() -> None:
    text = Client().get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /cms/" in text


def _event(title: str, kind: str = "event") -> Occasion:
    starts = timezone.now() + datetime.timedelta(days=5)
    with operation("test.event"):
        return Occasion.objects.create(
            programme=Programme.objects.get(),
            kind=kind,
            title=title,
            starts_at=starts,
            ends_at=starts + datetime.timedelta(hours=3),
            district=Organisation.objects.filter(kind=Organisation.Kind.DISTRICT)[0],
            join_address="https://meet.example.org/hemlig",
        )


def _calendar() -> list[tuple[str, str]]:
    """Title and address of every event."""
    answer = Client().get("/handelser.ics")
    assert b"hemlig" not in answer.content
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return [(str(event["summary"]), str(event["url"])) for event in found]


def test_events_as_a_calendar_without_the_meeting_address() -> None:
    event = _event("Spridningsdag")
    _event("Gruppträff", kind="training")
    put_up_events()
    address = f"http://localhost:8000/handelser/evenemang-{event.public_id}/"
    assert _calendar() == [("Spridningsdag", address)]


def _unpublish(page: EventPage) -> None:
    page.unpublish()


def _restrict(page: EventPage) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def _delete(page: EventPage) -> None:
    page.delete()


@pytest.mark.parametrize("hide", [_unpublish, _restrict, _delete])
def test_an_event_that_no_page_tells_of_is_not_announced(hide: Callable[[EventPage], None]) -> None:
    event = _event("Hemlig dag")
    put_up_events()
    # The control.
    assert [title for title, _address in _calendar()] == ["Hemlig dag"]
    with operation("test.hide"):
        hide(EventPage.objects.get(occasion=event))
    assert _calendar() == []


def test_the_calendar_costs_the_same_for_many_events() -> None:
    def price() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            _calendar()
        return len(captured)

    _event("Första dagen")
    put_up_events()
    price()
    few = price()
    for number in range(5):
        _event(f"Dag {number}")
    put_up_events()
    assert price() == few


def test_a_shared_link_says_what_it_is() -> None:
    html = Client().get("/nyheter/portalen-ar-oppen/").content.decode()
    assert '<meta property="og:type" content="article">' in html
    assert '<meta property="og:title" content="Kompetensportalen är öppen">' in html
    assert '<meta name="description" content="Från och med nu' in html
    assert 'rel="canonical" href="http://localhost:8000/nyheter/portalen-ar-oppen/"' in html
    assert 'hreflang="en" href="http://localhost:8000/en/news/the-portal-is-open/"' in html
    assert 'type="application/atom+xml"' in html


ONCE = (
    "<title>",
    '<meta name="description"',
    '<link rel="canonical"',
    '<meta property="og:title"',
    '<meta property="og:type"',
    '<meta property="og:url"',
    '<meta property="og:site_name"',
    '<meta property="og:description"',
)


def lacking(html: str) -> list[str]:
    """What a page's head does not say exactly once, or contradicts."""
    head = html.split("</head>")[0]
    found = [each for each in ONCE if head.count(each) != 1]
    if 'type="application/atom+xml"' not in head:
        found.append("feeds")
    address = re.search(r'<link rel="canonical" href="([^"]+)"', head)
    if address is None or f'"og:url" content="{address[1]}"' not in head:
        found.append("one address")
    return found


def test_every_kind_of_page_says_what_it_is() -> None:
    kinds = put_up_every_kind()
    tree = [page.get_url() for page in Page.objects.live().public().filter(depth__gt=1)]
    paths = {*tree, *kinds.addresses()}
    missing = {}
    for path in paths:
        html = Client().get(path).content.decode()
        if found := lacking(html):
            missing[path] = found
    assert missing == {}
    assert {str(kinds.event.url), kinds.document.url, "/handlingar/"} <= paths


def test_a_head_without_its_address_would_be_seen() -> None:
    """The control."""
    html = Client().get("/om-projektet/").content.decode()
    assert lacking(html) == []
    assert lacking(html.replace('rel="canonical"', "")) == ['<link rel="canonical"', "one address"]
    assert lacking(html.replace("</head>", "<title></title></head>")) == ["<title>"]


def test_a_narrowed_list_of_documents_names_the_whole_one() -> None:
    """Search engines are led to the list itself."""
    html = Client().get("/handlingar/", {"sok": "beslut"}).content.decode()
    assert 'rel="canonical" href="http://testserver/handlingar/"' in html
