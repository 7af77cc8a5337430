"""A list of employees from file to register, in the browser, without a script too."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browser import hindrances, open_page, sign_in, too_wide
from tests.journeys.portal import Portal, running_portal

OFFICE = "administrator@example.org"
HEAD = "Förvaltning;Avdelning;Enhet;Förnamn;Efternamn;E-post;Chef\n"
NEW = "Farsta;Avdelningen för natten;Nattpatrullen;Åsa;Nyström;asa.nystrom@example.org;nej\n"
WRONG = "Farstad;;;Bo;Ek;bo.ek@example.org;\n"


@pytest.fixture(scope="module")
def portal(tables: str) -> Iterator[Portal]:
    """The demo's people and organisations."""
    with running_portal(os.environ["DATABASE_URL"], tables) as running:
        yield running


@pytest.mark.parametrize(("width", "script"), [(1280, True), (375, False)])
def test_a_list_is_corrected_taken_in_and_found_again(
    browser: Browser, portal: Portal, tmp_path: Path, width: int, script: bool
) -> None:
    page = open_page(browser, width=width, java_script_enabled=script)
    sign_in(page, portal.url, OFFICE)

    def read(text: str) -> None:
        file = tmp_path / f"personal-{width}.csv"
        file.write_text(text.replace("asa.", f"asa{width}."), encoding="utf-8")
        page.goto(f"{portal.url}/personal/")
        page.set_input_files("input[type=file]", file)
        page.get_by_role("button", name="Visa förhandsvisning").click()
        if script:
            assert hindrances(page) == []
            assert too_wide(page) == []

    read(HEAD + NEW + WRONG)
    expect(page.locator(".govuk-error-summary")).to_contain_text("1 rad")
    expect(page.get_by_role("row").filter(has_text="Farstad")).to_be_visible()
    expect(page.get_by_role("button", name="Läs in listan")).to_have_count(0)
    read(HEAD + NEW)
    page.get_by_role("button", name="Läs in listan").click()
    expect(page.locator("main")).to_contain_text("1 ny person")
    page.get_by_role("link", name="Till personalen").click()
    page.get_by_label("Namn, adress eller enhet").fill(f"asa{width}")
    page.get_by_role("button", name="Sök").click()
    expect(page.get_by_role("row").filter(has_text="Åsa Nyström")).to_contain_text("Nattpatrullen")
    page.get_by_role("link", name="Åsa Nyström").click()
    page.get_by_label("Efternamn").fill("Nyström Berg")
    page.get_by_label("Skäl till ändringen").fill("Gift.")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator("h1")).to_have_text("Åsa Nyström Berg")
    page.context.close()
