"""The page's tables as a workbook or CSV, with a sheet that says what the figures are."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from people.models import User
from programme.imports.template import inert
from reports.economy.rules import Line
from reports.economy.tables import Page, explained

Cells = list[str | int | float]


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
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for line in (headings(), *data(page), [], *facts(page, viewer, rows=rows)):
        writer.writerow([_written(value) for value in line])
    return out.getvalue().encode("utf-8-sig")


def _written(value: str | float) -> str:
    if isinstance(value, str):
        return inert(value)
    text = f"{value:.4f}" if isinstance(value, float) else str(value)
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def as_workbook(page: Page, viewer: User, *, rows: bool) -> bytes:
    """A sheet with the figures and one with what they are."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Co-financing"))
    _write(sheet, [headings()], bold=True)
    _write(sheet, data(page))
    _write(book.create_sheet(_("About the figures")), facts(page, viewer, rows=rows))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(sheet: Any, lines: Iterable[Cells], *, bold: bool = False) -> None:
    for line in lines:
        sheet.append([_cell(sheet, value, bold=bold) for value in line])


def _cell(sheet: Any, value: str | float, *, bold: bool) -> Any:
    """Numbers as numbers; text that a spreadsheet shows and never runs."""
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    cell = WriteOnlyCell(sheet, value=inert(value))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
