"""Migration states that render no more models than an operation needs.

Django makes every model that is related to a changed one anew, and what is related to
those. A table that is added changes nothing about those that are there, and a trigger
changes no model at all; together these two are most of what our migrations do.
"""

from typing import Any

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


class LeanState(ProjectState):
    """A state that makes less anew.

    What it leaves out is what Django calls delayed: classes that lie further away are not
    the newest, and whoever runs code of their own in a migration gets all of them fresh.
    """

    def clone(self) -> "LeanState":
        """An exact copy, lean too."""
        made = super().clone()
        copy = LeanState(made.models, made.real_apps)
        if "apps" in made.__dict__:
            copy.apps = made.apps
        copy.is_delayed = made.is_delayed
        return copy

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        """As Django's; of an added model only what it points to, and for triggers nothing."""
        if "apps" not in self.__dict__:
            return
        rendered = self.apps.all_models[app_label].get(model_name)
        if rendered is not None and self._only_triggers_differ(rendered, app_label, model_name):
            return
        super().reload_model(app_label, model_name, delay=delay or rendered is None)

    def _only_triggers_differ(self, rendered: Any, app_label: str, model_name: str) -> bool:
        """Whether the operation was about triggers: nothing reads them from a state's model."""
        now = self.models[app_label, model_name].options.get("triggers", [])
        # Its own, not what a class it inherits from has noted.
        before = rendered.__dict__.get("_noted_triggers", getattr(rendered._meta, "triggers", []))
        rendered._noted_triggers = now
        return bool(now != before)


class LeanExecutor(MigrationExecutor):
    """Django's executor with lean states."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> ProjectState:
        made = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        return LeanState(made.models, made.real_apps)
