"""Addresses of documents, procurements and the evaluation."""

from tests.permissions.rows import EMPLOYEES, EVERYONE, HEADS, OFFICE, Row

READERS = {*OFFICE, "communicator", "economist", "auditor"}
TELLERS = {*OFFICE, "communicator"}
# Whoever sees totals sees a report from the day that the steering group has been shown it.
TOTALS = {*HEADS, "economist", "steering group"}
EVALUATION = {*OFFICE, "communicator", "auditor", *TOTALS}
CASE = "inkop/<str:procurement>/"
REPORT = "utvarderingar/<str:report>/"

TABLE: dict[str, Row] = {
    # Documents; the one in the addresses is public
    "handlingar/": Row(EVERYONE),
    "handlingar.atom": Row(EVERYONE),
    "handlingar/<str:document>/": Row(EVERYONE),
    "en/documents/": Row(EVERYONE),
    "en/documents/<str:document>/": Row(EVERYONE),
    "handlingar/<str:document>/fil/": Row(EVERYONE),
    "handlingar/<str:document>/version/<int:number>/": Row(EVERYONE),
    "upphandlingar.json": Row(EVERYONE),
    # Procurements; the one in the addresses is announced and its tender is sealed
    "inkop/": Row(READERS),
    "inkop/nytt/": Row(OFFICE, OFFICE),
    CASE: Row(READERS),
    f"{CASE}andra/": Row(OFFICE, OFFICE),
    f"{CASE}krav/": Row(OFFICE, OFFICE),
    f"{CASE}oppnare/": Row(OFFICE, OFFICE),
    f"{CASE}annonsera/": Row(None, OFFICE),
    f"{CASE}avbryt/": Row(OFFICE, OFFICE),
    f"{CASE}avsluta/": Row(None, OFFICE),
    f"{CASE}fraga/": Row(TELLERS, TELLERS),
    f"{CASE}fraga/<str:question>/svar/": Row(TELLERS, TELLERS),
    f"{CASE}svar/publicera/": Row(None, TELLERS),
    f"{CASE}anbud/": Row(OFFICE, OFFICE),
    f"{CASE}anbud/oppna/": Row(None, OFFICE),
    # Sealed: to everybody it is not there.
    f"{CASE}anbud/<str:tender>/fil/": Row(set()),
    f"{CASE}tilldelning/": Row(OFFICE, OFFICE),
    f"{CASE}avtal/": Row(OFFICE, OFFICE),
    f"{CASE}avtal/<str:contract>/avrop/": Row(OFFICE, OFFICE),
    f"{CASE}avtal/<str:contract>/uppfoljning/": Row(OFFICE, OFFICE),
    f"{CASE}avrop/<str:call_off>/avbryt/": Row(OFFICE, OFFICE),
    # The evaluation; the report in the addresses has been shown to the steering group
    "utvarderingar/": Row(EVALUATION),
    "utvarderingar/ny/": Row(OFFICE, OFFICE),
    # What the evaluator is given; the file here is given to an account of nobody's in the table.
    "utvarderingar/underlag/": Row({*OFFICE, "auditor"}),
    "utvarderingar/underlag/nytt/": Row(OFFICE, OFFICE),
    "utvarderingar/underlag/<str:extract>.csv": Row(set()),
    "utvarderingar/underlag/urval/": Row(OFFICE, OFFICE),
    "utvarderingar/underlag/urval/<str:sample>/": Row(OFFICE),
    "mina-sidor/intervjuer/": Row(EMPLOYEES, EMPLOYEES),
    REPORT: Row(EVALUATION),
    # Its findings are settled, so the forms for them are gone.
    f"{REPORT}iakttagelse/": Row(set(), set()),
    f"{REPORT}iakttagelse/<str:finding>/rekommendation/": Row(set(), set()),
    f"{REPORT}styrgrupp/": Row(OFFICE, OFFICE),
    f"{REPORT}publicera/": Row(None, TELLERS),
    f"{REPORT}rekommendation/<str:recommendation>/svar/": Row(OFFICE, OFFICE),
    f"{REPORT}rekommendation/<str:recommendation>/klar/": Row(OFFICE, OFFICE),
}
