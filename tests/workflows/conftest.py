"""Fixtures of this room."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from audit.operations import operation as open_operation
from tests.workflows import builders
from workflows import kinds
from workflows.versions import steps_of


@pytest.fixture(autouse=True)
def _fresh_versions() -> None:
    steps_of.cache_clear()


@pytest.fixture(autouse=True)
def _english(in_english: None) -> None:
    """Source strings everywhere."""


@pytest.fixture
def kind() -> Iterator[builders.ParkKind]:
    yield builders.use_kind()
    kinds.unregister(builders.ParkKind.key)


@pytest.fixture
def world(operation: None, kind: builders.ParkKind) -> builders.World:
    """The city and its people, inside the test's operation."""
    return builders.build_world()


@pytest.fixture
def committed_world(transactional_db: None, kind: builders.ParkKind) -> builders.World:
    """The same, committed, for tests with several connections."""
    with transaction.atomic(), open_operation("test"):
        return builders.build_world()
