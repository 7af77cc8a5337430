"""One wizard in a browser: two tabs, back, refresh and double clicks lose and repeat nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from audit.operations import operation
from forms_app import actions
from forms_app.building import stream_of
from forms_app.models import Draft, FormDefinition, FormVersion, Submission
from forms_app.schema import FormSchema, digest_of
from people.models import User
from tests.forms_app import builders
from tests.forms_app.test_rows import FORM
from tests.forms_app.urls import TestWizard
from tests.journeys.browser import hindrances, open_page, sign_in, too_wide

PASSWORD = "long-enough-password"


@dataclass
class Desk:
    """Someone signed in, and the published form."""

    base: str
    page: Page
    user: User
    version: FormVersion

    def begin(self) -> Draft:
        """A draft of one's own."""
        return actions.start_draft(owner=self.user, version=self.version)

    def url(self, draft: Draft, step: str) -> str:
        """The address of a step."""
        return f"{self.base}/prov/{draft.public_id}/{step}/"


@pytest.fixture
def desk(
    browser: Browser, settings: Settings, live_server: LiveServer, ground: None
) -> Iterator[Desk]:
    """A signed-in browser over the test's wizard."""
    settings.ROOT_URLCONF = "tests.forms_app.urls"
    TestWizard.finished.clear()
    with transaction.atomic(), operation("test.setup"):
        user = builders.user("alice", builders.organisation("desk"))
        version = _published(FORM)
    page = open_page(browser)
    sign_in(page, live_server.url, user.email, PASSWORD)
    yield Desk(live_server.url, page, user, version)
    page.context.close()


def _published(schema: FormSchema) -> FormVersion:
    plain = schema.to_plain()
    return FormVersion.objects.create(
        definition=FormDefinition.objects.create(
            key="costs", name="Utlägg", steps=stream_of(schema)
        ),
        number=1,
        schema=plain,
        digest=digest_of(plain),
        published_at="2026-01-01T00:00Z",
        published_by_name="B",
    )


def forward(page: Page, *, clicks: int = 1) -> None:
    """Press the wizard's main button, perhaps more than once."""
    button = page.locator("main form .govuk-button-group button:not([name])")
    if clicks > 1:
        # Past the page's own protection: two clicks in one breath, as a slow line would send them.
        button.evaluate("(button) => { button.click(); button.click(); }")
        page.wait_for_load_state("networkidle")
    else:
        button.click()


def row(page: Page, at: int, what: str, amount: str) -> None:
    """Fill in one cost."""
    page.locator(f"[name='lines.{at}.what']").fill(what)
    page.locator(f"[name='lines.{at}.amount']").fill(amount)


def values(page: Page) -> dict[str, str]:
    """What stands in the page's text boxes."""
    found: dict[str, str] = page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('main form input:not([type=hidden])')]"
        ".map(one => [one.name, one.value]))"
    )
    return found


def test_two_tabs_of_one_wizard_never_mix(desk: Desk) -> None:
    first, second = desk.begin(), desk.begin()
    here, there = desk.page, desk.page.context.new_page()
    here.goto(desk.url(first, "costs"))
    there.goto(desk.url(second, "costs"))
    row(here, 0, "Tåg", "150")
    row(there, 0, "Frimärke", "15")
    forward(here)
    forward(there)
    here.wait_for_url("**/trip/")
    there.wait_for_url("**/granska/")
    expect(there.locator("main")).to_contain_text("Frimärke")
    expect(there.locator("main")).not_to_contain_text("Tåg")
    forward(here)
    expect(here.locator("main")).to_contain_text("Tåg")
    forward(here)
    forward(there)
    there.wait_for_url("**/kvitto/**")
    here.wait_for_url("**/kvitto/**")
    whats = [one.answers["lines"][0]["what"] for one in Submission.objects.order_by("pk")]
    assert sorted(whats) == ["Frimärke", "Tåg"]


def test_back_refresh_and_double_clicks_lose_and_repeat_nothing(desk: Desk) -> None:
    draft, page = desk.begin(), desk.page
    page.goto(desk.url(draft, "costs"))
    row(page, 0, "Tåg", "1 500")
    page.locator("button[name=add-row]").click()
    row(page, 1, "Hotell", "700,25")
    page.locator("[name=approval]").fill("Bo Ek")
    # The sum and what it decides are there before anything is sent.
    expect(page.locator("output")).to_have_text("2\xa0200,25")
    typed = values(page)
    forward(page, clicks=2)
    page.wait_for_url("**/trip/")

    page.go_back()
    page.wait_for_url("**/costs/**")
    assert values(page) == typed
    page.reload()
    assert values(page) == typed
    forward(page)
    page.wait_for_url("**/trip/")
    page.locator("[name=left]").fill("2026-02-27")
    page.locator("[name=home]").fill("i mars")
    forward(page, clicks=2)
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    expect(page.locator("[name=home]")).to_have_value("i mars")
    # The button back keeps what is wrong too.
    page.locator("button[name=wizard_goto_step]").click()
    page.wait_for_url("**/costs/")
    assert values(page) == typed
    forward(page)
    page.wait_for_url("**/trip/")
    expect(page.locator("[name=home]")).to_have_value("i mars")
    page.reload()
    expect(page.locator("[name=home]")).to_have_value("i mars")
    page.locator("[name=home]").fill("2026-03-02")
    expect(page.locator("output")).to_have_text("3")
    forward(page, clicks=2)
    page.wait_for_url("**/granska/")
    page.reload()
    expect(page.locator("main")).to_contain_text("2. Vad: Hotell · Belopp: 700,25")
    forward(page, clicks=2)
    page.wait_for_url("**/kvitto/**")
    page.reload()
    page.go_back()
    page.wait_for_url("**/kvitto/**")

    kept = Submission.objects.get()
    assert TestWizard.finished == [kept.public_id]
    assert kept.answers["total"] == "2200.25"
    assert kept.answers["days"] == 3


def test_the_page_shows_and_hides_while_one_types_and_hinders_nobody(desk: Desk) -> None:
    page = desk.page
    page.goto(desk.url(desk.begin(), "costs"))
    expect(page.locator("[name=approval]")).to_be_hidden()
    expect(page.locator("[name='lines.0.why']")).to_be_hidden()
    row(page, 0, "Flyg", "6 000")
    expect(page.locator("[name=approval]")).to_be_visible()
    expect(page.locator("[name='lines.0.why']")).to_be_visible()
    expect(page.locator("label[for='id_lines.0.why']")).to_contain_text("måste besvaras")
    page.locator("[name='lines.0.amount']").fill("1 200")
    expect(page.locator("label[for='id_lines.0.why']")).to_contain_text("frivilligt")
    expect(page.locator("[name=approval]")).to_be_hidden()
    for width in (375, 320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert hindrances(page) + too_wide(page) == []


def test_everything_works_without_the_script(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(
        java_script_enabled=False, storage_state=desk.page.context.storage_state()
    )
    page = context.new_page()
    page.goto(desk.url(desk.begin(), "costs"))
    row(page, 0, "Tåg", "50")
    page.locator("button[name=add-row]").click()
    row(page, 1, "Buss", "20")
    page.locator("button[name=add-row]").click()
    page.locator("button[name=remove-row]").nth(2).click()
    expect(page.locator("[name='lines.1.what']")).to_have_value("Buss")
    expect(page.locator("output")).to_have_text("70")
    forward(page)
    page.wait_for_url("**/granska/")
    forward(page)
    page.wait_for_url("**/kvitto/**")
    context.close()
    assert [one["what"] for one in Submission.objects.get().answers["lines"]] == ["Tåg", "Buss"]
