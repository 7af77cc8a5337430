"""Addresses of absences: those who check hours. The list in the addresses is the economist's."""

from tests.permissions.rows import OFFICE, Row

CHECKERS = OFFICE | {"economist"}

TABLE: dict[str, Row] = {
    "franvaro/": Row(CHECKERS, CHECKERS),
    "franvaro/mall.csv": Row(CHECKERS),
    "franvaro/lista/<str:batch>/": Row({"economist"}),
    "franvaro/lista/<str:batch>/ta-in/": Row(None, {"economist"}),
    "franvaro/<str:absence>/bortse/": Row(None, CHECKERS),
}
