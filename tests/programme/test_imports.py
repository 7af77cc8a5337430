"""Files with nominations: hostile ones are refused in words, bad ones row by row, none by halves."""

import csv
import inspect
import io
from collections.abc import Iterator

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
from programme.imports import template
from programme.imports.preview import email_heading, importable_fields
from programme.imports.reader import BadFile, read, read_text
from programme.models import ImportBatch, Nomination
from tests.programme.builders import World, nominated, number_of
from workflows.models import Case

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
