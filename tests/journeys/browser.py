"""What the journeys need of a browser: start it, sign in, and ask axe what hinders anyone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, sync_playwright

Scheme = Literal["light", "dark"]
ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What can differ between light and dark: the same elements stand there in both.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
WIDTHS = (320, 1280)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@contextmanager
def started() -> Iterator[Browser]:
    """A browser for as long as the block runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def open_page(
    browser: Browser, *, width: int = 1280, scheme: Scheme = "light", **more: Any
) -> Page:
    """A new visitor: own cookies, a width and a colour scheme."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        locale="sv-SE",
        # axe is put into the page; our own policy would refuse it.
        bypass_csp=True,
        **more,
    )
    return context.new_page()


def sign_in(page: Page, base: str, email: str, password: str = "demo") -> None:
    """Sign in as one would by hand."""
    page.goto(f"{base}/logga-in/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.click("main button[type=submit], main form button")
    page.wait_for_url(lambda url: "/logga-in/" not in url)


def hindrances(page: Page, within: str = "", rules: Sequence[str] = RULES) -> list[str]:
    """What axe finds on the page as it stands, one line for each.

    :param within: a selector, when only a part of the page is ours.
    :param rules: the rules to ask, or sets of them.
    """
    page.wait_for_load_state("networkidle")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(
        "([rules, within]) => axe.run(within || document,"
        " {runOnly: rules, resultTypes: ['violations']})",
        [list(rules), within],
    )
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """What sticks out to the right of the window, so that one must scroll sideways.

    A wide table scrolls within itself, but one whose rows are stacked on a phone may not.
    """
    found: list[str] = page.evaluate(
        """() => [
          ...(document.documentElement.scrollWidth <= innerWidth ? [] :
            [...document.querySelectorAll("body *")].filter(
              e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".table-wrap *"))),
          ...(innerWidth > 640 ? [] :
            [...document.querySelectorAll(".table-wrap:has(> .data-table--stack)")].filter(
              e => e.scrollWidth > e.clientWidth + 1)),
        ].slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""
    )
    return found
