"""Addresses of venues."""

from tests.permissions.rows import Row

TABLE: dict[str, Row] = {}
