"""Files that mean harm or lie about themselves: refused in words, in time, and nothing is kept."""

import io
import time
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from programme.imports import reader
from programme.imports.reader import BadFile, Table, read, read_text

SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: list[list[object]] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows or [["Personnummer", "priority"], ["x", 1]]:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rebuilt(change: dict[str, bytes], *, drop: tuple[str, ...] = ()) -> bytes:
    """An honest workbook with some parts exchanged or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in drop:
                new.writestr(name, change.get(name, old.read(name)))
        for name in change.keys() - set(old.namelist()):
            new.writestr(name, change[name])
    return out.getvalue()


def sheet(inner: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{inner}</sheetData></worksheet>"
    ).encode()


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "haha">'
    + "".join(
        f'<!ENTITY {c} "{f"&{p};" * 10}">' for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


XXE = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def lying_size() -> bytes:
    """An archive whose header says ten bytes where thirty megabytes wait."""
    data = bytearray(rebuilt({SHEET: b"<a>" + b" " * 30_000_000 + b"</a>"}))
    size = (30_000_007).to_bytes(4, "little")
    return bytes(data.replace(size, (10).to_bytes(4, "little")))


def encrypted() -> bytes:
    data = bytearray(workbook())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def doubled() -> bytes:
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, sheet(""))
    return out.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "blank": lambda: b"\r\n\r\n   ",
    "only a mark": lambda: b"\xef\xbb\xbf",
    "only NUL": lambda: b"\x00" * 100,
    "headings only": lambda: b"Personnummer;priority\n",
    "headings only in a workbook": lambda: workbook([["Personnummer"]]),
    "empty workbook": lambda: workbook([[]]),
    "too many bytes": lambda: b"a;b\n" + b"1;2\n" * 2_000_000,
    "too many rows": lambda: b"a;b\n" + b"1;2\n" * 5_001,
    "a hundred thousand blank rows": lambda: b"a;b\n" + b";\n" * 100_000,
    "too many columns": lambda: (";".join(f"k{n}" for n in range(61)) + "\n1\n").encode(),
    "sixty thousand columns": lambda: b"a" + b";a" * 60_000 + b"\n1\n",
    "same heading twice": lambda: b"Priority;priority\n1;2\n",
    "row wider than its headings": lambda: b"a;b\n1;2;3\n",
    "quote that never ends": lambda: b'a;b\n"1;2\n3;4\n',
    "quote in the middle": lambda: b'a;b\n"1"x;2\n',
    "huge cell": lambda: b"a;b\n" + b"x" * 11_000 + b";2\n",
    "huge quoted cell": lambda: b'a;b\n"' + b"x" * 200_000 + b'";2\n',
    "binary": lambda: bytes(range(256)) * 50,
    "NUL in text": lambda: b"a;b\n1\x00;2\n",
    "UTF-16 without a mark": lambda: "a;b\n1;2\n".encode("utf-16-le"),
    "broken UTF-16": lambda: b"\xff\xfea\x00\xd8",
    "broken UTF-8 with a mark": lambda: b"\xef\xbb\xbfa;b\n\xff\xff;1\n",
    "no Windows-1252 either": lambda: b"a;b\n\x81\x8d\x8f;1\n",
    "a web page": lambda: b"<html><table><tr><td>1</td></tr></table>",
    "a PDF": lambda: b"%PDF-1.7\n1;2\n3;4",
    "rich text": lambda: b"{\\rtf1 a;b}\n1;2",
    "an old or locked Excel file": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "not really a zip": lambda: b"PK\x03\x04 nothing more",
    "an empty zip": lambda: b"PK\x05\x06" + b"\x00" * 18,
    "a cut zip": lambda: workbook()[:-200],
    "a zip of something else": lambda: _zip({"readme.txt": b"hello"}),
    "a Word file": lambda: _zip({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}),
    "a broken sheet": lambda: rebuilt({SHEET: b"<worksheet><sheetData><row>"}),
    "a missing sheet": lambda: rebuilt({}, drop=(SHEET,)),
    "a missing book": lambda: rebuilt({}, drop=("xl/workbook.xml",)),
    "billion laughs": lambda: rebuilt({SHEET: sheet("<row/>", LAUGHS)}),
    "laughs in the texts": lambda: rebuilt({"xl/sharedStrings.xml": sheet("", LAUGHS)}),
    "outside entity": lambda: rebuilt({SHEET: sheet(text_cell("A1", "&x;"), XXE)}),
    "outside entity in the book": lambda: rebuilt({"xl/workbook.xml": sheet("", XXE)}),
    "hidden in UTF-16": lambda: rebuilt({SHEET: sheet("", XXE).decode().encode("utf-16")}),
    "hidden in UTF-7": lambda: rebuilt(
        {SHEET: sheet("").replace(b'encoding="UTF-8"', b'encoding="UTF-7"')}
    ),
    "a bomb": lambda: rebuilt({SHEET: b"<a>" + b" " * 15_000_000 + b"</a>"}),
    "a larger bomb": lambda: rebuilt({SHEET: b"<a>" + b" " * 60_000_000 + b"</a>"}),
    "a bomb that lies about its size": lying_size,
    "a bomb beside the sheet": lambda: rebuilt({"xl/media/a.bin": b"\x00" * 40_000_000}),
    "a million rows": lambda: rebuilt({SHEET: sheet("<row/>" * 1_000_000)}),
    "one cell in the last row": lambda: rebuilt(
        {SHEET: sheet(f'<row r="1048576">{text_cell("A1048576", "x")}</row>')}
    ),
    "one cell in the last column": lambda: rebuilt(
        {SHEET: sheet(f'<row r="1">{text_cell("XFD1", "x")}</row>')}
    ),
    "a row number of a thousand digits": lambda: rebuilt(
        {SHEET: sheet(f'<row r="{"9" * 1000}"></row>')}
    ),
    "half a million cells": lambda: rebuilt({SHEET: sheet("<row>" + "<c/>" * 500_000 + "</row>")}),
    "a million texts": lambda: rebuilt({"xl/sharedStrings.xml": sheet("<si/>" * 1_000_000)}),
    "huge styles": lambda: rebuilt({"xl/styles.xml": sheet("<xf/>" * 900_000)}),
    "macros": lambda: rebuilt({"xl/vbaProject.bin": b"macro"}),
    "macros by type": lambda: rebuilt(
        {"[Content_Types].xml": b'<Types><Override ContentType="x.macroEnabled.main+xml"/></Types>'}
    ),
    "embedded objects": lambda: rebuilt({"xl/embeddings/oleObject1.bin": b"x"}),
    "a path that climbs": lambda: rebuilt({"xl/../../../etc/cron.d/x": b"x"}),
    "a password": encrypted,
    "the same part twice": doubled,
    "a thousand parts": lambda: rebuilt({f"xl/a{n}.xml": b"<a/>" for n in range(1000)}),
    "deeply nested": lambda: rebuilt({"xl/workbook.xml": b"<a>" * 50_000 + b"</a>" * 50_000}),
}


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_there_are_enough_hostile_files() -> None:
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_in_time(name: str) -> None:
    content = HOSTILE[name]()
    begun = time.monotonic()
    with pytest.raises(BadFile) as refused:
        read(content)
    assert str(refused.value.message)
    assert time.monotonic() - begun < 10


def test_without_the_check_of_the_archive_the_bomb_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached: list[int] = []

    def unpack(*_arguments: object, **_options: object) -> None:
        reached.append(1)
        raise ValueError("enough is seen")

    monkeypatch.setattr(reader, "check_archive", lambda content: None)
    monkeypatch.setattr(openpyxl, "load_workbook", unpack)
    with pytest.raises(BadFile):
        read(HOSTILE["a bomb"]())
    assert reached, "the parser must be reached only when the check is off"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_swedish_letters_survive_every_usual_encoding(encoding: str, delimiter: str) -> None:
    text = f"Åäö{delimiter}b\r\nÅsa{delimiter}1\r\n"
    table = read(text.encode(encoding))
    assert table == Table(["Åäö", "b"], [(2, ["Åsa", "1"])])


def test_an_honest_workbook_is_read_with_numbers_as_text() -> None:
    table = read(workbook([["a", "b"], [198704121234.0, True], [None, None], ["x", 2]]))
    assert table.rows == [(2, ["198704121234", "ja"]), (4, ["x", "2"])]


def test_control_characters_do_not_reach_the_database() -> None:
    assert read_text("a;b\nx\x0b\x1by;2").rows == [(2, ["xy", "2"])]
