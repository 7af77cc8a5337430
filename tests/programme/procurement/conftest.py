"""Fixtures of procurements."""

import pytest

from tests.programme.procurement.builders import Office
from tests.programme.procurement.builders import office as build


@pytest.fixture
def office(db: None) -> Office:
    """Those who run procurements."""
    return build()
