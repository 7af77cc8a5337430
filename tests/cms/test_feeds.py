"""Feeds, the map of the site, and what shared links are told: all of it public and without tracks."""

import datetime
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import PageViewRestriction

from audit.operations import operation
from cms.models import NewsPage
from people.models import Organisation
from programme.models import Occasion, Programme

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


def test_events_as_a_calendar_without_the_meeting_address() -> None:
    starts = timezone.now() + datetime.timedelta(days=5)
    with operation("test.event"):
        for kind, title in (("event", "Spridningsdag"), ("training", "Gruppträff")):
            Occasion.objects.create(
                programme=Programme.objects.get(),
                kind=kind,
                title=title,
                starts_at=starts,
                ends_at=starts + datetime.timedelta(hours=3),
                district=Organisation.objects.filter(kind=Organisation.Kind.DISTRICT)[0],
                join_address="https://meet.example.org/hemlig",
            )
    answer = Client().get("/handelser.ics")
    found = [str(event["summary"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]
    assert found == ["Spridningsdag"]
    assert b"hemlig" not in answer.content


def test_a_shared_link_says_what_it_is() -> None:
    html = Client().get("/nyheter/portalen-ar-oppen/").content.decode()
    assert '<meta property="og:type" content="article">' in html
    assert '<meta property="og:title" content="Kompetensportalen är öppen">' in html
    assert '<meta name="description" content="Från och med nu' in html
    assert 'rel="canonical" href="http://localhost/nyheter/portalen-ar-oppen/"' in html
    assert 'hreflang="en" href="http://localhost/en/news/the-portal-is-open/"' in html
    assert 'type="application/atom+xml"' in html
