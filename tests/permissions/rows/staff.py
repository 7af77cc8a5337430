"""Addresses of staff."""

from tests.permissions.rows import Row

TABLE: dict[str, Row] = {}
