"""A browser reads every page with markup in every row, and nothing of it becomes more than text.

Scripts of a page that read what stands in it run as they do for anyone; the content
security policy, which would stop what got through, is not asked to help.
"""

import re
from collections import Counter

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

from tests.journeys.browser import open_page
from tests.permissions import canaries
from tests.permissions.test_canaries import Seen, answers, of_kind, scene  # noqa: F401

BASE = "http://testserver"
CONTROL = "/control/"
# As the browser itself reads it: an element of ours, or anything that would run.
READ = f"""html => {{
  const page = new DOMParser().parseFromString(html, "text/html");
  const runs = [...page.querySelectorAll("*")].some(
    one => one.getAttributeNames().some(name => name.startsWith("on")));
  return runs || !!page.querySelector("{canaries.MARK}");
}}"""
RAN = f"typeof e5 !== 'undefined' || !!document.querySelector('{canaries.MARK}')"
SCRIPT = re.compile(rb'<script[^>]*\bsrc="[^"?]*/([^"?/]+\.js)')
#: What is loaded beside scripts, and takes its time.
HEAVY = re.compile(rb'<link\b[^>]*>|<img\b[^>]*src="/[^>]*>')


@pytest.fixture
def pages(answers: list[Seen]) -> dict[str, bytes]:  # noqa: F811
    """Every page; and the negative control, where it is not escaped."""
    found = {one.path: one.body for one in of_kind(answers, "text/html")}
    return found | {CONTROL: f"<p>{canaries.LONG}</p>".encode()}


def with_own_scripts(pages: dict[str, bytes]) -> list[str]:
    """The pages that run more than every page does."""
    scripts = {path: set(SCRIPT.findall(body)) for path, body in pages.items()}
    often = Counter(name for found in scripts.values() for name in found)
    common = {name for name, number in often.items() if number > len(pages) / 2}
    return [path for path, found in scripts.items() if found - common]


def served(page: Page, pages: dict[str, bytes]) -> None:
    """Let the page find the pages and their scripts, and nothing else."""

    def answered(route: Route) -> None:
        path = route.request.url.removeprefix(BASE)
        script = finders.find(f"js/{path.rpartition('/')[2]}") if path.endswith(".js") else None
        if path in pages:
            body = HEAVY.sub(b"", pages[path])
            route.fulfill(body=body, content_type="text/html; charset=utf-8")
        elif isinstance(script, str):
            route.fulfill(path=script)
        else:
            route.fulfill(status=404, body="")

    page.route("**/*", answered)


@pytest.mark.django_db
def test_a_browser_makes_nothing_more_of_it_than_text(
    browser: Browser, pages: dict[str, bytes]
) -> None:
    page = open_page(browser)
    read = [path for path, body in pages.items() if page.evaluate(READ, body.decode())]
    assert read == [CONTROL]
    served(page, pages)
    own = with_own_scripts(pages)
    assert len(own) > 5
    ran = []
    for path in [*own, CONTROL]:
        page.goto(f"{BASE}{path}", wait_until="domcontentloaded")
        if page.evaluate(RAN):
            ran.append(path)
    page.unroute_all(behavior="ignoreErrors")
    page.context.close()
    assert ran == [CONTROL]
