"""What those who build kinds of cases do in the editor, click by click."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Locator, Page, expect

from tests.journeys.visitors import Visitor


def open_editor(visitor: Visitor, menu: str, button: str = "") -> Page:
    """From the portal's menu to the editor, to a list, and to what is added or opened there."""
    page = visitor.page
    page.goto(f"{visitor.portal.url}/arbete/")
    page.get_by_role("link", name="Administration", exact=True).click()
    page.get_by_role("link", name="Formulär, flöden och sidor", exact=True).click()
    page.locator(".sidebar").get_by_role("link", name=menu, exact=True).click()
    if button:
        page.get_by_role("link", name=button, exact=True).first.click()
    page.wait_for_load_state("networkidle")
    return page


def add_block(page: Page, stream: str, kind: str = "") -> str:
    """Press the last plus of the stream and choose a kind; how the block's fields begin.

    :param stream: the name that the stream's fields begin with, such as ``steps``.
    """
    count = page.locator(f"[name='{stream}-count']")
    at = int(count.input_value())
    row = count.locator("xpath=..")
    row.locator(
        ":scope > [data-streamfield-stream-container] > div > .c-sf-add-button"
    ).last.click()
    if kind:
        page.get_by_role("option", name=kind, exact=True).click()
    expect(page.locator(f"[name='{stream}-{at}-type']")).to_have_count(1)
    return f"{stream}-{at}-value"


def add_row(page: Page, rows: str) -> str:
    """Press the last plus of a list; how the row's fields begin."""
    count = page.locator(f"[name='{rows}-count']")
    at = int(count.input_value())
    count.locator("xpath=..").locator(
        ":scope > div > .c-sf-add-button, :scope > div > div > .c-sf-add-button"
    ).last.click()
    expect(page.locator(f"[name='{rows}-{at}-order']")).to_have_count(1)
    return f"{rows}-{at}-value"


def write(page: Page, name: str, text: str) -> None:
    """Write in the field, or choose by what one reads."""
    found = page.locator(f":is(input, select, textarea)[name='{name}']")
    if found.evaluate("field => field.tagName") == "SELECT":
        found.select_option(label=text)
    else:
        found.fill(text)


def tick(box: Locator) -> None:
    """Tick with the space bar, which no floating bar of buttons is in the way of."""
    box.press("Space")
    expect(box).to_be_checked()


def unfold(page: Page, name: str) -> None:
    """Open the folded panels around the field, outermost first."""
    field = page.locator(f"[name='{name}']").first
    panels = field.locator("xpath=ancestor::*[@data-panel]")
    for at in range(panels.count()):
        toggle = panels.nth(at).locator("[data-panel-toggle]").first
        if toggle.get_attribute("aria-expanded") == "false":
            toggle.click()


def add_question(page: Page, step: str, kind: str, label: str, *, required: bool = True) -> str:
    """A question at the end of the form's step."""
    block = add_block(page, f"{step}-fields", kind)
    write(page, f"{block}-label", label)
    if required:
        tick(page.locator(f"[name='{block}-required']"))
    return block


def add_choices(page: Page, block: str, words: Sequence[str]) -> None:
    """What one chooses among; the first row is there already."""
    first, *rest = words
    write(page, f"{block}-choices-0-value-label", first)
    for each in rest:
        write(page, f"{add_row(page, f'{block}-choices')}-label", each)


def add_rule(page: Page, rules: str, field: str, operator: str, value: str) -> None:
    """One comparison in a condition."""
    unfold(page, f"{rules}-count")
    row = add_row(page, rules)
    for part, text in (("field", field), ("operator", operator), ("value", value)):
        write(page, f"{row}-{part}", text)


def save(page: Page) -> None:
    """Press the big button, and read that it went well."""
    page.locator("footer button[type=submit], .footer__container button[type=submit]").first.click()
    expect(page.locator(".messages .success")).to_be_visible()
    page.wait_for_load_state("networkidle")
