"""Addresses beside the public pages: feeds, the poster, and what visitors have written."""

from tests.permissions.rows import EVERYONE, OFFICE, Row

# Who answers visitors.
READERS = {*OFFICE, "communicator"}

TABLE: dict[str, Row] = {
    "packat/<str:digest>/<str:name>": Row(set()),  # there is no pack of this name
    "arbete/meddelanden/": Row(READERS),
    "arbete/meddelanden/<str:public_id>/": Row(READERS, READERS),
    "sitemap.xml": Row(EVERYONE),
    "robots.txt": Row(EVERYONE),
    "affisch.pdf": Row(EVERYONE),
    "affisch/": Row(EVERYONE),
    "handelser.ics": Row(EVERYONE),
    "nyheter.atom": Row(EVERYONE),
    "media/<path:name>": Row(set()),  # there is no picture of this name
}
