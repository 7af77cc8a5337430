"""A walk over every page that the links lead to, as each of those who use the portal.

Which pages there are is read from the links, so a new page is looked at as soon as
something leads to it, and a page that nothing leads to is missed in the table of rights.
"""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page

from tests.journeys.browser import Scheme, hindrances, open_page, sign_in, too_wide

LINK = re.compile(r"<a\s[^>]*?href=\"(/[^\"#]*)", re.S)
# Files, the editor's own pages, and what ends the visit.
NO_PAGE = re.compile(
    r"\.(pdf|csv|xlsx|ics|json|css|svg)$|^/cms/|^/logga-ut/|^/demo/|^/static/|^/media/|/fil\."
)
# At a desk in the light, on the narrowest phone in the dark.
VIEWS: tuple[tuple[int, Scheme], ...] = ((1280, "light"), (320, "dark"))
# Addresses of one route that a person looks behind: the next may be in another state.
MOST = 3


@dataclass
class Walk:
    """Where one has been, and what hinders anyone there."""

    browser: Browser
    base: str
    found: list[str] = field(default_factory=list)
    # By route: as whom it was looked at, and where.
    looked: dict[str, tuple[str, str]] = field(default_factory=dict)

    def go(self, email: str, starts: Sequence[str] = ("/",)) -> None:
        """Follow every link as this person; look closely at what nobody has looked at."""
        pages = [open_page(self.browser, width=w, scheme=s) for w, s in VIEWS]
        for page in pages:
            if email:
                sign_in(page, self.base, email)
        queue, seen = deque(starts), dict[str, list[str]]()
        while queue:
            address = queue.popleft()
            route = route_of(address)
            there = seen.setdefault(route, [])
            if not route or address in there or len(there) >= MOST:
                continue
            there.append(address)
            answer = pages[0].request.get(self.base + address)
            if answer.status >= 500:
                self.found.append(f"{email} {address}: answered {answer.status}")
            if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
                continue
            if route not in self.looked:
                self.looked[route] = (email, address)
                for page in pages:
                    self._look(page, email, address)
            queue.extend(LINK.findall(answer.text().replace("&amp;", "&")))
        for page in pages:
            page.context.close()

    def _look(self, page: Page, email: str, address: str) -> None:
        page.goto(self.base + address)
        width = page.viewport_size["width"] if page.viewport_size else 0
        wrong = hindrances(page) + [f"too wide: {each}" for each in too_wide(page)]
        who = email.partition("@")[0] or "anyone"
        self.found += [f"{who} {address} ({width} px): {each}" for each in wrong]


def route_of(address: str) -> str:
    """The route of one of our pages; empty for what is no page of ours."""
    path = urlsplit(address).path
    if NO_PAGE.search(path):
        return ""
    try:
        return resolve(path).route.removeprefix("^").removesuffix("$")
    except Resolver404:
        return ""
