"""Addresses of the pages that every page links to, two of them because the law says so."""

ABOUT = "om-projektet"
MANAGERS = "for-chefer"
PARTICIPANTS = "for-deltagare"
LECTURES = "forelasningar"
ACCESSIBILITY = "tillganglighet"
PERSONAL_DATA = "personuppgifter"

# Pages that must stay where the footer of every page says they are.
FIXED = (ABOUT, MANAGERS, PARTICIPANTS, ACCESSIBILITY, PERSONAL_DATA)
