"""Fixtures for every room's tests."""

from collections.abc import Iterator
from typing import Any

import pytest
import pytest_django
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from audit.operations import operation as open_operation
from tests import template
from tests.emptying import emptied_to, rows_of_all_tables
from tests.services import require

# How fast a busy machine makes examples says nothing about what they are tried on.
hypothesis_settings.register_profile(
    "portal", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("portal")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, or in CI fail, a test marked with a service that does not answer."""
    for mark in item.iter_markers("needs"):
        for service in mark.args:
            require(service)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share the suite by stealing, but never part the chapters of one story."""
    if config.getvalue("dist") != "worksteal":
        return None
    from tests.chapters import WholeStories

    return WholeStories(config, log)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Nothing kept from an earlier test: neither sign-in tries nor a line about to expire.

    A line that expired between two visits of a test that counts queries was one query more.
    """
    cache.clear()


@pytest.fixture
def in_english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Source strings, also on pages, whether or not the translations have been compiled.

    A page's language is its address's own; here every address is English.
    """
    monkeypatch.setattr("core.middleware.get_language_from_path", lambda path: "en")
    with translation.override("en"):
        yield


@pytest.fixture
def operation(db: None) -> Iterator[None]:
    """One open operation for the whole test, for tests that are not about operations."""
    with transaction.atomic(), open_operation("test"):
        yield


@pytest.fixture(scope="session")
def tables(django_db_blocker: pytest_django.DjangoDbBlocker) -> str:
    """The name of a database whose tables are made, to be copied."""
    with django_db_blocker.unblock():
        return template.prepared()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, tables: str) -> None:
    """Let the scratch database be a copy of one whose tables are made."""
    settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = tables


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    """The scratch database; a test that commits leaves it as the migrations made it."""
    with django_db_blocker.unblock():
        rows = rows_of_all_tables()
    with emptied_to(rows):
        yield
