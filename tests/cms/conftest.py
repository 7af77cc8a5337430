"""The public pages over the programme's ground."""

import pytest

from audit.operations import operation
from cms.setup import load_site
from people.setup import load_organisations, load_roles
from programme.setup import load_programme


@pytest.fixture
def site(db: None) -> None:
    """Organisations, roles, programme and pages."""
    with operation("test.ground"):
        load_organisations()
        load_roles()
        load_programme()
        load_site()
