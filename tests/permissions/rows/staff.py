"""Addresses of staff."""

from tests.permissions.rows import Row

TABLE: dict[str, Row] = {
    # Homework: only the participant's own
    "mina-sidor/hemuppgift/<str:participation>/<str:unit>/": Row(None, {"own participant"}),
}
