"""Addresses of attendance."""

from tests.permissions.rows import Row

TABLE: dict[str, Row] = {}
