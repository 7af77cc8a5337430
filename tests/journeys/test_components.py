"""Every shared component, on one page, in a browser."""

import pytest
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.journeys.browser import ROOT, SCHEMES, WIDTHS, Scheme, hindrances, open_page, too_wide


@pytest.fixture
def kitchen_sink(settings: Settings, live_server: LiveServer, transactional_db: None) -> str:
    """The address of the page; it exists only here."""
    settings.ROOT_URLCONF = "tests.journeys.kitchen_sink"
    templates = [dict(settings.TEMPLATES[0])]
    templates[0]["DIRS"] = [*templates[0]["DIRS"], ROOT / "tests" / "journeys" / "templates"]
    settings.TEMPLATES = templates
    return f"{live_server.url}/komponenter/"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [*WIDTHS, 375])
def test_nothing_hinders_anyone(
    browser: Browser, kitchen_sink: str, width: int, scheme: Scheme
) -> None:
    page = open_page(browser, width=width, scheme=scheme)
    page.goto(kitchen_sink)
    found = hindrances(page) + too_wide(page)
    page.context.close()
    assert found == []


def test_the_summary_of_errors_leads_to_each_field(browser: Browser, kitchen_sink: str) -> None:
    page = open_page(browser)
    page.goto(kitchen_sink)
    links = page.locator(".govuk-error-summary__list a")
    targets = [link.get_attribute("href") or "" for link in links.all()]
    assert len(targets) > 5
    lost = [target for target in targets if page.locator(target).count() != 1]
    page.context.close()
    assert lost == []


def test_no_typeface_that_is_not_ours_is_fetched(browser: Browser, kitchen_sink: str) -> None:
    page = open_page(browser)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(kitchen_sink)
    page.wait_for_load_state("networkidle")
    page.context.close()
    assert any("source-sans-3" in url for url in fetched)
    assert [url for url in fetched if "/assets/fonts/" in url] == []
