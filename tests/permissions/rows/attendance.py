"""Addresses of attendance."""

from tests.permissions.rows import EMPLOYEES, OFFICE, SIGNED_IN, Row

# Who arranges in Farsta; the trainer of the scene teaches its occasion.
MARKS = {*OFFICE, "trainer"}
READS = {*MARKS, "economist", "auditor"}

TABLE: dict[str, Row] = {
    "tillfallen/<str:occasion>/narvaro/": Row(READS, MARKS),
    "tillfallen/<str:occasion>/narvaro/angra/": Row(None, set()),
    "tillfallen/<str:occasion>/narvaro/person/": Row(None, MARKS),
    "tillfallen/<str:occasion>/kod/": Row(MARKS),
    "tillfallen/<str:occasion>/kod/nu/": Row(MARKS),
    "tillfallen/<str:occasion>/kod/ny/": Row(None, MARKS),
    "tillfallen/<str:occasion>/kod/person/": Row(None, MARKS),
    "tillfallen/<str:occasion>/rapport/": Row(MARKS, MARKS),
    "tillfallen/<str:occasion>/rapport/<str:evidence>/": Row(MARKS, MARKS),
    "tillfallen/<str:occasion>/rapport/<str:evidence>/rakna/": Row(None, MARKS),
    "tillfallen/<str:occasion>/rapport/<str:evidence>/ta-tillbaka/": Row(None, MARKS),
    "tillfallen/<str:occasion>/rapport/<str:evidence>/<str:row>/": Row(None, MARKS),
    # Addresses and workplaces stand in what was received: not for who only teaches.
    "tillfallen/<str:occasion>/underlag/<str:evidence>/": Row(READS - {"trainer"}),
    "tillfallen/<str:occasion>/papper/": Row(MARKS, MARKS),
    "tillfallen/<str:occasion>/papper/lista.pdf": Row(MARKS),
    "grupper/<str:group>/narvaro/": Row(READS - {"trainer"}),
    "narvaro/att-gora/": Row(MARKS),
    "narvaro/namn/<str:person>/": Row(OFFICE, OFFICE),
    # A code says nothing by itself: whoever is signed in may try one.
    "narvaro/in/": Row(SIGNED_IN, SIGNED_IN),
    "narvaro/in/<str:code>/": Row(SIGNED_IN),
    "narvaro/min-kod/": Row(EMPLOYEES - {"trainer"}),
    "narvaro/person/<str:code>/": Row(MARKS),
}
