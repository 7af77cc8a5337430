"""The page's tables as a workbook or CSV, with a sheet that says what the figures are."""

from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import User
from programme import sheets
from programme.sheets import Cells
from reports.economy.rules import Line
from reports.economy.tables import Page, explained


def headings() -> Cells:
    """The columns of every table."""
    return [
        _("Table"),
        _("What"),
        _("Planned hours"),
        _("Counted hours"),
        _("Hours without co-financing"),
        _("Expected hours"),
        _("Planned kronor"),
        _("Counted kronor"),
        _("Expected kronor"),
    ]


def data(page: Page) -> list[Cells]:
    """Every line of the three tables, and the whole."""
    tables = (
        (_("Month"), page.months),
        (_("Administration"), page.districts),
        (_("Category"), page.categories),
        (_("Whole"), [page.whole]),
    )
    return [_cells(name, line) for name, lines in tables for line in lines]


def _cells(table: str, line: Line) -> Cells:
    return [
        table,
        line.name,
        _hours(line.planned_minutes),
        _hours(line.sum.minutes),
        _hours(line.sum.outside),
        _hours(line.sum.expected_minutes),
        float(line.planned_kronor),
        float(line.sum.kronor),
        float(line.sum.expected_kronor),
    ]


def _hours(minutes: int) -> float:
    return round(minutes / 60, 4)


def facts(page: Page, viewer: User, *, rows: bool) -> list[Cells]:
    """What the figures are: definition, filter, moment, number of rows and who took them out."""
    taken = timezone.localtime(page.as_of)
    return [
        [_("What it is"), _("Co-financing of %(name)s") % {"name": page.programme.name}],
        [_("Record number"), page.programme.record_number],
        [
            _("Definition"),
            _(
                "Counted minutes of participants employed by the city, times the rate an hour that"
                " holds on the day of the occasion; kronor are rounded for each person and occasion."
            ),
        ],
        [_("Forecast"), " ".join(explained(page))],
        [
            _("Filter"),
            _("The whole project. Nothing is left out.")
            if rows
            else _("The whole project. Lines of fewer than %(limit)s persons are added together.")
            % {"limit": page.limit},
        ],
        [_("As of"), f"{taken:%Y-%m-%d %H:%M}"],
        [_("Rows"), len(data(page))],
        [_("Taken out by"), viewer.get_full_name()],
    ]


def as_csv(page: Page, viewer: User, *, rows: bool) -> bytes:
    """The table, an empty line, and then what the figures are."""
    return sheets.as_csv((headings(), *data(page), [], *facts(page, viewer, rows=rows)))


def as_workbook(page: Page, viewer: User, *, rows: bool) -> bytes:
    """A sheet with the figures and one with what they are."""
    return sheets.as_workbook(
        (
            (_("Co-financing"), headings(), data(page)),
            (_("About the figures"), [], facts(page, viewer, rows=rows)),
        )
    )
