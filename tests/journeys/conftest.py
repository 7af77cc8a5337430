"""Fixtures for the journeys: a browser, and the portal's ground in the database."""

import os
from collections.abc import Iterator

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page

from audit.operations import operation
from cms.setup import load_site
from people.setup import load_organisations, load_roles
from programme.setup import load_programme
from tests.journeys.browser import AXE, CHROMIUM, open_page, started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run; its absence is said aloud, and is a failure in CI."""
    lacking = [str(path) for path in (CHROMIUM, AXE) if not path.exists()]
    if lacking:
        words = f"the journeys need {', '.join(lacking)}"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with started() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new visitor at a desk."""
    visitor = open_page(browser)
    yield visitor
    visitor.context.close()


@pytest.fixture
def ground(transactional_db: None) -> None:
    """Organisations, roles, programme and pages, but no persons."""
    with transaction.atomic(), operation("test.ground"):
        load_organisations()
        load_roles()
        load_programme()
        load_site()
