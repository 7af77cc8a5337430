"""Addresses of registration and of guests."""

from tests.permissions.rows import EVERYONE, HEADS, OFFICE, SIGNED_IN, Row

READERS = {*OFFICE, "auditor"}
WITH_PERSON = SIGNED_IN - {"auditor", "steering group", "trainer", "superuser"}
# Whoever reads occasions, and everybody who is a person here, may see that one can register.
LOOKERS = WITH_PERSON | READERS
# The own participant is registered for the occasion that stands in the addresses.
REGISTERED = {"own participant"}

TABLE: dict[str, Row] = {
    "mina-anmalningar/": Row(WITH_PERSON),
    "anmalan/<str:occasion>/": Row(LOOKERS),
    "anmalan/<str:occasion>/anmal/": Row(None, WITH_PERSON),
    "anmalan/<str:occasion>/lamna/": Row(None, REGISTERED),
    "anmalan/<str:occasion>/tacka-ja/": Row(None, REGISTERED),
    "anmalan/<str:occasion>/tacka-nej/": Row(None, REGISTERED),
    "anmalan/<str:occasion>/byt/": Row(REGISTERED, REGISTERED),
    "tillfallen/<str:occasion>/anmalda/": Row(READERS),
    "tillfallen/<str:occasion>/anmalda/lista.csv": Row(READERS),
    "tillfallen/<str:occasion>/anmalda/platser/": Row(OFFICE, OFFICE),
    "tillfallen/<str:occasion>/anmalda/kopia/": Row(OFFICE, OFFICE),
    "tillfallen/<str:occasion>/anmalda/lagg-till/": Row(OFFICE, OFFICE),
    "tillfallen/<str:occasion>/anmalda/<str:registration>/plats/": Row(OFFICE, OFFICE),
    "tillfallen/<str:occasion>/anmalda/<str:registration>/ta-bort/": Row(OFFICE, OFFICE),
    "tillfallen/<str:occasion>/anmalda/<str:registration>/ersatt/": Row(OFFICE, OFFICE),
    "spridningstillfallen/": Row({*READERS, *HEADS, "economist", "steering group"}),
    "gastanmalan/<str:occasion>/anmal/": Row(EVERYONE, EVERYONE),
    "gastanmalan/<str:occasion>/tack/": Row(EVERYONE),
    "gastanmalan/<str:occasion>/kalender.ics": Row(EVERYONE),
    # The address is the key: it opens one guest's registration for whoever has it.
    "gast/<str:token>/": Row(EVERYONE, EVERYONE),
    "tillfallen/<str:occasion>/gaster/": Row(READERS),
    "tillfallen/<str:occasion>/gaster/platser/": Row(OFFICE, OFFICE),
    "tillfallen/<str:occasion>/gaster/rakna/": Row(OFFICE, OFFICE),
}
