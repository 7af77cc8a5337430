"""Addresses of the pages that every page links to, two of them because the law says so.

A page is named by its Swedish address; the English one stands beside it.
"""

from django.utils.translation import get_language

ABOUT = "om-projektet"
MANAGERS = "for-chefer"
PARTICIPANTS = "for-deltagare"
LECTURES = "forelasningar"
ACCESSIBILITY = "tillganglighet"
PERSONAL_DATA = "personuppgifter"
PROCUREMENTS = "upphandlingar"
EVALUATION = "utvardering"
EVENTS = "handelser"
# No page of the tree but a list of its own, in both languages.
DOCUMENTS = "handlingar"
CONTACT = "kontakt"
SEARCH = "sok"
NEWS = "nyheter"
RESULTS = "resultat"
QUESTIONS = "fragor-och-svar"
GOALS = "mal-och-indikatorer"
TIMELINE = "tidslinje"
STEERING = "styrgrupp"
REFERENCE = "referensgrupp"

# Pages that must stay where the foot and the menu of every page say they are.
FIXED = (ABOUT, MANAGERS, PARTICIPANTS, ACCESSIBILITY, PERSONAL_DATA, CONTACT, SEARCH, NEWS, EVENTS)

ENGLISH = {
    ABOUT: "about-the-project",
    MANAGERS: "for-managers",
    PARTICIPANTS: "for-participants",
    ACCESSIBILITY: "accessibility",
    PERSONAL_DATA: "personal-data",
    CONTACT: "contact",
    SEARCH: "search",
    NEWS: "news",
    LECTURES: "lectures",
    PROCUREMENTS: "procurement",
    EVALUATION: "evaluation",
    EVENTS: "events",
    DOCUMENTS: "documents",
}
EVERY_FIXED = (*FIXED, *(ENGLISH[slug] for slug in FIXED))


def path(slug: str, language: str | None = None) -> str:
    """Where the page with this Swedish address is, in the language (the reader's by default)."""
    if (language or get_language()) == "en" and slug in ENGLISH:
        return f"/en/{ENGLISH[slug]}/"
    return f"/{slug}/"


def home(language: str | None = None) -> str:
    """The first page in the language."""
    return "/en/" if (language or get_language()) == "en" else "/"
