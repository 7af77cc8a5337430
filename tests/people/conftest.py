"""Fixtures of this room: one open operation and a small tree."""

import pytest

from people.models import Organisation
from tests.people import builders


@pytest.fixture
def tree(operation: None) -> dict[str, Organisation]:
    """A city, two districts, a department and two units."""
    return builders.tree()
