"""The step where somebody else reads a page before the public does."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

from cms import moderation
from people.models import User


class AnotherReadsTask(AbstractGroupApprovalTask):
    """Approval by a member of the groups who has not written the page and not sent it in."""

    class Meta:
        verbose_name = _("approval by somebody else")
        verbose_name_plural = _("approvals by somebody else")

    def get_actions(self, obj: Any, user: User) -> list[tuple[str, str, bool]]:
        """What the user may do; approving is not among it for the writer."""
        actions: list[tuple[str, str, bool]] = super().get_actions(obj, user)
        if moderation.has_written(obj, user):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> None:
        """Refuse here too, whatever page the request came from."""
        page = task_state.workflow_state.content_object
        if action_name == "approve" and moderation.has_written(page, user):
            raise PermissionDenied(moderation.OWN_WORK)
        super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls) -> str:
        """What the editor shows where workflows are put together."""
        return str(_("A member of the groups who has not written the page approves it"))
