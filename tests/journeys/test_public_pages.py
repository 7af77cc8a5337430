"""Anyone can read the public pages, on a phone and at a desk, in light and in dark."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.journeys.browser import SCHEMES, WIDTHS, Scheme, hindrances, open_page, too_wide

PAGES = (
    "/",
    "/om-projektet/",
    "/for-chefer/",
    "/for-deltagare/",
    "/tillganglighet/",
    "/personuppgifter/",
    "/logga-in/",
    "/finns-inte/",
)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_hinders_anyone(
    browser: Browser, live_server: LiveServer, ground: None, width: int, scheme: Scheme
) -> None:
    page = open_page(browser, width=width, scheme=scheme)
    found = {}
    for path in PAGES:
        page.goto(f"{live_server.url}{path}")
        found[path] = hindrances(page) + too_wide(page)
    page.context.close()
    assert found == {path: [] for path in PAGES}


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
