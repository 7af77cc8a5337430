"""Addresses of attendance."""

from tests.permissions.rows import OFFICE, Row

# Who arranges in Farsta; the trainer of the scene teaches its occasion.
MARKS = {*OFFICE, "trainer"}
READS = {*MARKS, "economist", "auditor"}

TABLE: dict[str, Row] = {
    "tillfallen/<str:occasion>/narvaro/": Row(READS, MARKS),
    "tillfallen/<str:occasion>/narvaro/angra/": Row(None, MARKS),
    "tillfallen/<str:occasion>/narvaro/person/": Row(None, MARKS),
}
