"""Which pages the site begins with, where, and in which order: the tree as data.

The words are in ``cms/data`` (Swedish) and ``cms/data/en``. Another part adds its own
pages with :func:`add` when it starts; ``load_site`` puts up whatever is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cms import addresses
from cms.models import (
    AccessibilityPage,
    ContactPage,
    EvaluationIndexPage,
    EventIndexPage,
    GoalsPage,
    GroupPage,
    LectureIndexPage,
    NewsIndexPage,
    NewsPage,
    PersonalDataPage,
    PortalPage,
    ProcurementIndexPage,
    ProjectPage,
    ResultPage,
    SearchPage,
    SectionPage,
    StandardPage,
)

HOME = "hem"


@dataclass(frozen=True)
class Planned:
    """One page: its Swedish address, its kind, what it lies below, its English address.

    An example tells of something that has not happened where a real site begins.
    """

    slug: str
    kind: type[PortalPage]
    parent: str = HOME
    english: str = ""
    in_menu: bool = False
    example: bool = False


_plan: list[Planned] = [
    Planned(addresses.ABOUT, ProjectPage, english="about-the-project", in_menu=True),
    Planned(addresses.GOALS, GoalsPage, addresses.ABOUT),
    Planned(addresses.TIMELINE, StandardPage, addresses.ABOUT),
    Planned(addresses.STEERING, GroupPage, addresses.ABOUT),
    Planned(addresses.REFERENCE, GroupPage, addresses.ABOUT),
    Planned(addresses.MANAGERS, StandardPage, english="for-managers", in_menu=True),
    Planned(addresses.PARTICIPANTS, StandardPage, english="for-participants", in_menu=True),
    Planned(addresses.NEWS, NewsIndexPage, english="news", in_menu=True),
    Planned("utbildningen-borjar-med-cheferna", NewsPage, addresses.NEWS, example=True),
    Planned("sa-valjer-stadsdelarna-deltagare", NewsPage, addresses.NEWS, example=True),
    Planned("referensgruppen-har-traffats", NewsPage, addresses.NEWS, example=True),
    Planned("sex-traffar-pa-ett-ar", NewsPage, addresses.NEWS, example=True),
    Planned("nyckelfunktioner-gar-en-fordjupning", NewsPage, addresses.NEWS, example=True),
    Planned(
        "portalen-ar-oppen", NewsPage, addresses.NEWS, english="the-portal-is-open", example=True
    ),
    Planned(addresses.RESULTS, SectionPage, in_menu=True),
    Planned("samtalet-som-metod", ResultPage, addresses.RESULTS, example=True),
    Planned("ovning-mellan-traffarna", ResultPage, addresses.RESULTS, example=True),
    Planned("larande-pa-arbetsplatstraffen", ResultPage, addresses.RESULTS, example=True),
    Planned(addresses.QUESTIONS, StandardPage, in_menu=True),
    Planned(addresses.CONTACT, ContactPage, english="contact"),
    Planned(addresses.SEARCH, SearchPage, english="search"),
    Planned(addresses.ACCESSIBILITY, AccessibilityPage, english="accessibility"),
    Planned(addresses.PERSONAL_DATA, PersonalDataPage, english="personal-data"),
    Planned(addresses.PROCUREMENTS, ProcurementIndexPage, english="procurement"),
    Planned(addresses.EVALUATION, EvaluationIndexPage, english="evaluation"),
    Planned(addresses.LECTURES, LectureIndexPage, english="lectures", in_menu=True),
    # From the foot and from «My pages»: seven words are what the menu holds.
    Planned(addresses.EVENTS, EventIndexPage, english="events"),
]


def add(planned: Planned) -> None:
    """Let the site begin with one more page; the page it lies below is planned before it."""
    if planned.slug not in {one.slug for one in _plan}:
        _plan.append(planned)


def pages() -> Iterator[Planned]:
    """Every planned page, parents before those below them."""
    return iter(tuple(_plan))
