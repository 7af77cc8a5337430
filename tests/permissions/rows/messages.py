"""Addresses of messages: texts, quiet hours, messages to many, rules by the clock."""

from tests.permissions.rows import OFFICE, OWN_CHAIN, SIGNED_IN, Row

WORD = {*OFFICE, "communicator"}

TABLE: dict[str, Row] = {
    # What was sent about a case: whoever may see the case
    "arenden/<str:reference>/meddelanden/": Row(OWN_CHAIN),
    "meddelanden/": Row(WORD),
    "meddelanden/texter/<str:kind>/": Row(WORD, WORD),
    "meddelanden/tider/": Row(WORD, WORD),
    "meddelanden/granskning/": Row(WORD, WORD),
    "meddelanden/utkast/": Row(OFFICE),
    "meddelanden/utkast/<str:public_id>/": Row(OFFICE, OFFICE),
    "meddelanden/mina-val/": Row(SIGNED_IN, SIGNED_IN),
    "meddelanden/regler/": Row(OFFICE),
    "meddelanden/regler/ny/<str:audience>/": Row(OFFICE, OFFICE),
    "meddelanden/regler/<str:public_id>/avsluta/": Row(None, OFFICE),
    "meddelanden/utskick/": Row(OFFICE),
    "meddelanden/utskick/nytt/": Row(OFFICE, OFFICE),
    # A POST that names no action finds nothing.
    "meddelanden/utskick/<str:public_id>/": Row(OFFICE, set()),
    "meddelanden/utskick/<str:public_id>/andra/": Row(OFFICE, OFFICE),
    "meddelanden/utskick/<str:public_id>/igen/": Row(None, OFFICE),
}
