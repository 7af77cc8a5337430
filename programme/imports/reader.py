"""Reads a table from a file that may be broken or hostile, within fixed bounds.

Everything is bounded before a parser that builds objects sees it: a workbook is
a zip archive of XML, where a few kilobytes can claim gigabytes. Whatever goes
wrong is a `BadFile` with words; nothing here writes.
"""

import csv
import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.words import says

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 20 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 60
MAX_PARTS = 200
MAX_RATIO = 200
# Everything but sheets and texts is small in an honest workbook.
MAX_OTHER_PART = 2 * 1024 * 1024
MAX_CELLS = (MAX_ROWS + 1) * MAX_COLUMNS
MAX_CELL_LENGTH = 10_000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_ROW_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d+)[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>")
_CELL_COLUMN = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]+)\d*[\"']")
_STRING = re.compile(rb"<(?:\w+:)?si\b")


class BadFile(Exception):
    """The file is not read; ``message`` says why and what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


TOO_LARGE = _("The file is larger than it may be (5 MB, 20 MB unpacked). Divide it into several.")
TOO_MANY_ROWS = _("The file has more than 5 000 rows. Divide it into several files.")
TOO_MANY_COLUMNS = _("The file has more than 60 columns. Start from our template.")
UNREADABLE = _("The file could not be read. Save it as Excel (.xlsx) or CSV and try again.")
UNSAFE = _("The file holds parts that are not allowed in it. Copy the cells to our template.")


@dataclass(frozen=True)
class Table:
    """Headers, and the rows with their numbers as the sheet shows them."""

    headers: list[str]
    rows: list[tuple[int, list[str]]]


def read(content: bytes) -> Table:
    """The table in a workbook or a CSV file; the content decides which, not the name.

    :raises BadFile: for everything that is not a table within the bounds.
    """
    if len(content) > MAX_BYTES:
        raise BadFile(TOO_LARGE)
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise BadFile(_("The file is empty."))
    if content.startswith(b"PK"):
        lines = _workbook_lines(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile(
            _("The file is an old or a locked Excel file. Save it as .xlsx without a password.")
        )
    else:
        lines = _text_lines(decoded(content))
    return _table(lines)


def read_text(text: str) -> Table:
    """The table in text that was pasted from a spreadsheet."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise BadFile(TOO_LARGE)
    if not says(text):
        raise BadFile(_("Paste the rows with their headings, or choose a file."))
    return _table(_text_lines(text))


def _table(lines: Iterator[tuple[int, list[str]]]) -> Table:
    headers: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    for number, values in lines:
        values = [_clean(value) for value in values]
        while values and not values[-1]:
            values.pop()
        if len(values) > MAX_COLUMNS:
            raise BadFile(TOO_MANY_COLUMNS)
        if not values:
            continue
        if not headers:
            headers = values
            continue
        rows.append((number, values))
        if len(rows) > MAX_ROWS:
            raise BadFile(TOO_MANY_ROWS)
    if not headers:
        raise BadFile(_("The file is empty."))
    if not rows:
        raise BadFile(_("The file has headings but no rows below them."))
    named = [header.casefold() for header in headers if header]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise BadFile(
            _("The heading “%(name)s” stands on several columns. Keep one of them.")
            % {"name": twice[0]}
        )
    width = len(headers)
    if any(len(values) > width for _number, values in rows):
        raise BadFile(_("A row has more cells than there are headings. Check the first row."))
    return Table(headers, [(n, values + [""] * (width - len(values))) for n, values in rows])


def _clean(value: str) -> str:
    if len(value) > MAX_CELL_LENGTH:
        raise BadFile(_("A cell holds more than 10 000 characters. Shorten it."))
    return _CONTROL.sub("", value).strip()


# Text ---------------------------------------------------------------------------------


