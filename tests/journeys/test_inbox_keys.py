"""The inbox by single keys in a browser: they act in the list, and only there, and can be turned off."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from audit.operations import operation
from tests.journeys.browser import hindrances, open_page, sign_in, too_wide
from tests.workflows import builders
from workflows.actions import open_case
from workflows.models import Case, Decision, Postponement
from workflows.rules import Step

PASSWORD = "long-enough-password"
HERE = "is-current"


@dataclass
class Desk:
    """The inbox of somebody who has three cases to decide, in the order of the list."""

    page: Page
    base: str
    references: list[str]

    def row(self, at: int) -> Locator:
        """A row of the list."""
        return self.page.locator("[data-inbox] tbody tr").nth(at)

    def box(self, at: int) -> Locator:
        """The row's box."""
        return self.row(at).locator("input[type=checkbox]")

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        for key in keys:
            self.page.keyboard.press(key)

    def into_the_list(self) -> None:
        """The way a keyboard comes there: to the list's first box."""
        self.box(0).focus()

    def stands_at(self, at: int) -> None:
        """Which row is the current one, and that it has the focus."""
        expect(self.page.locator(f"[data-inbox] tr.{HERE}")).to_have_count(1)
        expect(self.row(at)).to_have_class(HERE)
        expect(self.box(at)).to_be_focused()


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, ground: None) -> Iterator[Desk]:
    """A signed-in browser at the inbox."""
    kind = builders.use_kind()
    with transaction.atomic(), operation("test.setup"):
        city = builders.organisation("Parkstaden", "city")
        decider = builders.user("Karin Park")
        starter = builders.user("Bo Bänk")
        decider.set_password(PASSWORD)
        decider.save()
        builders.give(decider, "bankchef", city)
        step = Step(key="ja", name="Bevilja", role="bankchef", working_days=10)
        version = builders.version_of(step, key="bankar")
        for number in range(3):
            open_case(
                kind=kind,
                version=version,
                organisation=city,
                initiator=starter,
                concerns=None,
                data={"place": f"Plats {number}"},
            )
    page = open_page(browser)
    sign_in(page, live_server.url, decider.email, PASSWORD)
    page.goto(f"{live_server.url}/arbete/")
    references = page.locator("[data-inbox] tbody th a").all_inner_texts()
    assert len(references) == 3
    yield Desk(page, live_server.url, references)
    page.context.close()


def test_j_and_k_and_the_arrows_move_and_stop_at_the_ends(desk: Desk) -> None:
    desk.into_the_list()
    desk.stands_at(0)
    desk.press("j")
    desk.stands_at(1)
    desk.press("ArrowDown", "j", "j")
    desk.stands_at(2)
    desk.press("k", "ArrowUp", "k", "k")
    desk.stands_at(0)


def test_x_ticks_and_unticks_the_row_one_stands_at(desk: Desk) -> None:
    desk.into_the_list()
    desk.press("j", "x")
    expect(desk.box(1)).to_be_checked()
    expect(desk.box(0)).not_to_be_checked()
    desk.press("X")
    expect(desk.box(1)).not_to_be_checked()


def test_o_opens_the_case(desk: Desk) -> None:
    desk.into_the_list()
    desk.press("j", "o")
    desk.page.wait_for_url(f"**/arenden/{desk.references[1]}/")


def test_b_leads_to_deciding_what_is_ticked_and_decides_nothing_by_itself(desk: Desk) -> None:
    desk.into_the_list()
    desk.press("x", "j", "j", "x", "b")
    desk.page.wait_for_url("**/arbete/**chosen=**")
    main = desk.page.locator("main")
    expect(main).to_contain_text(desk.references[0])
    expect(main).to_contain_text(desk.references[2])
    expect(main).not_to_contain_text(desk.references[1])
    assert not Decision.objects.exists()


def test_u_leads_to_putting_off_the_row_one_stands_at(desk: Desk) -> None:
    desk.into_the_list()
    desk.press("j", "u")
    desk.page.wait_for_url("**chosen=**")
    expect(desk.page.locator("main")).to_contain_text(desk.references[1])
    expect(desk.page.locator("main")).not_to_contain_text(desk.references[0])
    assert not Postponement.objects.exists()


def test_they_do_nothing_outside_the_list_nor_with_another_key_held(desk: Desk) -> None:
    search = desk.page.locator("[name=q]")
    search.focus()
    desk.press("j", "x", "o", "b", "u")
    expect(search).to_have_value("jxobu")
    expect(desk.page.locator(f"[data-inbox] tr.{HERE}")).to_have_count(0)
    desk.into_the_list()
    desk.press("Alt+x", "Control+j", "Alt+o")
    desk.stands_at(0)
    expect(desk.box(0)).not_to_be_checked()
    assert desk.page.url.endswith("/arbete/")


def test_turned_off_they_stay_off_in_this_browser(desk: Desk) -> None:
    page = desk.page
    page.locator("[data-inbox-keys] summary").click()
    assert hindrances(page) + too_wide(page) == []
    page.locator("label[for=inbox-keys-on]").click()
    for _ in range(2):
        desk.into_the_list()
        desk.press("j", "x")
        expect(desk.row(0)).to_have_class(HERE)
        expect(page.locator("[data-inbox] input:checked")).to_have_count(0)
        page.reload()
    # The control: turned on again they act.
    page.locator("[data-inbox-keys] summary").click()
    page.locator("label[for=inbox-keys-on]").click()
    desk.into_the_list()
    desk.press("j", "x")
    expect(desk.box(1)).to_be_checked()


def test_without_the_script_everything_is_done_with_the_boxes(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(
        java_script_enabled=False, storage_state=desk.page.context.storage_state()
    )
    page = context.new_page()
    page.goto(f"{desk.base}/arbete/")
    expect(page.locator("[data-inbox-keys]")).to_be_hidden()
    page.locator("[data-inbox] input").nth(1).check()
    page.locator("[data-inbox-put-off]").click()
    expect(page.locator("main")).to_contain_text(desk.references[1])
    context.close()
    assert Case.objects.count() == 3
