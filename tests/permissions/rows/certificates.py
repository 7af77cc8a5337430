"""Addresses of certificates."""

from tests.permissions.rows import EMPLOYEES, EVERYONE, OFFICE, SIGNED_IN, Row

# The procured trainer is nobody that the city employs.
PERSONS = EMPLOYEES - {"trainer"}
ISSUERS = {*OFFICE, "economist"}
READERS = {*ISSUERS, "auditor"}

TABLE: dict[str, Row] = {
    # Anyone who holds the paper may check it
    "intyg/<str:certificate>/": Row(EVERYONE),
    "intyg/<str:certificate>/intyg.pdf": Row({"own participant", *READERS}),
    "intyg/<str:certificate>/aterkalla/": Row(ISSUERS, ISSUERS),
    "intyg/<str:certificate>/utfarda-nytt/": Row(None, ISSUERS),
    "mina-sidor/intyg/": Row(SIGNED_IN),
    # What the portal holds about whoever asks
    "mina-sidor/uppgifter/": Row(PERSONS),
    "mina-sidor/uppgifter/mina-uppgifter.json": Row(PERSONS),
    "mina-sidor/uppgifter/mina-uppgifter.pdf": Row(PERSONS),
    "narvarointyg/": Row(READERS),
    "narvarointyg/<str:month>/": Row(READERS),
    "narvarointyg/<str:month>/utfarda/": Row(None, ISSUERS),
    "narvarointyg/<str:month>/intyg.pdf": Row(READERS),
}
