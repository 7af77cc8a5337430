"""Someone at the portal with a browser of their own, who looks closely at every page."""

import io
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Response

from tests.journeys.browser import hindrances, open_page, sign_in, too_wide
from tests.journeys.portal import Portal

# Where our own part of an editor's page is.
INSIDE = "#main"
PHONE, DESK, NARROW = 375, 1280, 320
HEIGHT = 900
REFERENCE = re.compile(r"N-\d{4}-\d{4}")
# Words that no Swedish sentence has, so one of them is a text that was never translated.
ENGLISH = re.compile(r"\b(the|and|your|you|with|of|this|has|been)\b", re.IGNORECASE)


@dataclass
class Visitor:
    """One person's browser; what is wrong with the pages they see is gathered in ``found``."""

    browser: Browser
    portal: Portal
    email: str = ""
    found: list[str] = field(default_factory=list)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        """Open the browser, and sign in with the demo's password where there is an address."""
        self.page = self.watched(open_page(self.browser))
        if self.email:
            sign_in(self.page, self.portal.url, self.email)

    def watched(self, page: Page) -> Page:
        """The page, with its crashes written down."""

        def answered(response: Response) -> None:
            if response.status >= 500:
                self.found.append(f"{response.url}: answered {response.status}")

        page.on("response", answered)
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))
        return page

    def go(self, path: str) -> Page:
        """Open a page of the portal and look at it."""
        self.page.goto(f"{self.portal.url}{path}")
        return self.look()

    def look(self, page: Page | None = None) -> Page:
        """What hinders anyone at a desk or on a phone, sticks out when narrow, or is English."""
        page = page or self.page
        for width in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            self._note(page, f"{width} px", hindrances(page))
        page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        self._note(page, f"{NARROW} px, too wide", too_wide(page))
        page.set_viewport_size({"width": DESK, "height": HEIGHT})
        said = page.locator("main").inner_text().splitlines()
        self._note(page, "English", [line for line in said if ENGLISH.search(line)])
        return page

    def look_inside(self) -> Page:
        """The same for a page of ours in the editor, whose frame around it is not ours."""
        page = self.page
        for width in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            self._note(page, f"{width} px", hindrances(page, within=INSIDE))
        said = page.locator(INSIDE).inner_text().splitlines()
        self._note(page, "English", [line for line in said if ENGLISH.search(line)])
        return page

    def _note(self, page: Page, where: str, found: list[str]) -> None:
        who = self.email.partition("@")[0] or "anyone"
        self.found += [f"{who} {page.url} ({where}): {each}" for each in found]

    def second_tab(self) -> Page:
        """Another tab with the same cookies."""
        return self.watched(self.page.context.new_page())

    def close(self) -> None:
        """Leave."""
        self.page.context.close()


def forward(page: Page) -> None:
    """Press the wizard's main button."""
    page.locator("main form .govuk-button-group button:not([name])").click()


def scanned(square: Locator) -> str:
    """The address that a phone's camera would read from the square code on the screen."""
    picture = Image.open(io.BytesIO(square.screenshot()))
    (code,) = zxingcpp.read_barcodes(picture)
    return code.text


def in_a_list(found: list[str]) -> str:
    """One line for each thing found, for a failure that can be read."""
    return "\n".join(["", *dict.fromkeys(found)])


def rows(portal: Portal, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Read the portal's database, past the portal."""
    with psycopg.connect(portal.database_url) as connection:
        return connection.execute(sql, values).fetchall()


def eventually(check: Callable[[], Any], seconds: float) -> Any:
    """What the check answers when it first is true, or last when time is up."""
    deadline = time.monotonic() + seconds
    while not (answer := check()) and time.monotonic() < deadline:
        time.sleep(0.5)
    return answer


def mail_to(portal: Portal, address: str, pattern: str) -> str:
    """What the pattern finds in a mail that has left the portal for the address."""

    def search() -> str:
        for file in sorted(Path(portal.mail).glob("*.log")):
            for letter in file.read_text().split("-" * 79):
                text = letter.replace("=\n", "")
                match = re.search(pattern, text)
                if f"To: {address}" in text and match:
                    return match.group()
        return ""

    return str(eventually(search, 60))
