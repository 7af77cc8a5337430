"""Reads the report of a Teams or Zoom meeting, line by line and within fixed bounds.

Nothing here writes, and memory does not grow with the file: whatever is too long
is refused at the line where it became so. Cells are data, whatever they begin with.
"""

import codecs
import csv
import datetime
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.attendance.errors import ReportRefused
from programme.attendance.meeting import times

TEAMS, ZOOM = "Teams", "Zoom"
# The sections of a Teams report that list each participant once, and each time somebody joined.
PARTICIPANTS, ACTIVITIES = 2, 3
MAX_LINE = 20_000
MAX_COLUMNS = 60
MAX_CELL = 1_000

NOT_A_REPORT = gettext_lazy(
    "The file is not an attendance report from Teams or a participants report from Zoom. Download"
    " it as CSV from the meeting and try again. Nothing was saved."
)
OTHER_LANGUAGE = gettext_lazy(
    "The report is from Teams, but its headings are in a language that cannot be read here."
    " Choose Swedish or English as the language of Teams and download it again. Nothing was saved."
)
WITHOUT_TIMES = gettext_lazy(
    "The report does not say when each one came and left. In Zoom, leave “show"
    " unique users” unticked when you download it. Nothing was saved."
)
UNDECODABLE = gettext_lazy(
    "The file's characters could not be read. Use the file just as it was downloaded, not one that"
    " has been opened and saved in between. Nothing was saved."
)

# Headings in lower case, as the services write them in English and Swedish.
_HEADINGS = {
    "name": (
        "name", "full name", "name (original name)", "participant name", "display name",
        "namn", "fullständigt namn", "fullständigt namn (ursprungligt namn)",
        "namn (ursprungligt namn)", "deltagarens namn",
    ),
    "joined": (
        "join time", "first join", "first join time", "join date/time", "joined",
        "anslutningstid", "tid för anslutning", "första anslutning", "första anslutningen",
        "tidpunkt för anslutning", "ansluten", "gick med", "gick med vid", "inträdestid",
    ),
    "left": (
        "leave time", "last leave", "last leave time", "leave date/time", "left",
        "lämnade", "lämnade mötet", "tid för avslut", "sista utträde", "senaste utträde",
        "tidpunkt för utträde", "utträdestid", "avslutningstid", "tid då deltagaren lämnade",
        "lämnade vid", "senast lämnade",
    ),
    "duration": (
        "duration", "in-meeting duration", "duration (minutes)", "total duration (minutes)",
        "varaktighet", "varaktighet i möte", "varaktighet i mötet", "varaktighet (minuter)",
        "tid i mötet", "mötestid",
    ),
    "email": (
        "email", "user email", "e-mail", "email address", "e-post", "e-postadress",
        "användarens e-post", "användarens e-postadress", "användar-e-post",
    ),
    "upn": ("participant id (upn)", "deltagar-id (upn)", "deltagarens id (upn)", "upn"),
    "role": ("role", "roll"),
    "waiting": ("in waiting room", "i väntrum", "i väntrummet"),
    "guest": ("guest", "gäst"),
}  # fmt: skip
_COLUMN = {words: key for key, known in _HEADINGS.items() for words in known}
_SECTION = re.compile(r"^(\d+)\.\s+\S")
_YES = ("yes", "ja", "true")


@dataclass(frozen=True)
class Joined:
    """One time in the meeting, as it stood in the report."""

    number: int
    name: str
    email: str
    joined_at: datetime.datetime
    left_at: datetime.datetime
    cells: tuple[str, ...] = ()
    in_waiting_room: bool = False


class _Raw(NamedTuple):
    """One time in the meeting before its dates are understood."""

    number: int
    name: str
    email: str
    joined: str
    left: str
    duration: str
    cells: tuple[str, ...]
    waiting: bool


@dataclass
class Report:
    """What was understood of a report, and what could not be used."""

    service: str
    rows: list[Joined] = field(default_factory=list)
    unused: list[tuple[int, str]] = field(default_factory=list)
    # Both times are readable, and the last lies before the first.
    backwards: list[tuple[int, str]] = field(default_factory=list)
    # Day and month could be read either way round, and the occasion's own day decided.
    days_chosen: bool = False


