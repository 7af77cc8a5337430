"""Writing the stored test cases of a workflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from audit.operations import operation
from people.access import actor_of
from people.models import User
from workflows.models import WorkflowDefinition, WorkflowTest


@transaction.atomic
def save_test(
    *,
    definition: WorkflowDefinition,
    name: str,
    data: Mapping[str, Any],
    turns: Sequence[Mapping[str, str]],
    path: Sequence[str],
    outcome: str,
    actor: User,
    test: WorkflowTest | None = None,
) -> WorkflowTest:
    """Store a test case, or change one: what the workflow must do with some values."""
    test = test or WorkflowTest(definition=definition)
    test.name, test.outcome = name, outcome
    test.data, test.turns, test.path = dict(data), [dict(turn) for turn in turns], list(path)
    with operation("workflow.test", actor=actor_of(actor), subject=definition.key):
        test.save()
    return test


@transaction.atomic
def remove_test(*, test: WorkflowTest, actor: User) -> None:
    """Take a test case away; history keeps what it said."""
    with operation("workflow.test", actor=actor_of(actor), subject=test.definition.key):
        test.delete()
