"""Addresses of groups."""

from tests.permissions.rows import OFFICE, Row

TABLE: dict[str, Row] = {
    "grupper/": Row(OFFICE),
    "grupper/ny/": Row(OFFICE, OFFICE),
    "grupper/placera/": Row(OFFICE, OFFICE),
    "grupper/kapacitet/": Row(OFFICE),
    # A POST that names no point finds nothing.
    "grupper/forberedelser/<str:wave>/": Row(OFFICE, set()),
    "grupper/kurser/": Row(OFFICE),
    "grupper/kurser/ny/": Row(OFFICE, OFFICE),
    "grupper/kurser/moduler/": Row(OFFICE, OFFICE),
    "grupper/kurser/moduler/<slug:module>/": Row(OFFICE, OFFICE),
    "grupper/kurser/forberedelser/": Row(OFFICE, OFFICE),
    "grupper/kurser/forberedelser/<int:point>/": Row(OFFICE, OFFICE),
    "grupper/kurser/avhoppsskal/": Row(OFFICE, OFFICE),
    "grupper/kurser/avhoppsskal/<slug:leaving_reason>/": Row(OFFICE, OFFICE),
    # A POST that names no action finds nothing.
    "grupper/kurser/<str:course>/": Row(OFFICE, set()),
    "grupper/kurser/<str:course>/moment/nytt/": Row(OFFICE, set()),
    "grupper/kurser/<str:course>/moment/<str:unit>/": Row(OFFICE, set()),
    "grupper/<str:group>/": Row(OFFICE, set()),
    "grupper/<str:group>/andra/": Row(OFFICE, OFFICE),
    "grupper/<str:group>/kopiera/": Row(OFFICE, OFFICE),
}