def read(file: BinaryIO, *, day: datetime.date, zone: datetime.tzinfo, most: int) -> Report:
    """The report's rows; the file is read no further than it has to be.

    :param day: the occasion's day, which tells day from month.
    :param most: more rows than this are refused.
    :raises ReportRefused: whatever is not a report within the bounds.
    """
    reading = _Reading(day, zone, most)
    try:
        for number, cells in _lines(file, most):
            reading.take(number, cells)
    except UnicodeError:
        raise ReportRefused(UNDECODABLE) from None
    except csv.Error:
        raise ReportRefused(NOT_A_REPORT) from None
    return reading.finished()


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    for zeros, name in ((head[1::2], "utf-16-le"), (head[::2], "utf-16-be")):
        if zeros.count(0) * 4 > len(head):
            return name
    if 0 in head:
        raise ReportRefused(NOT_A_REPORT)
    return "utf-8"


def _lines(file: BinaryIO, most: int) -> Iterator[tuple[int, list[str]]]:
    """The numbered lines as cells; at most a few hundred more lines than rows may be."""
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=_encoding(head), newline="")
    try:
        sample = head.decode(_encoding(head), errors="ignore")
        mark = max("\t;,", key=lambda sign: sample.count(sign))
        for number, cells in enumerate(csv.reader(_bounded(text), delimiter=mark), start=1):
            if number > most * 2 + 200:
                raise ReportRefused(_too_many(most))
            if len(cells) > MAX_COLUMNS or any(len(cell) > MAX_CELL for cell in cells):
                raise ReportRefused(NOT_A_REPORT)
            if any("\n" in cell and cell.count(mark) > 1 for cell in cells):
                raise ReportRefused(_open_quote(number))
            yield number, [_clean(cell) for cell in cells]
    finally:
        # The caller's file stays open.
        text.detach()


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MAX_LINE):
        if len(line) >= MAX_LINE:
            raise ReportRefused(NOT_A_REPORT)
        yield line


def _clean(cell: str) -> str:
    return "".join(sign for sign in cell if sign == "\t" or sign.isprintable()).strip()


def _open_quote(number: int) -> str:
    """A quotation mark that nothing closes takes the next rows with it, so none are read."""
    return _(
        "In row %(row)d there is a quotation mark that is never closed, so the rows after it"
        " cannot be told apart. Take it away in the file and try again. Nothing was saved."
    ) % {"row": number}


def _too_many(most: int) -> str:
    return _(
        "The report has more than %(most)d rows, which is more than a meeting can have. Nothing"
        " was saved."
    ) % {"most": most}


