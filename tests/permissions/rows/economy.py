"""Addresses of co-financing: sums for the steering group too, rows for those who read months."""

from tests.permissions.rows import OFFICE, Row

READERS = OFFICE | {"economist", "auditor"}
TOTALS = READERS | {"steering group"}

TABLE: dict[str, Row] = {
    "medfinansiering/": Row(TOTALS),
    "medfinansiering/fil.<slug:extension>": Row(TOTALS),
    "medfinansiering/rader/": Row(READERS),
    "medfinansiering/prognos/": Row(READERS),
    "medfinansiering/<str:month>/": Row(READERS),
}
