"""A case type that is in use and takes no cases is found before those who start cases find it."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from core.health import Finding, Severity
from programme.case_types import health
from tests.case_types.builders import City, change, cost
from workflows.models import WorkflowVersion

TODAY = datetime.date(2026, 6, 1)


def found() -> list[Finding]:
    return list(health.check(TODAY))


def retire() -> None:
    with transaction.atomic(), operation("test.retire"):
        WorkflowVersion.objects.filter(definition=cost().workflow).update(retired_at=timezone.now())


def test_a_type_that_works_is_not_mentioned(city: City) -> None:
    assert found() == []


def test_a_retired_workflow_stops_a_type_in_use(city: City) -> None:
    retire()
    (one,) = found()
    assert "Kostnad" in one.message
    assert one.severity is Severity.BROKEN
    assert one.link.endswith("/kontroll/")


@pytest.mark.parametrize(
    ("changed", "severity"),
    [
        ({"in_use": False}, None),
        ({"ends_on": datetime.date(2026, 5, 31)}, None),
        ({"starts_on": datetime.date(2026, 7, 1)}, Severity.WARNING),
    ],
)
def test_what_takes_no_cases_today_stops_nobody(
    city: City, changed: dict[str, object], severity: Severity | None
) -> None:
    retire()
    change(cost(), **changed)
    assert [one.severity for one in found()] == ([severity] if severity else [])
