"""Fixtures of this room."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from audit import roles

REFUSALS = ("refused", "permission denied", "must be owner")


@pytest.fixture
def as_app(db: None) -> Callable[[str], bool]:
    """Run SQL with the rights of the application's role; tells whether it was refused."""
    assert roles.grant_all("default")

    def run(sql: str) -> bool:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL ROLE {settings.AUDIT_APP_ROLE}")
                cursor.execute(sql)
                cursor.execute("RESET ROLE")
        except ProgrammingError as error:
            if any(words in str(error) for words in REFUSALS):
                return True
            raise
        return False

    return run
