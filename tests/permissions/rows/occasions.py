"""Addresses of occasions."""

from tests.permissions.rows import Row

TABLE: dict[str, Row] = {}
