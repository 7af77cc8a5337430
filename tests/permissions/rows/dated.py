"""Addresses of what holds from a day on: many read, the office decides."""

from tests.permissions.rows import OFFICE, Row

READERS = OFFICE | {"economist", "auditor"}

TABLE: dict[str, Row] = {
    "installningar/": Row(READERS),
    "installningar/<slug:kind>/<slug:key>/": Row(READERS, OFFICE),
    "installningar/<slug:kind>/<slug:key>/<int:row>/ta-tillbaka/": Row(None, OFFICE),
}
