"""Workflows as data, the cases that run on them, their decisions, and outgoing messages."""

from workflows.models.case import Case, CaseCounter, Decision, StepEvent, WorkItem
from workflows.models.definition import WorkflowDefinition, WorkflowVersion
from workflows.models.delegation import Delegation
from workflows.models.mailing import (
    Mailing,
    MessagePlan,
    MessagePreference,
    MessageReview,
    MessageRule,
    MessageText,
)
from workflows.models.message import Message, UsedLink
from workflows.models.moving import CaseMove, CaseMoveRow
from workflows.models.postponement import Postponement
from workflows.models.testing import WorkflowTest

__all__ = [
    "Case",
    "CaseCounter",
    "CaseMove",
    "CaseMoveRow",
    "Decision",
    "Delegation",
    "Mailing",
    "Message",
    "MessagePlan",
    "MessagePreference",
    "MessageReview",
    "MessageRule",
    "MessageText",
    "Postponement",
    "StepEvent",
    "UsedLink",
    "WorkItem",
    "WorkflowDefinition",
    "WorkflowTest",
    "WorkflowVersion",
]
