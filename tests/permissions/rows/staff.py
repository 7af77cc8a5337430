"""Addresses of staff."""

from tests.permissions.rows import HEADS, MANAGERS, Row

TABLE: dict[str, Row] = {
    "mina-medarbetare/": Row(MANAGERS | HEADS),
    "mina-medarbetare/veckor/": Row(MANAGERS | HEADS),
    # Homework: only the participant's own
    "mina-sidor/hemuppgift/<str:participation>/<str:unit>/": Row(None, {"own participant"}),
}
