"""Stands before simple-history's command of the same name."""

from audit.management.refusal import RefusedCommand


class Command(RefusedCommand):
    """Refused, see ``audit.management.refusal``."""
