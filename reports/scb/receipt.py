"""The receipt compared with what was sent, row by row: pure, and nothing is written anywhere.

A receipt is a table with the number and the hours of each row that came in, and with a
word for each row that was refused. Its columns are found by their headings: those of the
file itself, or what such a column is usually called.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

NUMBER = ("personnummer", "pnr", "personnr", "person-/samordningsnummer")
HOURS = ("antal timmar", "timmar")
REFUSED = ("fel", "felmeddelande", "felorsak", "avvisad", "orsak", "anmärkning", "status")
#: What a row that came in says where others say why they did not.
FINE = frozenset({"", "ok", "godkänd", "godkänt", "mottagen", "inläst", "accepterad", "ja", "0"})
#: The century is left out now and then.
SIGNS = 10


class What(StrEnum):
    """How one row differs."""

    REFUSED = "refused"
    MISSING = "missing"
    HOURS = "hours"
    UNKNOWN = "unknown"
    TWICE = "twice"


@dataclass(frozen=True)
class Sent:
    """One line as it was sent."""

    person: int
    number: str
    hundredths: int


@dataclass(frozen=True)
class Received:
    """One row of the receipt, with its number in the file."""

    row: int
    number: str
    hours: str
    refusal: str = ""


@dataclass(frozen=True)
class Difference:
    """One thing to look at; the number itself is never part of it."""

    what: What
    # Nobody, when the number was not among those sent.
    person: int | None
    # Nothing, when the line is not in the receipt.
    row: int | None = None
    sent: int | None = None
    received: str = ""
    why: str = ""


class NoColumns(Exception):
    """The table has no column for the number, or none for hours and none for refusals."""


def rows_of(
    headers: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    columns: Sequence[Mapping[str, Any]],
) -> list[Received]:
    """The receipt's rows.

    :param columns: those of the file that was sent.
    :raises NoColumns: when it cannot be told what is what.
    """
    own = {str(column["field"]): str(column["heading"]) for column in columns}
    number = _place(headers, (own.get("number", ""), *NUMBER))
    hours = _place(headers, (own.get("hours", ""), *HOURS))
    refusal = _place(headers, REFUSED)
    if number is None or (hours is None and refusal is None):
        raise NoColumns
    return [
        Received(
            row,
            values[number],
            values[hours] if hours is not None else "",
            _refusal(values[refusal]) if refusal is not None else "",
        )
        for row, values in rows
    ]


def _place(headers: Sequence[str], names: Iterable[str]) -> int | None:
    known = [header.strip().casefold() for header in headers]
    wanted = (name.strip().casefold() for name in names)
    return next((known.index(name) for name in wanted if name and name in known), None)


def _refusal(text: str) -> str:
    return "" if text.strip().casefold() in FINE else text.strip()


def key_of(number: str) -> str:
    """What two ways of writing the same number have in common."""
    return re.sub(r"[^0-9A-Za-z]", "", number).upper()[-SIGNS:]


def hundredths_of(text: str) -> int | None:
    """Hours as hundredths; nothing when it is no number."""
    try:
        value = Decimal(text.replace("\xa0", "").replace(" ", "").replace(",", ".") or "x")
    except InvalidOperation:
        return None
    return int(value * 100) if value.is_finite() and value * 100 == int(value * 100) else None


def compare(sent: Iterable[Sent], received: Iterable[Received]) -> list[Difference]:
    """Every row that was refused, differs, is missing, came twice or was never sent."""
    waiting: dict[str, list[Sent]] = defaultdict(list)
    for each in sent:
        waiting[key_of(each.number)].append(each)
    seen: dict[str, Sent] = {}
    found: list[Difference] = []
    for row in received:
        key = key_of(row.number)
        same = waiting.get(key)
        if not same:
            again = seen.get(key)
            what, person = (What.TWICE, again.person) if again else (What.UNKNOWN, None)
            found.append(Difference(what, person, row.row, None, row.hours, row.refusal))
            continue
        line = seen[key] = _taken(same, row)
        if row.refusal:
            found.append(
                Difference(
                    What.REFUSED, line.person, row.row, line.hundredths, row.hours, row.refusal
                )
            )
        elif row.hours and hundredths_of(row.hours) != line.hundredths:
            found.append(Difference(What.HOURS, line.person, row.row, line.hundredths, row.hours))
    missing = [one for several in waiting.values() for one in several]
    found += [Difference(What.MISSING, one.person, None, one.hundredths) for one in missing]
    return found


def _taken(lines: list[Sent], row: Received) -> Sent:
    """Of several with the same code, such as protected ones, the one whose hours agree."""
    hours = hundredths_of(row.hours)
    line = next((line for line in lines if line.hundredths == hours), lines[0])
    lines.remove(line)
    return line
