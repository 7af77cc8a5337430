"""Tables as text files and workbooks: numbers as numbers, text that no spreadsheet runs."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from programme.imports.template import inert

Cells = list[str | int | float]


def as_csv(lines: Iterable[Cells]) -> bytes:
    """The lines with semicolons and decimal commas, as Swedish spreadsheets read them."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for line in lines:
        writer.writerow([_written(value) for value in line])
    return out.getvalue().encode("utf-8-sig")


def _written(value: str | float) -> str:
    if isinstance(value, str):
        return inert(value)
    text = f"{value:.4f}" if isinstance(value, float) else str(value)
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def as_workbook(sheets: Iterable[tuple[str, Cells, Iterable[Cells]]]) -> bytes:
    """A workbook of sheets, each with a name, a heading that may be empty, and its lines."""
    book = Workbook(write_only=True)
    for name, heading, lines in sheets:
        sheet = book.create_sheet(name)
        if heading:
            sheet.append([_cell(sheet, value, bold=True) for value in heading])
        for line in lines:
            sheet.append([_cell(sheet, value, bold=False) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: str | float, *, bold: bool) -> Any:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    cell = WriteOnlyCell(sheet, value=inert(value))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
