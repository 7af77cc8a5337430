"""A procurement document on its way to the public: stopped by the gate, mended, approved, read.

The communications officer puts up a file that cannot be listened to, is told so and
what to do, replaces it, and asks. A colleague looks and approves. Then anyone reads it.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from people.models import User
from tests.cms.documents import builders as make
from tests.journeys.browser import hindrances, open_page, sign_in, too_wide
from tests.journeys.colleagues import two
from tests.people import builders

TITLE = "Frågor och svar om lokaler"


@pytest.fixture
def colleagues(ground: None) -> tuple[User, User]:
    """Two communications officers."""
    return two("kommunikator", "kommunikator")


def put_up(page: Page, base: str, path: Path) -> None:
    """The editor's form for a new document."""
    page.goto(f"{base}/cms/documents/add/")
    page.set_input_files("input[name=file]", str(path))
    page.fill("[name=title]", TITLE)
    page.fill("[name=record_number]", "SOF 2026/77")
    page.select_option("[name=kind]", "procurement")
    page.select_option("[name=phase]", "announcement")
    page.locator("form").filter(has=page.locator("[name=record_number]")).locator(
        "[type=submit]"
    ).first.click()
    page.get_by_role("link", name=TITLE).first.click()


def to_the_gate(page: Page) -> None:
    page.get_by_role("link", name="Versioner och publicering").first.click()
    expect(page.locator("h1")).to_contain_text(TITLE)
    assert hindrances(page, within="#main") == []


def walk(writer: Page, second: Page, anyone: Page, base: str, folder: Path) -> None:
    """The whole way; the pages are three browsers."""
    bad, good = folder / "fragor.pdf", folder / "fragor-2.pdf"
    bad.write_bytes(make.untagged())
    good.write_bytes(make.tagged())

    put_up(writer, base, bad)
    to_the_gate(writer)
    expect(writer.locator("#main")).to_contain_text("PDF-filen saknar taggar")
    writer.get_by_role("button", name="Be om publicering").click()
    expect(writer.locator(".messages")).to_contain_text("Inget publicerades")

    writer.get_by_role("link", name="Redigera handlingen").click()
    writer.set_input_files("input[name=file]", str(good))
    writer.fill("[name=replaced_because]", "Filen gick inte att lyssna på")
    writer.fill("[name=public_change]", "Tillgänglig fil")
    writer.locator("form").filter(has=writer.locator("[name=public_change]")).locator(
        "[type=submit]"
    ).first.click()
    writer.get_by_role("link", name=TITLE).first.click()
    to_the_gate(writer)
    expect(writer.locator("#main")).to_contain_text("Spärren har inte hittat något")
    writer.get_by_role("button", name="Be om publicering").click()
    expect(writer.locator("#main")).to_contain_text("En annan person beslutar")
    expect(writer.get_by_role("link", name="Granska och besluta")).to_have_count(0)

    anyone.goto(f"{base}/handlingar/")
    expect(anyone.locator("main")).not_to_contain_text(TITLE)

    second.goto(f"{base}/cms/handlingar/")
    second.get_by_role("link", name=TITLE).first.click()
    assert hindrances(second, within="#main") == []
    second.get_by_role("button", name="Godkänn och publicera").click()
    expect(second.locator(".messages")).to_contain_text("Handlingen är offentlig")

    anyone.goto(f"{base}/handlingar/")
    anyone.get_by_role("link", name=TITLE).click()
    expect(anyone.locator("main")).to_contain_text("Tillgänglig fil")
    assert hindrances(anyone) + too_wide(anyone) == []
    with anyone.expect_download() as download:
        anyone.get_by_role("link", name=re.compile("^Ladda ner \\(")).click()
    assert Path(str(download.value.path())).read_bytes() == good.read_bytes()


def test_a_document_passes_gate_and_colleague(
    browser: Browser, live_server: LiveServer, colleagues: tuple[User, User], tmp_path: Path
) -> None:
    base = live_server.url
    writer, second, anyone = (open_page(browser) for _each in range(3))
    for page, user in zip((writer, second), colleagues, strict=True):
        sign_in(page, base, user.email, builders.PASSWORD)
    walk(writer, second, anyone, base, tmp_path)
    for page in (writer, second, anyone):
        page.context.close()
