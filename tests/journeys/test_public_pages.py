"""Anyone can read the public pages, on a phone and at a desk, in light and in dark."""

from urllib.parse import unquote

import pytest
from django.urls import resolve
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from wagtail.models import Page

from tests.cms.kinds import Kinds, put_up_every_kind
from tests.journeys.browser import SCHEMES, WIDTHS, Scheme, hindrances, open_page, too_wide
from tests.journeys.test_participant_pages import NO_PAGE, PUBLIC, addresses
from tests.permissions.expectations import TABLE

# Beside the pages of the tree, which are all visited.
MORE = (
    "/nyheter/?for=universities",
    "/sok/?q=utbildning",
    "/sok/?q=xyzzy",
    "/en/search/?q=project",
    "/kontakt/?om=accessibility",
    "/affisch/",
    "/logga-in/",
    "/finns-inte/",
)
MOST_BYTES, MOST_REQUESTS = 200_000, 12


@pytest.fixture
def kinds(ground: None) -> Kinds:
    """A lecture, an event, a procurement, a report and a document among the pages."""
    return put_up_every_kind()


def _pages(kinds: Kinds) -> list[str]:
    """Every public page there is, in both languages, and what is not in the tree."""
    tree = [page.get_url() for page in Page.objects.live().public().filter(depth__gt=1)]
    assert len(tree) > 30
    # Each kind, with rows to show, is really among them.
    assert set(kinds.addresses()) - set(tree) == {kinds.document.url, "/handlingar/"}
    return [*tree, kinds.document.url, "/handlingar/", *MORE]


def test_no_public_address_is_forgotten(kinds: Kinds) -> None:
    """Participants may open whatever anyone may: what their walk leaves to this one is here."""
    walked = _pages(kinds)
    swedish = [unquote(path.partition("?")[0]) for path in walked if not path.startswith("/en/")]
    names = {resolve(path).view_name for path in swedish if "finns-inte" not in path}
    left_to_us = {name for name, why in NO_PAGE.items() if why == PUBLIC}
    assert left_to_us - names == set()
    theirs = {pattern.route for pattern in addresses().values()}
    public = {route for route, line in TABLE.items() if line.get and "anonymous" in line.get}
    assert public - theirs == set()
    assert 10 < len(swedish) < len(walked) - 10


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_hinders_anyone(
    browser: Browser, live_server: LiveServer, kinds: Kinds, width: int, scheme: Scheme
) -> None:
    page = open_page(browser, width=width, scheme=scheme)
    found = {}
    for path in _pages(kinds):
        page.goto(f"{live_server.url}{path}")
        if hinders := hindrances(page) + too_wide(page):
            found[path] = hinders
    page.context.close()
    assert found == {}


def test_a_refused_message_hinders_nobody(
    browser: Browser, live_server: LiveServer, ground: None
) -> None:
    """The form works without script, and says what to do where it is wrong."""
    page = open_page(browser, width=320, java_script_enabled=False)
    page.goto(f"{live_server.url}/kontakt/")
    page.get_by_role("button", name="Skicka").click()
    assert page.get_by_role("link", name="Skriv ditt meddelande.").is_visible()
    page.get_by_label("En fråga om projektet").check()
    page.get_by_label("Ditt meddelande").fill("När börjar nästa omgång?")
    page.get_by_role("button", name="Skicka").click()
    assert page.get_by_role("heading", name="Vi har fått ditt meddelande").is_visible()
    page.context.close()


def test_every_page_is_light_at_the_first_visit(
    browser: Browser, live_server: LiveServer, kinds: Kinds
) -> None:
    """What a visitor with nothing kept has to fetch: bytes over the wire, and requests."""
    heavy = {}
    for path in [path for path in _pages(kinds) if "finns-inte" not in path]:
        page = open_page(browser)
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        sizes: list[float] = []
        session.on(
            "Network.loadingFinished",
            lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]),
        )
        page.goto(f"{live_server.url}{path}", wait_until="networkidle")
        if sum(sizes) > MOST_BYTES or not 4 <= len(sizes) <= MOST_REQUESTS:
            heavy[path] = (len(sizes), round(sum(sizes)))
        page.context.close()
    assert heavy == {}


def test_the_language_is_changed_where_one_reads(
    browser: Browser, live_server: LiveServer, ground: None
) -> None:
    page = open_page(browser, width=375)
    page.goto(f"{live_server.url}/for-deltagare/")
    page.get_by_role("link", name="In English").click()
    assert page.url.endswith("/en/for-participants/")
    assert page.get_by_alt_text("Co-funded by the European Union").is_visible()
    page.get_by_role("link", name="På svenska").click()
    assert page.url.endswith("/for-deltagare/")
    page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_emblem_is_seen_at_once_and_is_the_largest_mark(
    browser: Browser, live_server: LiveServer, ground: None, width: int
) -> None:
    page = open_page(browser, width=width)
    page.goto(live_server.url)
    emblem = page.get_by_alt_text("Medfinansieras av Europeiska unionen").bounding_box()
    mark = page.locator(".masthead__mark").bounding_box()
    page.context.close()
    assert emblem is not None
    assert mark is not None
    assert emblem["x"] >= 0
    assert emblem["x"] + emblem["width"] <= width
    assert emblem["y"] + emblem["height"] <= 200
    # Annex IX 1.7: as high or as wide as the largest other logo.
    assert emblem["height"] >= mark["height"]


def test_axe_is_really_asked(browser: Browser, live_server: LiveServer, ground: None) -> None:
    """The negative control: a picture without words and a field without a label are found."""
    page = open_page(browser)
    page.goto(live_server.url)
    page.evaluate("document.querySelector('main').innerHTML += '<img src=x><input name=y>'")
    found = " ".join(hindrances(page))
    page.context.close()
    assert "image-alt" in found
    assert "label" in found


def test_the_menu_opens_without_script(
    browser: Browser, live_server: LiveServer, ground: None
) -> None:
    page = open_page(browser, width=375, java_script_enabled=False)
    page.goto(live_server.url)
    link = page.locator(".bar__menu").get_by_role("link", name="Om projektet")
    assert not link.is_visible()
    page.locator(".bar__menu summary").click()
    link.click()
    assert page.url.endswith("/om-projektet/")
    page.context.close()


def test_the_keyboard_reaches_the_content_first(
    browser: Browser, live_server: LiveServer, ground: None
) -> None:
    page = open_page(browser)
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innehall"
    page.context.close()
