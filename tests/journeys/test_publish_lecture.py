"""A lecture on its way to the public: written, filmed, captioned, sent in, read by a colleague, open.

The communications officer makes the lecture and its recording; a recording without
captions is stopped. The page goes through the same review as every other page, and when the
colleague has approved it, anyone reads about the lecture and participants can follow it.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from people.models import User
from programme.models import Lecture, Recording
from tests.journeys.browser import hindrances, open_page, sign_in, too_wide
from tests.journeys.colleagues import two
from tests.people import builders
from tests.programme.lectures.builders import FILMS
from tests.programme.lectures.conftest import _own_files  # noqa: F401

TITLE = "Bemötande som når fram"


@pytest.fixture
def colleagues(ground: None) -> tuple[User, User]:
    """A communications officer, and the project leader who reads what others write."""
    return two("kommunikator", "projektledare")


def write(page: Page, base: str) -> None:
    """The facts of the lecture."""
    page.goto(f"{base}/arbete/forelasningar/ny/")
    page.fill("[name=title]", TITLE)
    page.fill("[name=summary]", "Om vad som händer i mötet.")
    page.fill("[name=description]", "Vad en arbetsgrupp kan göra i morgon.")
    page.fill("[name=lecturer]", "Utredare, staden")
    page.fill("[name=invited]", "Alla deltagare")
    page.check("[name=principles][value=equality]")
    assert hindrances(page) == []
    page.locator("main form [type=submit], main form button.govuk-button").last.click()
    expect(page.locator("h1")).to_contain_text(TITLE)


def record(page: Page) -> None:
    """First without captions, which is kept but stopped; then with them."""
    page.get_by_role("link", name="Ladda upp en inspelning").first.click()
    page.set_input_files("[name=video]", str(FILMS / "lika-stod.webm"))
    page.locator("main form button.govuk-button").first.click()
    expect(page.locator("main")).to_contain_text("Undertexter saknas")
    page.get_by_role("button", name="Publicera").click()
    expect(page.locator("main")).to_contain_text("saknar undertexter")
    assert Recording.objects.get().state == Recording.State.DRAFT

    page.get_by_role("link", name="Undertexter, utskriven text, kapitel").click()
    page.set_input_files("[name=captions]", str(FILMS / "lika-stod.vtt"))
    page.locator("main form button.govuk-button").first.click()
    page.get_by_role("button", name="Publicera").click()
    expect(page.locator("main")).to_contain_text("i bruk")
    assert hindrances(page) == []


def send_in(page: Page) -> None:
    """The drafted page goes to review."""
    page.get_by_role("link", name="Redigera sidan").click()
    page.get_by_role("button", name="Fler åtgärder").click()
    page.locator("[name=action-submit]").click()
    expect(page.locator(".messages")).to_contain_text("inlämnad för moderering")


def approve(page: Page, base: str) -> None:
    """The colleague finds it in the inbox, reads it and approves."""
    page.goto(f"{base}/arbete/")
    page.get_by_role("link", name=TITLE).first.click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Fler åtgärder").click()
    page.locator("[data-workflow-action-name=approve]").first.click()
    expect(page.locator(".messages")).to_contain_text(TITLE)


def test_a_lecture_passes_captions_and_colleague(
    browser: Browser, live_server: LiveServer, colleagues: tuple[User, User], tmp_path: Path
) -> None:
    base = live_server.url
    writer, second, anyone = (open_page(browser) for _each in range(3))
    for page, user in zip((writer, second), colleagues, strict=True):
        sign_in(page, base, user.email, builders.PASSWORD)
    write(writer, base)
    record(writer)
    send_in(writer)
    anyone.goto(f"{base}/forelasningar/")
    expect(anyone.locator("main")).not_to_contain_text(TITLE)
    assert Lecture.objects.get().state == Lecture.State.DRAFT
    approve(second, base)

    anyone.goto(f"{base}/forelasningar/")
    anyone.get_by_role("link", name=TITLE).first.click()
    expect(anyone.locator("main")).to_contain_text("Inspelad, 2:21 minuter, med undertexter")
    assert hindrances(anyone) + too_wide(anyone) == []
    assert Lecture.objects.get().state == Lecture.State.OPEN
    for page in (writer, second, anyone):
        page.context.close()
