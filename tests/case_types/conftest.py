"""Fixtures of staff's own kinds of case."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.case_types.builders import City, build_city
from workflows.versions import steps_of


@pytest.fixture(autouse=True)
def _fresh_versions() -> None:
    steps_of.cache_clear()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Source strings, whether or not the translations have been compiled."""
    with translation.override("en"):
        yield


@pytest.fixture
def city(db: None) -> City:
    """Those who start and decide costs."""
    return build_city()
