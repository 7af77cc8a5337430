"""Migration states that render no more models than an operation needs.

Django makes every model that is related to a changed one anew, and what is related to
those. Here nearly every table points to users and to operations, so nearly every
migration made nearly every model anew, and making the tables took minutes. An operation
reads the tables it changes and the columns those point to, and nothing else of the rest.
"""

import weakref
from typing import Any

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from django.db.migrations.utils import field_is_referenced
from django.db.models import Model


class LeanState(ProjectState):
    """A state that makes only the changed model anew, and what inherits from it.

    What it leaves out is what Django calls delayed: classes that lie further away are not
    the newest. Whoever needs them gets all of them fresh: code of a migration's own, and
    an operation that changes what other tables point to.
    """

    def clone(self) -> "LeanState":
        """An exact copy, lean too."""
        made = super().clone()
        copy = LeanState(made.models, made.real_apps)
        if "apps" in made.__dict__:
            copy.apps = made.apps
        copy.is_delayed = made.is_delayed
        # A migration copies its state before each operation, to show it what was.
        self._before = weakref.ref(copy)
        return copy

    def alter_field(
        self, app_label: str, model_name: str, name: str, field: Any, preserve_default: bool
    ) -> None:
        """As Django's; whoever points to the field is changed with it, so all are made fresh."""
        if field_is_referenced(self, (app_label, model_name), (name, field)):
            self._make_all_fresh()
        super().alter_field(app_label, model_name, name, field, preserve_default)

    def rename_field(self, app_label: str, model_name: str, old_name: str, new_name: str) -> None:
        """As Django's, with all models fresh."""
        self._make_all_fresh()
        super().rename_field(app_label, model_name, old_name, new_name)

    def rename_model(self, app_label: str, old_name: str, new_name: str) -> None:
        """As Django's, with all models fresh."""
        self._make_all_fresh()
        super().rename_model(app_label, old_name, new_name)

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        """Make the model anew, and what inherits from it; for triggers nothing."""
        if "apps" not in self.__dict__:
            return
        rendered = self.apps.all_models[app_label].get(model_name)
        if rendered is not None and self._only_triggers_differ(rendered, app_label, model_name):
            return
        self.is_delayed = True
        self._reload({(app_label, model_name), *_inheriting(rendered)})  # type: ignore[attr-defined]

    def _make_all_fresh(self) -> None:
        before = getattr(self, "_before", lambda: None)()
        for state in (self, before):
            if state is not None:
                # Rendered whole when next asked for; nothing where all are fresh already.
                state.clear_delayed_apps_cache()

    def _only_triggers_differ(self, rendered: Any, app_label: str, model_name: str) -> bool:
        """Whether the operation was about triggers: nothing reads them from a state's model."""
        now = self.models[app_label, model_name].options.get("triggers", [])
        # Its own, not what a class it inherits from has noted.
        before = rendered.__dict__.get("_noted_triggers", getattr(rendered._meta, "triggers", []))
        rendered._noted_triggers = now
        return bool(now != before)


def _inheriting(rendered: type[Model] | None) -> set[tuple[str, str]]:
    """The labels of the models whose classes are built on this one."""
    if rendered is None:
        return set()
    found: set[tuple[str, str]] = set()
    for model in rendered.__subclasses__():
        found.add((model._meta.app_label, str(model._meta.model_name)))
        found |= _inheriting(model)
    return found


class LeanExecutor(MigrationExecutor):
    """Django's executor with lean states."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> ProjectState:
        made = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        return LeanState(made.models, made.real_apps)
