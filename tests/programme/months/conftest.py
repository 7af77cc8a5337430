"""Fixtures of this part."""

import pytest

from people.models import User
from tests.programme.builders import World
from tests.programme.months.builders import staff_account


@pytest.fixture
def checker(world: World) -> User:
    """An economist, who checks and locks."""
    return staff_account(world, "ekonom")