def decoded(content: bytes) -> str:
    """Text from the encodings that Swedish spreadsheets save: UTF-8, UTF-16 and Windows-1252."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return _decode(content, encoding)
    if b"\x00" in content:
        raise BadFile(UNREADABLE)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(content, "cp1252")


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeError:
        raise BadFile(
            _("The file's characters could not be read. Save it as “CSV UTF-8”.")
        ) from None


def _text_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    if first.lstrip().startswith(("<", "%PDF", "{\\rtf")):
        raise BadFile(UNREADABLE)
    delimiter = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for count, values in enumerate(reader):
            if count > MAX_ROWS * 2:
                raise BadFile(TOO_MANY_ROWS)
            yield reader.line_num, values
    except csv.Error:
        raise BadFile(
            _("A quotation mark is missing near row %(row)s of the file.")
            % {"row": reader.line_num}
        ) from None


# Workbooks ----------------------------------------------------------------------------


def _workbook_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        check_archive(content)
        workbook = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
    except BadFile:
        raise
    except Exception:
        # Any failure inside the parser is the file's fault, and is said as such.
        raise BadFile(UNREADABLE) from None
    try:
        yield from _sheet_lines(workbook)
    except BadFile:
        raise
    except Exception:
        raise BadFile(UNREADABLE) from None
    finally:
        workbook.close()


def _sheet_lines(workbook: Any) -> Iterator[tuple[int, list[str]]]:
    if not workbook.worksheets:
        raise BadFile(_("The workbook has no sheet with cells."))
    sheet = workbook.worksheets[0]
    # The size a sheet claims to have is only a claim.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1, values_only=True)
    for number, values in enumerate(rows, start=1):
        yield number, [_as_text(value) for value in values]


def _as_text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nej"
        case float() if value.is_integer():
            return str(int(value))
        case datetime.datetime():
            return value.date().isoformat()
        case datetime.date():
            return value.isoformat()
        case _:
            return str(value)


def check_archive(content: bytes) -> None:
    """Refuse an archive that is too large, lies about its size or holds more than cells."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise BadFile(UNREADABLE) from None
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > MAX_PARTS or len({name.lower() for name in names}) != len(names):
        raise BadFile(UNSAFE)
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        raise BadFile(UNREADABLE)
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BadFile(TOO_LARGE)
    unpacked = 0
    for part in parts:
        data = _unpacked(archive, part, MAX_UNPACKED - unpacked)
        unpacked += len(data)
        _check_part(part.filename.lower(), data)


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, at_most: int) -> bytes:
    """The part's real content, read no further than allowed whatever its header says."""
    if part.flag_bits & 0x1:
        raise BadFile(_("The file is locked with a password. Save it without one."))
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadFile(UNSAFE)
    try:
        with archive.open(part) as stream:
            data = stream.read(at_most + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
        raise BadFile(UNREADABLE) from None
    if len(data) > at_most:
        raise BadFile(TOO_LARGE)
    if len(data) > 1024 * 1024 and len(data) > MAX_RATIO * max(part.compress_size, 1):
        raise BadFile(TOO_LARGE)
    return data


def _check_part(name: str, data: bytes) -> None:
    if name.endswith(".bin") and "vba" in name:
        raise BadFile(_("The file has macros. Save it as an Excel workbook (.xlsx) without them."))
    if ".." in name or name.startswith(("/", "\\")) or "embeddings/" in name:
        raise BadFile(UNSAFE)
    if not name.endswith((".xml", ".rels")):
        return
    # Other encodings could hide a document type from the check below.
    if b"\x00" in data or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile(UNSAFE)
    if re.search(rb"encoding\s*=\s*[\"'](?!utf-?8|us-ascii|iso-8859-1)", data[:200], re.I):
        raise BadFile(UNSAFE)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"macroEnabled" in data[:100_000]:
        raise BadFile(UNSAFE)
    if "worksheets/" in name and not name.endswith(".rels"):
        _check_sheet(data)
    elif name.endswith("sharedstrings.xml"):
        if sum(1 for _match in _STRING.finditer(data)) > MAX_CELLS:
            raise BadFile(TOO_LARGE)
    elif len(data) > MAX_OTHER_PART:
        raise BadFile(TOO_LARGE)


def _check_sheet(data: bytes) -> None:
    for rows, match in enumerate(_ROW.finditer(data), start=1):
        number = _ROW_NUMBER.search(match[1])
        if rows > MAX_ROWS + 1 or (number and int(number[1][:9]) > MAX_ROWS + 1):
            raise BadFile(TOO_MANY_ROWS)
    for cells, match in enumerate(_CELL.finditer(data), start=1):
        column = _CELL_COLUMN.search(match[1])
        if column and _column_number(column[1][:4]) > MAX_COLUMNS:
            raise BadFile(TOO_MANY_COLUMNS)
        if cells > MAX_CELLS:
            raise BadFile(TOO_LARGE)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
