"""Fixtures of staff's own kinds of case."""

import pytest

from tests.case_types.builders import City, build_city
from workflows.versions import steps_of


@pytest.fixture(autouse=True)
def _fresh_versions() -> None:
    steps_of.cache_clear()


@pytest.fixture(autouse=True)
def _english(in_english: None) -> None:
    """Source strings everywhere."""


@pytest.fixture
def city(db: None) -> City:
    """Those who start and decide costs."""
    return build_city()
