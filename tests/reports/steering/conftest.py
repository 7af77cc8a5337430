"""The world of these tests."""

import pytest

from tests.programme.builders import World, build_world


@pytest.fixture
def world(db: None) -> World:
    """Two administrations, their people, and the bodies that an installation begins with."""
    return build_world()
