"""The drift check as a system check: ``manage.py check --database default``."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from audit import drift


@register(Tags.database)
def check_triggers(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """An error for each audit trigger that is missing, disabled or altered."""
    if drift.is_unchecked():
        return []
    return [
        Error(problem, hint="Run manage.py repair_audit.", id="audit.E001")
        for using in databases or []
        if "audit_inbox" in connections[using].introspection.table_names()
        for problem in drift.problems(using)
    ]
