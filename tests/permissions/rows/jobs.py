"""Addresses of long work: only whoever asked for it. The job in the addresses is the economist's."""

from tests.permissions.rows import SIGNED_IN, Row

TABLE: dict[str, Row] = {
    "arbeten/": Row(SIGNED_IN),
    "arbeten/<str:job>/": Row({"economist"}),
    "arbeten/<str:job>/stoppa/": Row(None, {"economist"}),
}
