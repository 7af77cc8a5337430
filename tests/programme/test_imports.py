"""Files with nominations: hostile ones are refused in words, bad ones row by row, none by halves."""

import csv
import inspect
import io
import time
import zipfile
from collections.abc import Callable, Iterator

import openpyxl
import pytest
from django.db import connection
from openpyxl.cell.cell import MergedCell

from forms_app.answers import current_version
from forms_app.models import Submission
from forms_app.schema import FormSchema
from programme.actions import imports as actions
from programme.actions.imports import confirm, prepare
from programme.errors import NotAllowed, Refused
from programme.imports import reader, template
from programme.imports.preview import email_heading, importable_fields
from programme.imports.reader import BadFile, Table, read, read_text
from programme.models import ImportBatch, Nomination
from tests.programme.builders import World, nominated, number_of
from workflows.models import Case

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


# Rows ---------------------------------------------------------------------------------


HEADER = "Personnummer;motivation;priority;key_function;service_area;needs;released_time"


def rows(*numbers: str) -> str:
    lines = [
        f'{number};Behövs i enheten;{n};nej;Äldreomsorg;"Yrkesrollen; Bemötande och delaktighet";ja'
        for n, number in enumerate(numbers, start=1)
    ]
    return "\n".join([HEADER, *lines])


def prepared(world: World, text: str) -> ImportBatch:
    return prepare(
        table=read_text(text),
        content=text.encode(),
        file_name="rader.csv",
        wave=world.wave,
        kind=world.kinds["medarbetare"],
        actor=world.chief,
    )


def errors(batch: ImportBatch) -> list[list[str]]:
    return [row["errors"] for row in batch.rows]


def counts() -> tuple[int, int, int]:
    return Nomination.objects.count(), Case.objects.count(), Submission.objects.count()


def test_a_good_file_nominates_everyone_once(world: World) -> None:
    batch = prepared(world, rows(number_of(1), number_of(2)))
    assert errors(batch) == [[], []]
    assert counts() == (0, 0, 0)
    confirm(batch_id=batch.pk, actor=world.chief)
    confirm(batch_id=batch.pk, actor=world.chief)
    assert counts() == (2, 2, 2)
    answers = Nomination.objects.order_by("pk")[0].submission.answers
    assert answers["needs"] == ["yrkesroll", "bemotande"]
    assert answers["service_area"] == "aldre"


def test_no_identity_number_is_kept_with_the_preview(world: World) -> None:
    batch = prepared(world, rows(number_of(1), "19700101-0000"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(b)::text FROM programme_importbatch b")
        stored = cursor.fetchone()[0]
    assert number_of(1) not in stored
    assert "0000" not in str(batch.rows)


def test_every_row_says_what_is_wrong(world: World) -> None:
    nominated(world, world.staff[3])
    text = "\n".join(
        [
            rows(number_of(1), number_of(1), "19700101-0000", number_of(1001), number_of(4)),
            f"{number_of(2)};;0;kanske;Slottet;Yrkesrollen;ja",
            ";Utan person;1;nej;Äldreomsorg;Yrkesrollen;ja",
            f"{number_of(900)};En chef;1;nej;Äldreomsorg;Yrkesrollen;ja",
        ]
    )
    found = errors(prepared(world, text))
    assert found[0] == []
    assert all(found[1:])
    assert len(found[5]) >= 4


def test_another_administrations_staff_are_not_found(world: World) -> None:
    known, unknown = errors(prepared(world, rows(number_of(1001), number_of(5555))))
    assert known == unknown, "the answer must not tell whether the person exists"


def test_a_file_with_errors_cannot_be_confirmed(world: World) -> None:
    batch = prepared(world, rows(number_of(1), number_of(1)))
    with pytest.raises(Refused):
        confirm(batch_id=batch.pk, actor=world.chief)
    assert counts() == (0, 0, 0)


def test_what_has_changed_since_the_preview_stops_all_of_it(world: World) -> None:
    batch = prepared(world, rows(number_of(1), number_of(2), number_of(3)))
    nominated(world, world.staff[2])
    before = counts()
    with pytest.raises(Refused):
        confirm(batch_id=batch.pk, actor=world.chief)
    assert counts() == before
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.PREVIEW


def test_without_one_transaction_some_rows_would_stay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = prepared(world, rows(number_of(1), number_of(2), number_of(3)))
    nominated(world, world.staff[2])
    before = counts()
    monkeypatch.setattr(actions, "confirm", inspect.unwrap(confirm))
    with pytest.raises(Refused):
        actions.confirm(batch_id=batch.pk, actor=world.chief)
    assert counts()[0] == before[0] + 2


def test_only_the_owner_confirms(world: World) -> None:
    batch = prepared(world, rows(number_of(1)))
    with pytest.raises(NotAllowed):
        confirm(batch_id=batch.pk, actor=world.head)


@pytest.mark.parametrize(
    "header",
    [
        "priority;motivation",
        "Personnummer;okänd kolumn",
        "Personnummer;personnummer",
        "Personnummer;samordningsnummer",
        "Personnummer;person",
    ],
)
def test_wrong_headings_are_refused_before_any_row(world: World, header: str) -> None:
    with pytest.raises(BadFile):
        prepared(world, f"{header}\n1;2")
    assert not ImportBatch.objects.exists()


def test_people_are_found_by_their_work_address_too(world: World) -> None:
    text = rows("PERSON1@example.org").replace("Personnummer", email_heading())
    assert errors(prepared(world, text)) == [[]]


# Templates ----------------------------------------------------------------------------


def schema(world: World, label: str = "") -> FormSchema:
    plain = current_version("nominering-medarbetare").schema
    if label:
        plain["steps"][1]["fields"][0]["label"] = label
    return FormSchema.from_plain(plain)


def cells(content: bytes) -> Iterator[openpyxl.cell.Cell | MergedCell]:
    for each in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        for row in each.iter_rows():
            yield from row


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_a_label_that_looks_like_a_formula_is_inert(world: World, start: str) -> None:
    form = schema(world, f"{start}HYPERLINK(1)")
    assert all(cell.data_type != "f" for cell in cells(template.as_workbook(form)))
    line = next(csv.reader(io.StringIO(template.as_csv(form).decode("utf-8-sig")), delimiter=";"))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in line)


def test_the_template_can_be_filled_in_and_read_back(world: World) -> None:
    form = schema(world)
    book = openpyxl.load_workbook(io.BytesIO(template.as_workbook(form)))
    values = {"motivation": "Behövs", "priority": 1, "key_function": "Nej"}
    values |= {"service_area": "Äldreomsorg", "needs": "Yrkesrollen", "released_time": "Ja"}
    fields = [values.get(one.key) for one in importable_fields(form)]
    book.worksheets[0].append([number_of(1), None, *fields])
    out = io.BytesIO()
    book.save(out)
    batch = prepare(
        table=read(out.getvalue()),
        content=out.getvalue(),
        file_name="mall.xlsx",
        wave=world.wave,
        kind=world.kinds["medarbetare"],
        actor=world.chief,
    )
    assert errors(batch) == [[]]
