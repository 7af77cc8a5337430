"""Addresses of lectures; the public catalogue lies with the other public pages."""

from tests.permissions.rows import HEADS, OFFICE, Row

# The own participant is admitted to a course; nobody else here is.
FOLLOWS = {"own participant"}
MAKERS = {*OFFICE, "communicator"}
READERS = {*MAKERS, "auditor"}

TABLE: dict[str, Row] = {
    "mina-forelasningar/": Row(FOLLOWS),
    "forelasning/<str:lecture>/": Row(FOLLOWS | READERS),
    "forelasning/<str:lecture>/reflektion/": Row(None, FOLLOWS),
    "forelasning/<str:lecture>/fraga/": Row(None, FOLLOWS),
    # Nobody here has followed the lecture, so nobody evaluates it.
    "forelasning/<str:lecture>/utvardering/": Row(None, set()),
    "inspelning/<str:recording>/film": Row(FOLLOWS | READERS),
    "inspelning/<str:recording>/text.vtt": Row(FOLLOWS | READERS),
    # Without the page's own word the answer is a conflict, and nothing is written.
    "inspelning/<str:recording>/sett/": Row(None, FOLLOWS),
    "arbete/forelasningar/": Row(READERS),
    "arbete/forelasningar/ny/": Row(MAKERS, MAKERS),
    "arbete/forelasningar/tackning/": Row({*READERS, *HEADS, "steering group", "economist"}),
    "arbete/forelasningar/tackning/<slug:kind>/<slug:key>/": Row(
        {*READERS, *HEADS, "steering group", "economist"}
    ),
    "arbete/forelasningar/tackning/princip/<slug:key>/personer/": Row(
        {*OFFICE, "auditor", "economist"}
    ),
    "arbete/forelasningar/etiketter/": Row(MAKERS, MAKERS),
    "arbete/forelasningar/materialfragor/": Row(MAKERS, MAKERS),
    "arbete/forelasningar/<str:lecture>/material/": Row(MAKERS, MAKERS),
    # There is no material of this name.
    "arbete/forelasningar/<str:lecture>/material/<str:material>/granska/": Row(None, set()),
    "forelasning/<str:lecture>/material/<str:material>/": Row(set()),
    "arbete/forelasningar/<str:lecture>/kopia/": Row(None, MAKERS),
    "arbete/forelasningar/<str:lecture>/": Row(READERS),
    "arbete/forelasningar/<str:lecture>/andra/": Row(MAKERS, MAKERS),
    "arbete/forelasningar/<str:lecture>/oppna/": Row(None, MAKERS),
    "arbete/forelasningar/<str:lecture>/stang/": Row(None, MAKERS),
    "arbete/forelasningar/<str:lecture>/direkt/": Row(OFFICE, OFFICE),
    "arbete/forelasningar/<str:lecture>/inspelning/": Row(MAKERS, MAKERS),
    "arbete/inspelning/<str:recording>/andra/": Row(MAKERS, MAKERS),
    "arbete/inspelning/<str:recording>/publicera/": Row(None, MAKERS),
    "arbete/inspelning/<str:recording>/aterkalla/": Row(None, MAKERS),
    "arbete/forelasningsfraga/<str:question>/": Row(None, MAKERS),
}
