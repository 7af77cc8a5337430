"""Checks of the configuration: each runs, and none takes the others with it."""

import datetime
from collections.abc import Iterator

import pytest
from django.db import connection

from core import health
from core.health import Finding, Severity

TODAY = datetime.date(2027, 3, 1)


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    known = dict(health._CHECKS)
    health._CHECKS.clear()
    yield
    health._CHECKS.clear()
    health._CHECKS.update(known)


def _falls(day: datetime.date) -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    return []


@pytest.mark.django_db
def test_a_check_that_falls_is_a_finding_and_the_next_one_still_runs() -> None:
    health.register_check("bad", "Fel", _falls)
    health.register_check(
        "good",
        "Rätt",
        lambda day: [
            Finding("sen", Severity.WARNING),
            Finding("snart", Severity.SOON),
            Finding(str(day), Severity.BROKEN),
        ],
    )
    bad, good = health.findings(TODAY)
    assert bad.worst is Severity.BROKEN
    assert [one.message for one in good.findings] == ["2027-03-01", "snart", "sen"]


@pytest.mark.django_db
def test_nothing_found_is_nothing_broken() -> None:
    health.register_check("calm", "Lugnt", lambda day: [])
    assert health.findings(TODAY)[0].worst is None
