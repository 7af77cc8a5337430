"""The catalogue of lectures; an editor's own words are never touched."""

from cms import addresses
from cms.models import HomePage, LectureIndexPage, LecturePage

TITLE = "Föreläsningar"
LEAD = (
    "Korta digitala föreläsningar om jämställdhet, tillgänglighet och icke-diskriminering."
    " Alla kan läsa om dem. Du som deltar i projektet kan följa dem direkt eller i efterhand."
)


def load_lecture_index(home: HomePage) -> LectureIndexPage:
    """Put the catalogue up if it is missing."""
    page: LectureIndexPage | None = LectureIndexPage.objects.first()
    if page is None:
        page = LectureIndexPage(
            title=TITLE,
            slug=addresses.LECTURES,
            lead=LEAD,
            locale=home.locale,
            show_in_menus=True,
        )
        home.add_child(instance=page)
        page.save_revision().publish()
    return page


def publish_drafts() -> None:
    """Publish the lectures' pages as they are drafted: for the demo, where no editor does."""
    for page in LecturePage.objects.filter(live=False):
        page.get_latest_revision().publish()
