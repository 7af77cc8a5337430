"""Every page a participant can open, in use: at 320 and 1280 px, in light and in dark.

The addresses are read from the configuration, so a new page is walked without a line here.
They are Swedish only, but for the list of documents; what else is in English is walked by
`test_public_pages`.
"""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response
from pytest_django.live_server_helper import LiveServer

from people.models import Person, User
from tests.journeys.browser import (
    COLOUR_RULES,
    RULES,
    SCHEMES,
    WIDTHS,
    hindrances,
    open_page,
    sign_in,
    too_wide,
)
from tests.journeys.participant_rows import LONG_WORD, lay_rows
from tests.journeys.visitors import ENGLISH, HEIGHT, in_a_list
from tests.permissions.expectations import TABLE
from tests.permissions.patterns import Pattern, walk
from tests.permissions.scene import Scene, laid

WHO = "own participant"
PUBLIC = "a public page, walked by test_public_pages"
#: Addresses that are no page of the participant's, and why.
NO_PAGE = {
    "health": "for machines",
    "account_login": PUBLIC,
    "account_set_password": "sends on whoever has a password",
    "account_reset_password_from_key": "the page is reached by its own redirect; seen without a key",
    "mfa_authenticate": "asked between two steps of signing in",
    "mfa_generate_recovery_codes": "shown to whoever has a second factor",
    "mfa_reauthenticate": "asked of whoever has a second factor",
    "workflows:decide_many": "leads back to the list without cases to decide",
    "workflows:postpone": "leads back to the list without a case to postpone",
    "occasions:join": "leads out of the portal",
    "occasions:file": "a calendar",
    "occasions:feed": "a calendar",
    "guests:calendar": "a calendar",
    "lectures:film": "a film",
    "lectures:captions": "captions",
    "certificates:pdf": "printed",
    "my_data:json": "a file",
    "my_data:pdf": "printed",
    "documents:list": PUBLIC,
    "documents:document": PUBLIC,
    "cms:poster_page": PUBLIC,
    "documents:feed": "a feed",
    "documents:newest": "a file",
    "documents:version": "a file",
    "procurement_data:json": "a file",
    "cms:sitemap": "for machines",
    "cms:robots": "for machines",
    "cms:poster": "printed",
    "cms:events": "a calendar",
    "cms_news_feed": "a feed",
    "wagtailcore_login": "leads on whoever has signed in",
    "wagtail_serve": PUBLIC,
}
#: Pages that must show something of the rows that are laid, so that none is looked at empty.
IN_USE = {
    "programme:my_page",
    "registrations:mine",
    "registrations:mine_one",
    "lectures:lecture",
    "months:my_month",
    "months:counted",
    "occasions:answer",
    "my_data:page",
}


def addresses() -> dict[str, Pattern]:
    """What the participant may ask for by GET, by name."""
    found = {}
    for pattern in walk():
        line = TABLE.get(pattern.route)
        if line and line.get and WHO in line.get:
            found[pattern.name or pattern.route] = pattern
    return found


def paths(scene: Scene, more: dict[str, list[dict[str, object]]]) -> list[tuple[str, str]]:
    """Name and path of every page to look at."""
    return [
        (name, pattern.filled(scene.values_for(name) | values))
        for name, pattern in addresses().items()
        if name not in NO_PAGE
        for values in [{}, *more.get(name, [])]
    ]


def is_a_page(answer: Response) -> bool:
    # A code that nobody has shown is answered with the page where one writes it again.
    html = "text/html" in answer.headers.get("content-type", "")
    return html and answer.status in (200, 422)


def problems(page: Page) -> list[str]:
    """What is wrong with the page as it stands, in every width and scheme."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [f"{width} px, too wide: {each}" for each in too_wide(page)]
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            rules = RULES if scheme == "light" else COLOUR_RULES
            found += [f"{width} px, {scheme}: {each}" for each in hindrances(page, rules=rules)]
    if urlsplit(page.url).path.startswith("/en/"):
        return found
    said = page.locator("main").inner_text().splitlines()
    return found + [f"English: {line}" for line in said if ENGLISH.search(line)]


def looked_at(page: Page, base: str, name: str, path: str) -> list[str]:
    """What is wrong with one page, or that it is none."""
    answer = page.goto(f"{base}{path}")
    assert answer is not None
    if answer.request.redirected_from or not is_a_page(answer):
        found = [f"no page and no reason: {answer.status} {page.url}"]
    else:
        found = problems(page)
    return [f"{name} {path}: {each}" for each in found]


@pytest.mark.django_db(transaction=True)
def test_nothing_hinders_the_participant_anywhere(
    browser: Browser, live_server: LiveServer
) -> None:
    scene = laid()
    user = scene.users[WHO]
    assert isinstance(user, User)
    more = lay_rows(Person.objects.get(user=user))
    # A colour that is on its way to another is neither.
    page = open_page(browser, reduced_motion="reduce")
    sign_in(page, live_server.url, user.email)
    # What protects the account is shown to whoever has just given the password again.
    page.goto(f"{live_server.url}/konto/tvasteg/app/")
    page.fill("main [name=password]", "demo")
    page.click("main form button")
    found, in_use = [], set()
    for name, path in paths(scene, more):
        found += looked_at(page, live_server.url, name, path)
        if LONG_WORD in page.content():
            in_use.add(name)
    # The negative control: what is hard to see in one scheme only, and is too wide.
    page.evaluate(
        "document.querySelector('main').innerHTML += '<p style=\"color:#777;background:#666;"
        "inline-size:2000px\">Svårt att se</p>'"
    )
    control = " ".join(problems(page))
    page.context.close()
    assert not found, in_a_list(found)
    assert IN_USE - in_use == set(), "pages that show none of the rows that are laid"
    for width in WIDTHS:
        assert f"{width} px, too wide" in control
        for scheme in SCHEMES:
            assert f"{width} px, {scheme}: color-contrast" in control


def test_no_reason_outlives_its_address() -> None:
    assert set(NO_PAGE) - set(addresses()) == set()


def test_a_new_page_would_be_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: an address is left out by its reason alone."""
    monkeypatch.delitem(NO_PAGE, "my_data:pdf")
    assert "my_data:pdf" in dict(paths(Scene({}, {"": {}}), {}))
