"""The file that people start from: the form's questions as headings."""

import csv
import io
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from forms_app.schema import FieldSchema, FormSchema
from programme.imports.preview import email_heading, identity_heading, importable_fields

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")


def headings(schema: FormSchema) -> list[str]:
    """The columns of the template."""
    return [
        identity_heading(),
        email_heading(),
        *(one.label for one in importable_fields(schema)),
    ]


def inert(text: str) -> str:
    """Text that a spreadsheet shows and never runs; an apostrophe hides a formula's start."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def as_csv(schema: FormSchema) -> bytes:
    """Headings alone, with the mark that makes Excel read Swedish letters."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow([inert(text) for text in headings(schema)])
    return out.getvalue().encode("utf-8-sig")


def as_workbook(schema: FormSchema) -> bytes:
    """A workbook with a sheet to fill in and a sheet that explains each column."""
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet(_("Nominations"))
    sheet.append([_text(sheet, text, bold=True) for text in headings(schema)])
    help_sheet = workbook.create_sheet(_("How to fill in"))
    for row in _explained(schema):
        help_sheet.append([_text(help_sheet, text) for text in row])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _text(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=inert(text))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _explained(schema: FormSchema) -> list[list[str]]:
    rows = [
        [_("Column"), _("Required"), _("What to write")],
        [identity_heading(), _("this or the address"), _("Twelve digits")],
        [email_heading(), _("this or the number"), ""],
    ]
    for one in importable_fields(schema):
        rows.append([one.label, _("yes") if one.required else "", _what(one)])
    return rows


def _what(question: FieldSchema) -> str:
    match question.kind:
        case "choice":
            return _("One of: %(choices)s") % {"choices": _labels(question)}
        case "choices":
            return _("One or more, with a semicolon between: %(choices)s") % {
                "choices": _labels(question)
            }
        case "yes_no":
            return _("Yes or No")
        case _:
            return question.help


def _labels(question: FieldSchema) -> str:
    return "; ".join(one.label for one in question.choices)
