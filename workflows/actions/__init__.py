"""Every write of this room."""

from workflows.actions.cases import complete, open_case, withdraw
from workflows.actions.decisions import BatchResult, Choice, decide, decide_many
from workflows.actions.definitions import publish_workflow, restore_version, retire_workflow
from workflows.actions.erasing import erase_data
from workflows.actions.handing import hand_over
from workflows.actions.moving import MoveResult, move_cases
from workflows.actions.testing import remove_test, save_test
from workflows.errors import (
    CannotComplete,
    CannotDecide,
    CannotMove,
    CannotOpen,
    CannotPublish,
    CannotWithdraw,
    StaleDecision,
    UsedUp,
    WorkflowError,
)
from workflows.versions import current_version

__all__ = [
    "BatchResult",
    "CannotComplete",
    "CannotDecide",
    "CannotMove",
    "CannotOpen",
    "CannotPublish",
    "CannotWithdraw",
    "Choice",
    "MoveResult",
    "StaleDecision",
    "UsedUp",
    "WorkflowError",
    "complete",
    "current_version",
    "decide",
    "decide_many",
    "erase_data",
    "hand_over",
    "move_cases",
    "open_case",
    "publish_workflow",
    "remove_test",
    "restore_version",
    "retire_workflow",
    "save_test",
    "withdraw",
]
