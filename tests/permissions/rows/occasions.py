"""Addresses of occasions."""

from tests.permissions.rows import EVERYONE, OFFICE, SIGNED_IN, Row

READERS = {*OFFICE, "auditor"}
WITH_PERSON = SIGNED_IN - {"auditor", "steering group", "trainer", "superuser"}
# The own participant is invited to the occasion that stands in the addresses.
INVITED = {"own participant"}

TABLE: dict[str, Row] = {
    "tillfallen/": Row(READERS),
    "tillfallen/nytt/": Row(OFFICE, OFFICE),
    "tillfallen/<str:occasion>/": Row(READERS),
    "tillfallen/<str:occasion>/andra/": Row(OFFICE, OFFICE),
    "tillfallen/<str:occasion>/stall-in/": Row(OFFICE, OFFICE),
    "tillfallen/<str:occasion>/bjud-in/": Row(None, OFFICE),
    "tillfallen/<str:occasion>/ersatt/<str:invitation>/": Row(OFFICE, OFFICE),
    "tillfallen/<str:occasion>/ge-plats/": Row(OFFICE, OFFICE),
    "tillfallen/<str:occasion>/svar/": Row(INVITED, INVITED),
    "tillfallen/<str:occasion>/anslut/": Row(INVITED),
    "tillfallen/<str:occasion>/kalender.ics": Row(INVITED),
    "mina-utbildningstillfallen/": Row({"trainer"}),
    "mina-utbildningstillfallen/<str:occasion>/": Row({"trainer"}),
    "min-kalender/": Row(WITH_PERSON),
    "min-kalender/ny-adress/": Row(None, WITH_PERSON),
    # The address is the key: it opens one person's calendar for whoever has it.
    "kalender/<str:token>.ics": Row(EVERYONE),
}
