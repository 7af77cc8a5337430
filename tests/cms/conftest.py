"""The public pages over the programme's ground."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker, Settings

from audit.operations import operation
from cms.setup import load_site
from people.setup import load_organisations, load_roles
from programme.setup import load_programme
from tests.cms.kept import Change


@pytest.fixture(scope="module")
def _ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Laid once for all tests of a module: each test takes back only what it did itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        with operation("test.ground"):
            load_organisations()
            load_roles()
            load_programme()
            load_site()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def site(_ground: None, db: None) -> None:
    """Organisations, roles, programme and pages."""


@pytest.fixture
def pages_kept(settings: Settings, site: None) -> None:
    """Pages are kept, as they are outside the tests."""
    settings.PUBLIC_PAGES_KEPT_SECONDS = 3600


@pytest.fixture
def change(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> Change:
    """Do something as one committed operation."""

    def doing(something: Callable[[], object]) -> None:
        with django_capture_on_commit_callbacks(execute=True), operation("test.change"):
            something()

    return doing
