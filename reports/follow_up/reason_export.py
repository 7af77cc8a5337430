"""The reasons for leaving as a workbook or a text file: the table of the page, no finer."""

from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import User
from programme import sheets
from programme.sheets import Cells
from reports.follow_up.reasons import Page, Row


def definition() -> str:
    """What is counted, in words."""
    return _(
        "Everyone who has been admitted is counted once; whoever has left several times by the"
        " latest time. Shares are of everyone admitted. Ages are those on the project's first day."
        " Columns and rows of few are added together, so that no number tells of a person. Do not"
        " compare tables of different days: the difference can be one person."
    )


def headings(page: Page) -> Cells:
    """The columns."""
    return [_("Reason for leaving"), *page.columns, _("In all")]


def data(page: Page) -> list[Cells]:
    """The reasons, those who left, those who have not, and the share; nothing of too few."""
    if page.left is None or page.stayed is None:
        return [[_("Too few have left to show anything.")]]
    return [
        *(_cells(row) for row in (*page.rows, page.left, page.stayed)),
        [_("Share that left"), *(round(float(share), 1) for share in page.shares)],
    ]


def _cells(row: Row) -> Cells:
    name = f"{row.name}: {', '.join(row.parts)}" if row.parts else row.name
    return [name, *row.numbers, row.total]


def _facts(page: Page, viewer: User) -> list[Cells]:
    taken = timezone.localtime(page.as_of)
    return [
        [_("Record number"), page.programme.record_number],
        [_("Definition"), definition()],
        [_("As of"), f"{taken:%Y-%m-%d %H:%M}"],
        [_("Taken out by"), viewer.get_full_name()],
    ]


def as_csv(page: Page, viewer: User) -> bytes:
    """The table, an empty line, and then what the figures are."""
    return sheets.as_csv((headings(page), *data(page), [], *_facts(page, viewer)))


def as_workbook(page: Page, viewer: User) -> bytes:
    """A sheet with the figures and one with what they are."""
    return sheets.as_workbook(
        (
            (_("Reasons for leaving"), headings(page), data(page)),
            (_("About the figures"), [], _facts(page, viewer)),
        )
    )
