"""The registers from plan to decided version, in the browser.

A communications officer adds a line to the plan and links the page that came of it. The
project administrator freezes the activity plan, changes it, freezes it again and compares.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import hindrances, open_page, sign_in, too_wide
from tests.journeys.portal import Portal, running_portal

WRITER = "kommunikator@example.org"
OFFICE = "administrator@example.org"
LINE = "Nyhet om höstens tillfällen"
PAGE = "Kompetensportalen är öppen"


@pytest.fixture(scope="module")
def portal(tables: str) -> Iterator[Portal]:
    """The demo's people, pages and registers."""
    with running_portal(os.environ["DATABASE_URL"], tables) as running:
        yield running


@pytest.fixture
def at(browser: Browser, portal: Portal) -> Iterator[dict[str, Page]]:
    """The two who meet in the registers."""
    visitors = {who: open_page(browser) for who in (WRITER, OFFICE)}
    for who, page in visitors.items():
        sign_in(page, portal.url, who)
    yield visitors
    for page in visitors.values():
        page.context.close()


def to_register(page: Page, portal: Portal, name: str) -> None:
    """By the menu, as anyone would."""
    page.goto(f"{portal.url}/register/")
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.locator("h1")).to_have_text(name)
    assert hindrances(page) == []
    assert too_wide(page) == []


def freeze(page: Page, number: int, decision: str) -> None:
    page.get_by_role("link", name="Frys en version").click()
    page.fill("[name=decision]", decision)
    page.get_by_role("button", name="Frys").click()
    expect(page.locator("h1")).to_have_text(f"Version {number}")
    expect(page.locator("main")).to_contain_text(decision)


def test_an_officer_adds_a_line_and_links_the_page(portal: Portal, at: dict[str, Page]) -> None:
    page = at[WRITER]
    to_register(page, portal, "Kommunikationsplan")
    page.get_by_role("link", name="Lägg till en rad").click()
    page.get_by_role("button", name="Spara").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Svara på frågan «Insats»")
    page.fill("[name=insats]", LINE)
    page.get_by_label("Medarbetare").check()
    page.get_by_label("Webbplatsen").check()
    page.fill("[name=dag]", "2026-01-20")
    page.get_by_role("radio", name="Kommunikatör").check()
    page.get_by_role("button", name="Spara").click()
    row = page.get_by_role("row").filter(has_text=LINE)
    expect(row).to_contain_text("Försenad")

    row.get_by_role("link", name=LINE).click()
    page.get_by_role("link", name="Ändra", exact=True).click()
    page.select_option("[name=lank-add_page]", label=PAGE)
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("link", name=PAGE)).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Dagen har passerat")
    expect(page.locator(".timeline")).to_contain_text("ändrade raden")
    assert hindrances(page) == []
    page.get_by_role("link", name=PAGE).first.click()
    expect(page.locator("h1")).to_contain_text(PAGE)


def test_the_administrator_freezes_the_plan_twice_and_compares(
    portal: Portal, at: dict[str, Page]
) -> None:
    page = at[OFFICE]
    plan = "Aktivitets- och tidsplan"
    to_register(page, portal, plan)
    freeze(page, 3, "Styrgruppen, möte 6, punkt 3")

    to_register(page, portal, plan)
    page.get_by_role("link", name="Chefsutbildning").click()
    page.get_by_role("link", name="Ändra", exact=True).click()
    page.get_by_role("radio", name="Klar").check()
    page.get_by_role("button", name="Spara").click()
    to_register(page, portal, plan)
    freeze(page, 4, "Styrgruppen, möte 7, punkt 2")

    to_register(page, portal, plan)
    page.get_by_role("link", name="Jämför versioner").click()
    expect(page.locator("h1")).to_have_text("Version 3 jämfört med version 4")
    expect(page.locator("del")).to_have_text("Pågår")
    expect(page.locator("ins")).to_have_text("Klar")
    assert hindrances(page) == []
    page.select_option("[name=fran]", "1")
    page.select_option("[name=till]", "2")
    page.get_by_role("button", name="Jämför").click()
    expect(page.locator("main")).to_contain_text("Digitalt erfarenhetsutbyte")
    expect(page.locator("main")).to_contain_text("Studiebesök i annan kommun")


def test_a_phone_shows_the_plan_without_sideways_scrolling(
    browser: Browser, portal: Portal
) -> None:
    page = open_page(browser, width=375)
    sign_in(page, portal.url, WRITER)
    to_register(page, portal, "Kommunikationsplan")
    page.context.close()