class _Reading:
    """Where in the report the reading is.

    Teams: «2. Participants» has a row for each person, «3. In-Meeting Activities» one
    for each time somebody joined; the latter counts. Older reports and Zoom have one table.
    """

    def __init__(self, day: datetime.date, zone: datetime.tzinfo, most: int) -> None:
        self.day, self.zone, self.most = day, zone, most
        self.section = 0
        self.columns: dict[str, int] = {}
        self.service = ""
        self.tables: dict[int, list[_Raw]] = {}
        # The address of each row of «2. Participants», empty where it has none, by name.
        self.participants: dict[str, list[str]] = {}
        self.without_times = False

    def take(self, number: int, cells: list[str]) -> None:
        """The next line."""
        if not any(cells):
            return
        section = _SECTION.match(cells[0])
        if section and not any(cells[1:]):
            self.section, self.columns = int(section[1]), {}
            self.service = TEAMS
            return
        columns = _columns(cells)
        if "name" in columns and len(columns) > 1 and not (self.columns and _lacks_times(columns)):
            self._headings(cells, columns)
        elif self.columns:
            self._row(number, cells)

    def _headings(self, cells: list[str], columns: dict[str, int]) -> None:
        if _lacks_times(columns):
            self.without_times = True
            self.columns = {}
            return
        self.columns = columns
        if not self.service:
            is_zoom = "guest" in columns or any("(original name)" in c.lower() for c in cells)
            self.service = ZOOM if is_zoom or cells[0].lower().startswith("name (") else TEAMS
        self.tables.setdefault(self.section, [])

    def _row(self, number: int, cells: list[str]) -> None:
        table = self.tables[self.section]
        if len(table) >= self.most:
            raise ReportRefused(_too_many(self.most))
        name = self._cell(cells, "name")[:200]
        addresses = (self._cell(cells, "email"), self._cell(cells, "upn"))
        email = next((each[:254] for each in addresses if "@" in each), "")
        if self.section == PARTICIPANTS:
            self.participants.setdefault(name, []).append(email)
        joined, left, duration = (self._cell(cells, key) for key in ("joined", "left", "duration"))
        waiting = self._cell(cells, "waiting").lower() in _YES
        table.append(_Raw(number, name, email, joined, left, duration, tuple(cells), waiting))

    def _cell(self, cells: list[str], key: str) -> str:
        place = self.columns.get(key)
        return cells[place] if place is not None and place < len(cells) else ""

    def finished(self) -> Report:
        """The table that has a row for each time somebody joined."""
        if not self.tables:
            raise ReportRefused(self._without_tables())
        understood = self._understood()
        chosen = understood.get(ACTIVITIES) or understood[max(understood)]
        if not chosen.rows and (unread := self._unreadable()) is not None:
            raise ReportRefused(_unread_time(unread))
        if not chosen.rows and PARTICIPANTS in understood:
            chosen = understood[PARTICIPANTS]
        if self.service == TEAMS and chosen is understood.get(PARTICIPANTS):
            raise ReportRefused(
                _(
                    "The report lacks the part about when each one joined and left. Download the"
                    " whole report from Teams. Nothing was saved."
                )
            )
        if not chosen.rows:
            raise ReportRefused(NOT_A_REPORT)
        chosen.rows = [self._with_email(row) for row in chosen.rows]
        return chosen

    def _without_tables(self) -> str | Promise:
        if self.service == TEAMS:
            return OTHER_LANGUAGE
        return WITHOUT_TIMES if self.without_times else NOT_A_REPORT

    def _unreadable(self) -> _Raw | None:
        """The first row whose time is written in a way that is not known here."""
        said = (raw for table in self.tables.values() for raw in table if raw.joined)
        return next(
            (raw for raw in said if not times.moments(raw.joined, order="", zone=self.zone)), None
        )

    def _understood(self) -> dict[int, Report]:
        """The tables with their dates read, all in the same order of day and month."""
        said = [
            (raw.number, text)
            for table in self.tables.values()
            for raw in table
            for text in (raw.joined, raw.left)
        ]
        try:
            order = times.order_of((text for _number, text in said), day=self.day)
        except times.Ambiguous as error:
            number = next(number for number, text in said if text == str(error))
            raise ReportRefused(_ambiguous(str(error), number, self.day)) from None
        chosen = times.either_way(text for _number, text in said)
        found = {}
        for section, table in self.tables.items():
            report = found[section] = Report(self.service, days_chosen=chosen)
            for raw in table:
                self._add(report, raw, order)
        return found

    def _add(self, report: Report, raw: _Raw, order: str) -> None:
        joined = times.moments(raw.joined, order=order, zone=self.zone)
        left = times.moments(raw.left, order=order, zone=self.zone)
        span = times.span(joined, left, times.duration(raw.duration))
        if span is None:
            # Two times that can be read make no span only when the last lies before the first.
            why = report.backwards if joined and left else report.unused
            why.append((raw.number, raw.name))
            return
        report.rows.append(Joined(raw.number, raw.name, raw.email, *span, raw.cells, raw.waiting))

    def _with_email(self, row: Joined) -> Joined:
        """The address from the list of participants, when only one row there has the name.

        A guest without address may be called the same as someone who has one, so it is
        the rows that are counted. A report of one table has no such list: nothing is lent.
        """
        listed = self.participants.get(row.name, [])
        if row.email or len(listed) != 1:
            return row
        return replace(row, email=listed[0])


def _lacks_times(columns: dict[str, int]) -> bool:
    return "joined" not in columns or not {"left", "duration"} & columns.keys()


def _columns(cells: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        key = _COLUMN.get(" ".join(cell.lower().split()))
        if key is not None:
            found.setdefault(key, place)
    return found


def _unread_time(raw: _Raw) -> str:
    return _(
        "No row of the report has times that can be used: row %(row)d says “%(text)s”. Use the"
        " file just as it was downloaded. Nothing was saved."
    ) % {"row": raw.number, "text": raw.joined[:60]}


def _ambiguous(text: str, number: int, day: datetime.date) -> str:
    return _(
        "Row %(row)d says “%(text)s”, which can be two different days, and neither is the"
        " occasion's (%(day)s). Check that it is the right meeting. Nothing was saved."
    ) % {"row": number, "text": text[:60], "day": day.isoformat()}
