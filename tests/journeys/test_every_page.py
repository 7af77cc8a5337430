"""Every page that links lead to, as whoever uses it: nothing hinders, nothing sticks out."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.portal import running_portal
from tests.journeys.visitors import in_a_list
from tests.journeys.walking import Walk, route_of

# In this order, so that each page is looked at by those it is made for.
WALKERS = (
    "deltagare.farsta",
    "utbildare",
    "chef.farsta",
    "avdelningschef.farsta",
    "ekonom",
    "administrator",
    "revisor",
)
# Pages of every part; the walk has missed much if it has not been here.
LANDMARKS = (
    "/grupper/",
    "/tillfallen/",
    "/lokaler/",
    "/manader/",
    "/scb/",
    "/rattelser/",
    "/narvarointyg/",
    "/mina-sidor/",
    "/mina-sidor/uppgifter/",
    "/mina-medarbetare/",
    "/mina-utbildningstillfallen/",
    "/konton/",
    "/revision/",
)


@pytest.fixture(scope="module")
def walk(browser: Browser) -> Iterator[Walk]:
    """The first groups' story, walked through by everyone."""
    with running_portal(os.environ["DATABASE_URL"], demo=["--scale=0.1"]) as portal:
        walk = Walk(browser, portal.url)
        for who in WALKERS:
            walk.go(f"{who}@example.org")
        yield walk


def test_nothing_hinders_anyone_on_any_page(walk: Walk) -> None:
    assert not walk.found, in_a_list(walk.found)


def test_the_walk_has_been_everywhere(walk: Walk) -> None:
    missed = [page for page in LANDMARKS if route_of(page) not in walk.looked]
    assert missed == []
    assert len(walk.looked) >= 60
