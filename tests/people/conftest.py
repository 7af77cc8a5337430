"""Fixtures of this room: one open operation, a small tree and an empty cache."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from people.models import Organisation
from tests.people import builders


@pytest.fixture
def tree(operation: None) -> dict[str, Organisation]:
    """A city, two districts, a department and two units."""
    return builders.tree()


@pytest.fixture(autouse=True)
def _no_tries_yet() -> Iterator[None]:
    """Sign-in tries are counted in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()
