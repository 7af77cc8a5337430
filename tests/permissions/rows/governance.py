"""Addresses of the project's bodies: members read, the office writes."""

from tests.permissions.rows import OFFICE, Row

# Heads see totals of their own administration, and sit in no body for that.
READERS = {*OFFICE, "steering group", "economist", "auditor"}
MEETING = "styrning/mote/<str:meeting>/"
DECISION = "styrning/beslut/<str:decision>/"
BODY = "styrning/<str:body>/"

TABLE: dict[str, Row] = {
    "styrning/": Row(READERS),
    "styrning/nytt/": Row(OFFICE, OFFICE),
    "styrning/beslut/": Row(READERS),
    DECISION: Row(READERS),
    f"{DECISION}ratta/": Row(OFFICE, OFFICE),
    f"{DECISION}uppfoljning/": Row(OFFICE, OFFICE),
    MEETING: Row(READERS),
    f"{MEETING}andra/": Row(OFFICE, OFFICE),
    f"{MEETING}stall-in/": Row(OFFICE, OFFICE),
    f"{MEETING}punkt/": Row(OFFICE, OFFICE),
    f"{MEETING}punkt/<str:item>/ta-bort/": Row(None, OFFICE),
    f"{MEETING}narvaro/": Row(OFFICE, OFFICE),
    f"{MEETING}beslut/": Row(OFFICE, OFFICE),
    f"{MEETING}handling/": Row(OFFICE, OFFICE),
    # Minutes of the demo's first meeting
    "styrning/handling/<str:document>/": Row(READERS),
    BODY: Row(READERS),
    f"{BODY}andra/": Row(OFFICE, OFFICE),
    f"{BODY}regler/": Row(OFFICE, OFFICE),
    f"{BODY}plats/": Row(OFFICE, OFFICE),
    f"{BODY}plats/<str:seat>/avsluta/": Row(OFFICE, OFFICE),
    f"{BODY}kalla/": Row(OFFICE, OFFICE),
    f"{BODY}beslut/": Row(OFFICE, OFFICE),
    # The body's own page
    "styrgruppen/": Row(READERS),
    "styrgruppen/<str:body>/": Row(READERS),
    # The package that the project is closed with; nobody here has had one made
    "avslut/": Row({*OFFICE, "auditor"}),
    "avslut/gor/": Row(None, {*OFFICE, "auditor"}),
    "avslut/paket.zip": Row(set()),
}
