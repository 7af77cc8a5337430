"""The bytes: CSV and XLSX from the same lines, the same every time, a line at a time.

Numbers are opened here, one after the other, and never kept.
"""

import csv
import datetime
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.writer.excel import ExcelWriter

from reports.scb import numbers
from reports.scb.columns import Header, Line, headings, values
from reports.scb.lines import Sealed

#: Beyond this a file lies on disk while it is made.
IN_MEMORY = 2 * 1024 * 1024
#: What every entry of the workbook says about when it was made, so that bytes are equal.
MADE = datetime.datetime(1980, 1, 1)


@dataclass
class Made:
    """Both files with their digests; close them when they have been used."""

    csv: IO[bytes]
    xlsx: IO[bytes]
    csv_digest: str
    xlsx_digest: str

    def close(self) -> None:
        """Let go of the files: they hold numbers in the clear."""
        self.csv.close()
        self.xlsx.close()


class _SameEveryTime(zipfile.ZipFile):
    """An archive whose entries carry no moment and no machine."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *args: Any, **kwargs: Any) -> None:
        """Add bytes under a name."""
        super().writestr(_entry(str(zinfo_or_arcname)), data, zipfile.ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *args: Any, **kwargs: Any) -> None:
        """Add a file under a name."""
        with Path(filename).open("rb") as source, self.open(_entry(str(arcname)), "w") as target:
            while part := source.read(1 << 16):
                target.write(part)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, MADE.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def make(lines: Iterable[Sealed], columns: Sequence[Mapping[str, Any]], header: Header) -> Made:
    """Both files from lines with sealed numbers; reads the vault."""
    opened = (_opened(row) for row in lines)
    text, target = _scratch(), _scratch()
    book = Workbook(write_only=True)
    book.properties.creator = header.record_number
    book.properties.created = book.properties.modified = MADE
    sheet = book.create_sheet(header.month)
    sheet.append([_cell(sheet, heading) for heading in headings(columns)])
    for row in _written(text, columns, header, opened):
        sheet.append([_cell(sheet, value) for value in row])
    archive = _SameEveryTime(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
    ExcelWriter(book, archive).save()
    return Made(text, target, _digest(text), _digest(target))


def _scratch() -> IO[bytes]:
    return SpooledTemporaryFile(max_size=IN_MEMORY)


def _opened(row: Sealed) -> Line:
    person, starts, ends, hundredths, ciphertext, protected, sex = row
    number = numbers.shown(ciphertext, person, protected=protected, sex=sex)
    return Line(number, starts, ends, hundredths)


def _written(
    text: IO[bytes],
    columns: Sequence[Mapping[str, Any]],
    header: Header,
    lines: Iterable[Line],
) -> Iterator[list[str]]:
    """Write each row to the CSV file and hand it on."""
    wrapper = io.TextIOWrapper(text, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(wrapper, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings(columns))
    for line in lines:
        row = values(columns, header, line)
        writer.writerow(row)
        yield row
    wrapper.detach()


def _cell(sheet: Any, value: str) -> Any:
    """A text cell: a number's leading digits and a formula's sign stay text."""
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while part := file.read(1 << 16):
        digest.update(part)
    file.seek(0)
    return digest.hexdigest()
