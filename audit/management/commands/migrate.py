"""``migrate`` that runs although the audit has drifted: it is what repairs it."""

from typing import Any

from django.core.management.commands import migrate

from audit import drift


class Command(migrate.Command):
    """Django's command without the drift check before it."""

    def check(self, *args: Any, **kwargs: Any) -> Any:
        """Every other check."""
        with drift.unchecked():
            return super().check(*args, **kwargs)
