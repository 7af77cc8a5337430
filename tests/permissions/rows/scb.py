"""Addresses of scb."""

from tests.permissions.rows import Row

TABLE: dict[str, Row] = {}
