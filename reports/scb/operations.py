"""The words of this part's operations."""

from django.utils.functional import Promise

OPERATIONS: dict[str, str | Promise] = {}
