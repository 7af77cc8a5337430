"""Addresses of months, of one's own hours, and of corrections.

Those who check hours write; those who see the economy, and the auditor, read.
The month in the addresses is the programme's first and is locked: a POST that the
state of the month refuses is answered with a message, to those who may.
"""

from tests.permissions.rows import EMPLOYEES, OFFICE, Row

CHECKERS = OFFICE | {"economist"}
READERS = CHECKERS | {"auditor"}
# The procured trainer is no employee of the city and has no hours.
OWN = EMPLOYEES - {"trainer"}

TABLE: dict[str, Row] = {
    "manader/": Row(READERS),
    "manader/rakna-om/": Row(None, CHECKERS),
    "manader/<str:month>/": Row(READERS),
    "manader/<str:month>/kontrollera/": Row(None, CHECKERS),
    "manader/<str:month>/las/": Row(CHECKERS, CHECKERS),
    "manader/<str:month>/pamin/": Row(None, CHECKERS),
    "manader/<str:month>/<str:person>/": Row(READERS),
    "manader/<str:month>/<str:person>/papper/": Row(None, CHECKERS),
    "rattelser/": Row(READERS),
    "rattelser/ny/<str:occasion>/<str:person>/": Row(CHECKERS, CHECKERS),
    "rattelser/<str:correction>/": Row(READERS, CHECKERS),
    "timmar/<str:counted>/": Row(READERS | {"own participant"}),
    "mina-sidor/timmar/": Row(OWN),
    "mina-sidor/timmar/<str:month>/": Row(OWN, OWN),
}
