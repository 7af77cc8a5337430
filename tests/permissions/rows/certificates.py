"""Addresses of certificates."""

from tests.permissions.rows import EMPLOYEES, EVERYONE, OFFICE, SIGNED_IN, Row

ISSUERS = {*OFFICE, "economist"}
READERS = {*ISSUERS, "auditor"}

TABLE: dict[str, Row] = {
    # Anyone who holds the paper may check it
    "intyg/<str:certificate>/": Row(EVERYONE),
    "intyg/<str:certificate>/intyg.pdf": Row({"own participant", *READERS}),
    "intyg/<str:certificate>/aterkalla/": Row(ISSUERS, ISSUERS),
    "mina-sidor/intyg/": Row(SIGNED_IN),
    # What the portal holds about whoever asks
    "mina-sidor/uppgifter/": Row(EMPLOYEES),
    "mina-sidor/uppgifter/mina-uppgifter.json": Row(EMPLOYEES),
    "mina-sidor/uppgifter/mina-uppgifter.pdf": Row(EMPLOYEES),
    "narvarointyg/": Row(READERS),
    "narvarointyg/<str:month>/": Row(READERS),
    "narvarointyg/<str:month>/utfarda/": Row(None, ISSUERS),
    "narvarointyg/<str:month>/intyg.pdf": Row(READERS),
}
