"""Turns a list of absences into checked rows; why somebody is away is never read.

The number of queries does not grow with the rows.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.words import says
from people.identity import BadIdentityNumber, digest, parse
from people.models import Person, User
from programme.absences.access import persons_of
from programme.imports.reader import BadFile, Table
from programme.models import Absence

#: What the columns may be called, whatever language the page is read in.
HEADINGS: Mapping[str, str] = {
    "personnummer": "identity",
    "samordningsnummer": "identity",
    "personal identity number": "identity",
    "e-post": "email",
    "e-postadress": "email",
    "epost": "email",
    "work e-mail": "email",
    "från": "first",
    "from": "first",
    "från och med": "first",
    "startdatum": "first",
    "till": "last",
    "to": "last",
    "till och med": "last",
    "slutdatum": "last",
    "omfattning": "percent",
    "extent": "percent",
    "omfattning %": "percent",
}
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$", re.ASCII)
_PERCENT = re.compile(r"^(\d{1,3})\s*%?$", re.ASCII)
#: Nobody is away longer than this in one row; a year written wrong would say so.
MOST_DAYS = 1_100


@dataclass
class Row:
    """One row of the list; never holds the identity number that it was found by."""

    number: int
    person: str = ""
    first: str = ""
    last: str = ""
    percent: int = 100
    # The extent as it was written, where it is none.
    written_percent: str = ""
    errors: list[str] = field(default_factory=list)
    # The same absence is known already: the row changes nothing.
    known: bool = False

    def to_plain(self) -> dict[str, Any]:
        """As JSON values, for the list that waits for a yes."""
        return dict(vars(self))


def check_table(table: Table, *, actor: User) -> tuple[list[Row], list[str]]:
    """Every row with its person and days, and the headings that were not read.

    :raises BadFile: when a heading that is needed is missing.
    """
    columns = [HEADINGS.get(header.strip().casefold(), "") for header in table.headers]
    named = [name for name in columns if name]
    if len(set(named)) < len(named):
        raise BadFile(_("Two columns say the same thing. Keep one of them."))
    if not {"identity", "email"} & set(named):
        raise BadFile(
            _("A column with personal identity numbers or work e-mail addresses is missing.")
        )
    if not {"first", "last"} <= set(named):
        raise BadFile(_("The columns Från and Till, with the first and the last day, are missing."))
    rows, references = [], {}
    for number, cells in table.rows:
        values = {name: cell for name, cell in zip(columns, cells, strict=True) if name}
        row = Row(number)
        references[number] = _reference(row, values)
        _days(row, values)
        rows.append(row)
    persons = _find(rows, references, actor)
    _mark_known(rows, persons)
    _mark_repeated(rows)
    ignored = [
        header for header, name in zip(table.headers, columns, strict=True) if header and not name
    ]
    return rows, [header[:60] for header in ignored]


def _reference(row: Row, values: Mapping[str, str]) -> str:
    """What finds the person: a digest of the number, or the address; the number is let go here."""
    written, email = values.get("identity", ""), values.get("email", "")
    if written:
        try:
            return "digest:" + digest(parse(written).number12)
        except BadIdentityNumber as error:
            row.errors.append(str(error.message))
            return ""
    if email:
        return "email:" + email.casefold()
    row.errors.append(_("Write a personal identity number or a work e-mail address."))
    return ""


def _days(row: Row, values: Mapping[str, str]) -> None:
    first = _day(row, values.get("first", ""), _("From is missing. Write it like 2026-03-14."))
    last = _day(row, values.get("last", ""), _("To is missing. Write it like 2026-03-14."))
    if first and last:
        if last < first:
            row.errors.append(_("The last day lies before the first."))
        elif (last - first).days > MOST_DAYS:
            row.errors.append(_("The absence is longer than three years. Check the days."))
        row.first, row.last = first.isoformat(), last.isoformat()
    written = values.get("percent", "") or "100"
    match = _PERCENT.match(written)
    row.percent = int(match[1]) if match else 0
    if not 1 <= row.percent <= 100:
        # Shortened: a number of a person that stands in the wrong column is not kept whole.
        row.written_percent = written[:6]
        row.errors.append(_("The extent must be a whole number from 1 to 100, in per cent."))


def _day(row: Row, written: str, missing: str) -> datetime.date | None:
    if not says(written):
        row.errors.append(missing)
        return None
    try:
        if not _DAY.match(written):
            raise ValueError(written)
        return datetime.date.fromisoformat(written)
    except ValueError:
        row.errors.append(
            _("“%(written)s” is not a day. Write it like 2026-03-14.") % {"written": written[:20]}
        )
        return None


def _find(rows: Sequence[Row], references: Mapping[int, str], actor: User) -> dict[str, Person]:
    wanted = {value for value in references.values() if value}
    own = persons_of(actor).select_related("identity")
    found: dict[str, list[Person]] = {}
    for person in own.filter(
        identity__digest__in={value[7:] for value in wanted if value.startswith("digest:")}
    ):
        found.setdefault("digest:" + person.identity.digest, []).append(person)
    for person in own.filter(
        email__in={value[6:] for value in wanted if value.startswith("email:")}
    ):
        found.setdefault("email:" + person.email.casefold(), []).append(person)
    persons = {}
    for row in rows:
        matches = found.get(references[row.number], [])
        if len(matches) == 1:
            row.person = matches[0].public_id
            persons[row.person] = matches[0]
        elif references[row.number]:
            row.errors.append(
                _("Several persons have that address. Use the personal identity number.")
                if matches
                else _("Nobody whose hours you check matches.")
            )
    return persons


def _mark_known(rows: Sequence[Row], persons: Mapping[str, Person]) -> None:
    known = {
        (person, first.isoformat(), last.isoformat(), percent)
        for person, first, last, percent in Absence.objects.filter(
            person__in=list(persons.values())
        ).values_list("person__public_id", "first_day", "last_day", "percent")
    }
    for row in rows:
        row.known = (row.person, row.first, row.last, row.percent) in known


def _mark_repeated(rows: Sequence[Row]) -> None:
    seen: dict[tuple[str, str, str, int], int] = {}
    for row in rows:
        key = (row.person, row.first, row.last, row.percent)
        if row.person and key in seen:
            row.errors.append(_("The same absence stands on row %(row)s.") % {"row": seen[key]})
        seen.setdefault(key, row.number)
