"""Fixtures of this room."""

import pytest

from tests.programme.builders import World, build_world


@pytest.fixture
def world(db: None) -> World:
    """A small city with an open wave."""
    return build_world()
