"""Addresses of venues."""

from tests.permissions.rows import OFFICE, SIGNED_IN, Row

READERS = {*OFFICE, "auditor"}
# Whoever is someone in the register has a page of their own needs.
WITH_PERSON = SIGNED_IN - {"auditor", "steering group", "trainer", "superuser"}

TABLE: dict[str, Row] = {
    "lokaler/": Row(READERS),
    "lokaler/ny/": Row(OFFICE, OFFICE),
    "lokaler/<str:venue>/": Row(READERS),
    "lokaler/<str:venue>/andra/": Row(OFFICE, OFFICE),
    "lokaler/<str:venue>/kontroll/": Row(OFFICE, OFFICE),
    "mina-behov/": Row(WITH_PERSON, WITH_PERSON),
    "mina-behov/<str:need>/radera/": Row(None, {"own participant"}),
    # The auditor reads everything but this.
    "anpassningsbehov/": Row(OFFICE),
    "anpassningsbehov/<str:need>/ordnat/": Row(None, OFFICE),
    "anpassningsbehov/<str:need>/gick-inte/": Row(None, OFFICE),
}
