"""Addresses of registers; those in the addresses are the communication and the activity plan."""

from tests.permissions.rows import OFFICE, Row

#: The communication plan names its writer and one reader.
READERS = {*OFFICE, "auditor", "steering group", "communicator"}
WRITERS = {*OFFICE, "communicator"}
#: The activity plan, which has frozen versions, is read by the economist too.
PLAN = {*READERS, "economist"}

TABLE: dict[str, Row] = {
    "register/": Row(PLAN),
    "register/nytt/": Row(OFFICE, OFFICE),
    "register/<slug:register>/": Row(READERS),
    "register/<slug:register>/andra/": Row(OFFICE, OFFICE),
    "register/<slug:register>/hamta.<slug:extension>": Row(READERS),
    "register/<slug:register>/ny-rad/": Row(WRITERS, WRITERS),
    "register/<slug:register>/rad/<str:entry>/": Row(READERS),
    "register/<slug:register>/rad/<str:entry>/andra/": Row(WRITERS, WRITERS),
    "register/<slug:register>/rad/<str:entry>/dra-tillbaka/": Row(WRITERS, WRITERS),
    "register/<slug:register>/frys/": Row(OFFICE, OFFICE),
    "register/<slug:register>/version/<int:number>/": Row(PLAN),
    "register/<slug:register>/jamfor/": Row(PLAN),
}
