"""The receipt compared row by row: refused, other hours, missing, unknown, twice; nothing is written."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Operation, ReadEvent
from audit.operations import operation
from people.models import User
from reports.models import ScbFile
from reports.scb import actions, receipt
from reports.scb.columns import DEFAULT
from reports.scb.receipt import Received, Sent, What, compare, rows_of
from tests.clients import signed_in
from tests.programme.builders import World, number_of
from tests.reports.scb.test_files import change, closed

SENT = [Sent(1, "198001012384", 300), Sent(2, "198101012382", 450), Sent(3, "198201012380", 600)]


def sent_file(world: World, checker: User, persons: int = 4) -> ScbFile:
    _occasion, month = closed(world, checker, persons=persons)
    file = actions.make(month_id=month.pk, actor=checker)
    return actions.send(file_id=file.pk, receipt="K 1", actor=checker)


def whats(received: list[Received]) -> list[tuple[What, int | None, int | None]]:
    return [(one.what, one.person, one.row) for one in compare(SENT, received)]


def test_what_agrees_is_not_mentioned_however_the_number_is_written() -> None:
    written = ["198001012384", "19810101-2382", "820101-2380"]
    rows = [
        Received(at, number, hours)
        for at, (number, hours) in enumerate(
            zip(written, ["3", "4,50", "6.00"], strict=True), start=2
        )
    ]
    assert compare(SENT, rows) == []


def test_each_kind_of_difference_is_told_apart() -> None:
    rows = [
        Received(2, "198001012384", "3,00", "Felaktigt personnummer"),
        Received(3, "198101012382", "4,00"),
        Received(4, "198101012382", "4,50"),
        Received(5, "197001012386", "1,00"),
    ]
    assert whats(rows) == [
        (What.REFUSED, 1, 2),
        (What.HOURS, 2, 3),
        (What.TWICE, 2, 4),
        (What.UNKNOWN, None, 5),
        (What.MISSING, 3, None),
    ]


def test_protected_persons_with_the_same_code_are_matched_by_their_hours() -> None:
    sent = [Sent(1, "19800101Tf29", 300), Sent(2, "19800101Tf29", 450)]
    rows = [Received(2, "19800101TF29", "4,50"), Received(3, "19800101Tf29", "3,00")]
    assert compare(sent, rows) == []
    assert [one.person for one in compare(sent, rows[:1])] == [1]


def test_columns_are_found_by_their_headings() -> None:
    headers = ["Rad", "Personnummer", "Antal timmar", "Status"]
    table = [(2, ["1", "198001012384", "3,00", "OK"]), (3, ["2", "198101012382", "", "Avvisad"])]
    assert rows_of(headers, table, DEFAULT) == [
        Received(2, "198001012384", "3,00"),
        Received(3, "198101012382", "", "Avvisad"),
    ]
    with pytest.raises(receipt.NoColumns):
        rows_of(["Namn", "Antal timmar"], [], DEFAULT)
    with pytest.raises(receipt.NoColumns):
        rows_of(["Personnummer", "Namn"], [], DEFAULT)


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [("3,00", 300), ("1 234,5", 123450), ("0", 0), ("", None), ("tre", None), ("1,005", None)],
)
def test_hours_as_they_are_written(text: str, hundredths: int | None) -> None:
    assert receipt.hundredths_of(text) == hundredths


def upload(client: Client, file: ScbFile, text: str) -> str:
    address = reverse("scb:lines", args=["2026-03", file.version])
    content = SimpleUploadedFile("kvitto.csv", text.encode())
    return client.post(address, {"file": content}).content.decode()


def told(page: str) -> list[str]:
    """The words of each difference on the page."""
    section = page.partition('id="skillnader"')[2].partition("</section>")[0]
    return re.findall(r"<strong[^>]*>\s*([^<]+?)\s*</strong>", section)


def test_the_page_shows_what_differs_and_writes_nothing(world: World, checker: User) -> None:
    file = sent_file(world, checker)
    client = signed_in(checker)
    before = ScbFile.objects.values().get(pk=file.pk)
    operations = Operation.objects.filter(name__startswith="scb.").count()
    numbers = [number_of(at) for at in (1, 2, 3)]
    text = (
        "Personnummer;Antal timmar;Fel\n"
        f"{numbers[0]};3,00;\n{numbers[1]};2,00;\n{numbers[2]};3,00;Okänt nummer\n"
        "197001012386;1,00;\n"
    )
    page = upload(client, file, text)
    for words in ("Andra timmar", "Avvisad", "Inte skickad av oss", "Finns inte i kvittensen"):
        assert words in page
    assert "Okänt nummer" in page
    # No number is shown, and none is kept; that they were opened is noted.
    assert not any(number in page for number in (*numbers, "197001012386"))
    assert ScbFile.objects.values().get(pk=file.pk) == before
    assert Operation.objects.filter(name__startswith="scb.").count() == operations
    assert ReadEvent.objects.filter(name="scb.read_numbers", subject="2026-03").count() == 2


def test_a_receipt_that_agrees_says_so(world: World, checker: User) -> None:
    file = sent_file(world, checker)
    rows = "".join(f"{number_of(at)};3,00\n" for at in (1, 2, 3, 4))
    page = upload(signed_in(checker), file, f"Personnummer;Antal timmar\n{rows}")
    assert "Stämmer" in page
    assert "Finns inte i kvittensen" not in page


def test_the_comparison_is_what_finds_it(
    world: World, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without it the page would say that everything agrees."""
    file = sent_file(world, checker)
    monkeypatch.setattr(receipt, "compare", lambda sent, received: [])
    page = upload(signed_in(checker), file, f"Personnummer;Antal timmar\n{number_of(1)};9,00\n")
    assert "Stämmer" in page


def test_a_file_that_is_no_receipt_is_refused_in_words(world: World, checker: User) -> None:
    file, client = sent_file(world, checker), signed_in(checker)
    address = reverse("scb:lines", args=["2026-03", file.version])
    for text in ("Namn;Antal timmar\nA;1\n", "Personnummer\n"):
        answer = client.post(address, {"file": SimpleUploadedFile("x.csv", text.encode())})
        assert answer.status_code == 422
        assert "govuk-error-summary" in answer.content.decode()


def test_the_lines_behind_the_figure_lead_to_each_persons_month(
    world: World, checker: User
) -> None:
    file = sent_file(world, checker)
    client = signed_in(checker)
    address = reverse("scb:lines", args=["2026-03", file.version])
    assert address in client.get(reverse("scb:month", args=["2026-03"])).content.decode()
    page = client.get(address).content.decode()
    for person in world.staff[:4]:
        assert reverse("months:person", args=["2026-03", person.public_id]) in page
    assert page.count("3,00") == file.rows == 4
    change(world.staff[0], protected=True)
    assert world.staff[0].last_name not in client.get(address).content.decode()


def test_only_who_closes_months_sees_lines_and_the_price_does_not_grow(
    world: World, checker: User
) -> None:
    file = sent_file(world, checker, persons=2)
    address = reverse("scb:lines", args=["2026-03", file.version])
    assert signed_in(world.chief).get(address).status_code == 404
    client = signed_in(checker)

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    cost()
    few = cost()
    shown = ScbFile.objects.get(pk=file.pk).lines
    assert len(shown) == 2
    with transaction.atomic(), operation("test.more"):
        more = [shown[0] | {"person": person.pk} for person in world.staff]
        ScbFile.objects.filter(pk=file.pk).update(lines=more)
    assert cost() == few
