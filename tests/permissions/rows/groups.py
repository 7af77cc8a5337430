"""Addresses of groups."""

from tests.permissions.rows import Row

TABLE: dict[str, Row] = {}
