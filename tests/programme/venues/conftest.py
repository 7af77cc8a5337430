"""Fixtures of venues."""

import pytest

from tests.programme.occasions.builders import Scene, build_scene


@pytest.fixture
def scene(db: None) -> Scene:
    """A group, a venue and a trainer."""
    return build_scene()
