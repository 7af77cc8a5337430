"""Addresses of the files to Statistics Sweden: only those who close months."""

from tests.permissions.rows import OFFICE, Row

CLOSERS = OFFICE | {"economist"}

TABLE: dict[str, Row] = {
    "scb/": Row(CLOSERS),
    "scb/kolumner/": Row(CLOSERS, CLOSERS),
    "scb/skicka-om/": Row(CLOSERS, CLOSERS),
    "scb/<str:month>/": Row(CLOSERS, CLOSERS),
    "scb/<str:month>/<int:version>/skickad/": Row(None, CLOSERS),
    "scb/<str:month>/<int:version>/avstam/": Row(None, CLOSERS),
    "scb/<str:month>/<int:version>/rader/": Row(CLOSERS, CLOSERS),
    "scb/<str:month>/<int:version>/fil.<slug:extension>": Row(CLOSERS),
}
