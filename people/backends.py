"""What a held role opens in Wagtail, asked anew at every request.

Wagtail asks Django's permissions. Were they stored on accounts or groups, a role
that runs out would leave them behind; here they are computed from the roles of
the day.
"""

from collections.abc import Iterable

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from people.access import held_by
from people.models import Capability, User

EDITOR = "wagtailadmin.access_admin"
_ACTIONS = ("add", "change", "view", "publish", "lock", "unlock")
_opened: dict[str, set[str]] = {
    Capability.MANAGE_CONTENT: {EDITOR},
    Capability.APPROVE_CONTENT: {EDITOR},
    Capability.MANAGE_DEFINITIONS: {EDITOR},
}


def opens(capability: str, permissions: Iterable[str]) -> None:
    """Let a capability carry Django permissions; rooms above call it when they start."""
    _opened.setdefault(capability, set()).update(permissions)


def permissions_for(model: str) -> set[str]:
    """The permissions to build and publish a snippet, by its «app.model» label."""
    app, name = model.lower().split(".")
    return {f"{app}.{action}_{name}" for action in _ACTIONS}


opens(Capability.MANAGE_DEFINITIONS, permissions_for("forms_app.FormDefinition"))
opens(Capability.MANAGE_DEFINITIONS, permissions_for("workflows.WorkflowDefinition"))


class CapabilityBackend(BaseBackend):
    """Permissions from the roles held today; it signs nobody in."""

    def get_all_permissions(
        self, user_obj: User | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        """Everything that the held roles open; nothing for a closed account."""
        if obj is not None:
            return set()
        held = held_by(user_obj)
        return {
            permission
            for capability, permissions in _opened.items()
            if held.can(capability)
            for permission in permissions
        }

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        """Whether anything of the app is opened."""
        return any(p.startswith(f"{app_label}.") for p in self.get_all_permissions(user_obj))
