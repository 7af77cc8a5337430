"""``migrate`` that runs although the audit has drifted, and that makes less anew."""

from typing import Any

from django.core.management.commands import migrate

from audit import drift
from core.states import LeanExecutor


class Command(migrate.Command):
    """Django's command without the drift check before it, which it is what repairs."""

    def check(self, *args: Any, **kwargs: Any) -> Any:
        """Every other check."""
        with drift.unchecked():
            return super().check(*args, **kwargs)

    def handle(self, *args: Any, **options: Any) -> Any:
        """Django's, which takes its executor from its own module and asks nobody."""
        module: Any = migrate
        whole, module.MigrationExecutor = module.MigrationExecutor, LeanExecutor
        try:
            return super().handle(*args, **options)
        finally:
            module.MigrationExecutor = whole
