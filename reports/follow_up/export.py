"""The roll-up as a workbook or a text file, with what the figures are."""

from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import User
from programme import sheets
from programme.sheets import Cells
from reports.follow_up.reading import Page, Row


def headings() -> Cells:
    """The columns."""
    return [
        _("Month or category"),
        _("Began"),
        _("Planned to begin"),
        _("Took part"),
        _("Completed"),
        _("Left early"),
        _("Hours"),
        _("Planned hours"),
    ]


def _cells(row: Row) -> Cells:
    count = row.count
    return [
        row.name,
        len(count.began),
        count.planned_persons,
        len(count.present),
        len(count.completed),
        len(count.left),
        round(count.minutes / 60, 4),
        round(count.planned_minutes / 60, 4),
    ]


def data(page: Page) -> list[Cells]:
    """The months in their order, the categories, and the whole."""
    return [_cells(row) for row in (*reversed(page.months), *page.categories, page.whole)]


def facts(page: Page, viewer: User) -> list[Cells]:
    """What the figures are, as of when, and who took them out."""
    taken = timezone.localtime(page.as_of)
    return [
        [_("What it is"), _("Monthly roll-up of %(name)s") % {"name": page.programme.name}],
        [_("Record number"), page.programme.record_number],
        [_("Definition"), definition()],
        [_("As of"), f"{taken:%Y-%m-%d %H:%M}"],
        [_("Taken out by"), viewer.get_full_name()],
    ]


def definition() -> str:
    """What is counted, in words."""
    return _(
        "Persons are counted once in each month and once in each sum, also when they take two"
        " courses. Took part is whoever has counted time. Hours are all counted time; the plan is"
        " spread evenly over the project's months."
    )


def as_csv(page: Page, viewer: User) -> bytes:
    """The table, an empty line, and then what the figures are."""
    return sheets.as_csv((headings(), *data(page), [], *facts(page, viewer)))


def as_workbook(page: Page, viewer: User) -> bytes:
    """A sheet with the figures and one with what they are."""
    return sheets.as_workbook(
        (
            (_("Monthly roll-up"), headings(), data(page)),
            (_("About the figures"), [], facts(page, viewer)),
        )
    )
