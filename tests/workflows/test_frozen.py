"""Decisions and published workflows do not change, not even for those who write SQL."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.workflows import builders
from workflows.actions import decide
from workflows.models import Decision, WorkflowVersion
from workflows.rules import Verdict

CHANGES = (
    "UPDATE workflows_workflowversion SET steps = '[]'",
    "DELETE FROM workflows_workflowversion",
    "UPDATE workflows_decision SET verdict = 'decline'",
    "DELETE FROM workflows_decision",
)


def refused(sql: str) -> bool:
    """Whether the database refuses the statement, even inside an operation."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            # A foreign key that is checked at the end must not hide that the row went.
            transaction.set_rollback(True)
    except DatabaseError as error:
        return "is refused" in str(error)
    return False


@pytest.fixture
def decided(world: builders.World) -> None:
    case = builders.case_in(world)
    decide(
        case_id=case.pk,
        step_key="prioritise",
        round=1,
        verdict=Verdict.APPROVE,
        actor=world["avdelning"],
    )
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("sql", CHANGES)
def test_what_is_decided_or_published_stays(decided: None, sql: str) -> None:
    assert refused(sql)


@pytest.mark.parametrize("sql", CHANGES)
def test_replica_mode_does_not_pass_the_guard(decided: None, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    assert refused(sql)


@pytest.mark.parametrize("sql", CHANGES)
def test_without_the_guard_it_would_change(decided: None, sql: str) -> None:
    """The control: the same statement once the triggers are off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE workflows_workflowversion DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE workflows_decision DISABLE TRIGGER USER")
    assert not refused(sql)


def test_a_version_can_still_be_retired(decided: None) -> None:
    WorkflowVersion.objects.update(retired_at=timezone.now())
    assert not WorkflowVersion.objects.filter(retired_at=None).exists()
