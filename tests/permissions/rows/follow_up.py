"""Addresses of the monthly roll-up: those who read the whole project's rows."""

from tests.permissions.rows import OFFICE, Row

READERS = OFFICE | {"economist", "auditor"}

TABLE: dict[str, Row] = {
    "manadsuppfoljning/": Row(READERS),
    "manadsuppfoljning/fil.<slug:extension>": Row(READERS),
    "manadsuppfoljning/avhoppsskal/": Row(READERS),
    "manadsuppfoljning/avhoppsskal/fil.<slug:extension>": Row(READERS),
    "manadsuppfoljning/<slug:what>/": Row(READERS),
}
