"""Addresses of months."""

from tests.permissions.rows import Row

TABLE: dict[str, Row] = {}
