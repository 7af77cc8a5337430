"""Fixtures of registers."""

import pytest

from tests.programme.registers.builders import Desk
from tests.programme.registers.builders import desk as build


@pytest.fixture
def desk(db: None) -> Desk:
    """A register and those who come to it."""
    return build()
