"""Every write of this room."""

from workflows.actions.cases import complete, open_case, withdraw
from workflows.actions.decisions import BatchResult, Choice, decide, decide_many
from workflows.actions.definitions import publish_workflow, restore_version, retire_workflow
from workflows.actions.erasing import erase_data
from workflows.actions.handing import hand_over
from workflows.actions.moving import MoveResult, move_cases
from workflows.actions.moving_many import ask_to_move, resume_move
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
    "ask_to_move",
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
    "resume_move",
    "retire_workflow",
    "save_test",
    "withdraw",
]
