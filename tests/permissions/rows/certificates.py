"""Addresses of certificates."""

from tests.permissions.rows import Row

TABLE: dict[str, Row] = {}
