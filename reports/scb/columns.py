"""What a column of the file may hold, and the columns until staff decide others (B3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Signs that a spreadsheet would take for the beginning of a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """One person's line; the number is there only while the bytes are made."""

    number: str
    starts: str
    ends: str
    hundredths: int


@dataclass(frozen=True)
class Header:
    """What is the same on every line."""

    month: str
    record_number: str
    organisation_number: str


#: Every field there is, with its meaning for those who order the columns.
FIELDS: dict[str, str | Promise] = {
    "month": _("Reporting month, YYYY-MM"),
    "project": _("Record number of the project"),
    "number": _("Personal identity number, twelve digits, or the code of a protected one"),
    "starts": _("First day, in the month of the start"),
    "ends": _("Last day, in the month of leaving"),
    "hours": _("Hours of the month"),
    "employer": _("Organisation number of the employer"),
}
DEFAULT = [
    {"field": "month", "heading": "Rapporteringsmånad"},
    {"field": "project", "heading": "Diarienummer"},
    {"field": "number", "heading": "Personnummer"},
    {"field": "starts", "heading": "Startdatum"},
    {"field": "ends", "heading": "Slutdatum"},
    {"field": "hours", "heading": "Antal timmar"},
    {"field": "employer", "heading": "Arbetsgivarens organisationsnummer"},
]


def safe(text: str) -> str:
    """Text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def headings(columns: Sequence[Mapping[str, Any]]) -> list[str]:
    """The first row."""
    return [safe(str(column["heading"])) for column in columns]


def values(columns: Sequence[Mapping[str, Any]], header: Header, line: Line) -> list[str]:
    """One row as text; hours with a decimal comma.

    :raises KeyError: for a field that is not known.
    """
    known = {
        "month": header.month,
        "project": header.record_number,
        "number": line.number,
        "starts": line.starts,
        "ends": line.ends,
        "hours": hours_text(line.hundredths),
        "employer": header.organisation_number,
    }
    return [safe(known[str(column["field"])]) for column in columns]


def hours_text(hundredths: int) -> str:
    """Hours with two decimals and a comma: 26,50."""
    return f"{hundredths // 100},{hundredths % 100:02d}"


def problem_with(columns: Sequence[Mapping[str, Any]]) -> str:
    """The field that is unknown, missing or there twice; empty when all is well."""
    fields = [str(column.get("field", "")) for column in columns]
    for field in fields:
        if field not in FIELDS or fields.count(field) > 1:
            return field or "?"
    return next((field for field in ("number", "hours") if field not in fields), "")
