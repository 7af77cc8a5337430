"""Lists of absences: bounded, previewed, taken in once, and held against the month's hours."""

import datetime
import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.operations import operation
from people.models import User
from programme.absences import actions
from programme.errors import NotAllowed, ReasonNeeded, Refused
from programme.imports import reader
from programme.models import Absence, AbsenceList, Statement
from programme.months import conflicts, statements
from tests.clients import signed_in
from tests.programme.builders import World, number_of, person_in
from tests.programme.hours.builders import mark, occasion_on
from tests.programme.months.builders import MARCH, attended, on_paper

HEAD = "Personnummer;E-post;Från;Till;Omfattning;Orsak\n"
THIRD = datetime.date(2026, 3, 3)


def taken_in(text: str, actor: User) -> AbsenceList:
    content = text.encode()
    return actions.prepare(
        table=reader.read(content), content=content, file_name="franvaro.csv", actor=actor
    )


def away(world: World, checker: User, line: str) -> None:
    """Take in a single absence."""
    actions.confirm(list_id=taken_in(HEAD + line, checker).pk, actor=checker)


def test_found_by_number_or_address_and_the_reason_is_never_kept(
    world: World, checker: User
) -> None:
    text = (
        HEAD
        + f"{number_of(1)};;2026-03-02;2026-03-04;;Influensa\n"
        + f";{world.staff[1].email.upper()};2026-03-02;2026-03-02;50 %;Vård av barn\n"
    )
    kept = taken_in(text, checker)
    assert [row["errors"] for row in kept.rows] == [[], []]
    assert kept.ignored == ["Orsak"]
    for secret in ("Influensa", "Vård", number_of(1)):
        assert secret not in str(kept.rows)
    assert not Absence.objects.exists()
    assert actions.confirm(list_id=kept.pk, actor=checker) == 2
    assert actions.confirm(list_id=kept.pk, actor=checker) == 0
    found = Absence.objects.order_by("percent").values_list("person", "percent")
    assert list(found) == [(world.staff[1].pk, 50), (world.staff[0].pk, 100)]


def test_the_same_list_again_is_known_and_adds_nothing(world: World, checker: User) -> None:
    line = f"{number_of(1)};;2026-03-02;2026-03-04;;\n"
    away(world, checker, line)
    again = taken_in(HEAD + line, checker)
    assert again.rows[0]["known"]
    assert actions.confirm(list_id=again.pk, actor=checker) == 0
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    "line",
    [
        ";;2026-03-02;2026-03-02;;",
        "19700101-0000;;2026-03-02;2026-03-02;;",
        ";ingen@example.org;2026-03-02;2026-03-02;;",
        ";person1@example.org;2026-03-05;2026-03-02;;",
        ";person1@example.org;3/2/2026;2026-03-02;;",
        ";person1@example.org;2026-02-30;2026-03-02;;",
        ";person1@example.org;2016-01-01;2026-03-02;;",
        ";person1@example.org;2026-03-02;2026-03-02;0;",
        ";person1@example.org;2026-03-02;2026-03-02;150;",
        ";person1@example.org;2026-03-02;2026-03-02;halv;",
    ],
)
def test_a_wrong_row_stops_the_whole_list(world: World, checker: User, line: str) -> None:
    good = f"{number_of(2)};;2026-03-02;2026-03-02;;\n"
    kept = taken_in(f"{HEAD}{good}{line}\n", checker)
    assert [bool(row["errors"]) for row in kept.rows] == [False, True]
    with pytest.raises(Refused):
        actions.confirm(list_id=kept.pk, actor=checker)
    assert not Absence.objects.exists()


def test_the_preview_shows_what_was_written_and_says_what_is_missing(
    world: World, checker: User
) -> None:
    line = f"{world.staff[0].email};2026-03-02;;-5\n"
    content = f"E-post;Från;Till;Omfattning\n{line}".encode()
    client = signed_in(checker)
    sent = client.post("/franvaro/", {"file": SimpleUploadedFile("f.csv", content)})
    page = client.get(sent["Location"]).content.decode()
    assert 'data-label="Omfattning">-5</td>' in page
    assert "Till saknas. Skriv som 2026-03-14." in page
    assert "Från saknas" not in page
    assert "är ingen dag" not in page


@pytest.mark.parametrize(
    "text",
    [
        "Namn;Från;Till\nA;2026-03-02;2026-03-02\n",
        "E-post;Från\nperson1@example.org;2026-03-02\n",
        "E-post;Från;Till;Startdatum\na@b.se;2026-03-02;2026-03-02;2026-03-02\n",
    ],
)
def test_headings_that_cannot_be_understood_are_refused(
    world: World, checker: User, text: str
) -> None:
    with pytest.raises(reader.BadFile):
        taken_in(text, checker)
    assert not AbsenceList.objects.exists()


def test_a_list_of_too_many_rows_is_refused(world: World, checker: User) -> None:
    line = ";person1@example.org;2026-03-02;2026-03-02;;\n"
    with pytest.raises(reader.BadFile):
        taken_in(HEAD + line * (reader.MAX_ROWS + 1), checker)


def test_the_price_of_a_preview_does_not_grow(world: World, checker: User) -> None:
    def asked(rows: int) -> int:
        lines = "".join(
            f"{number_of(n + 1)};;2026-03-{n + 1:02};2026-03-28;;\n" for n in range(rows)
        )
        with CaptureQueriesContext(connection) as found:
            taken_in(HEAD + lines, checker)
        return len(found)

    asked(1)
    assert asked(1) == asked(6)


def test_a_list_whose_rows_are_erased_offers_nothing_to_take_in(
    world: World, checker: User
) -> None:
    kept = taken_in(f"{HEAD}{number_of(1)};;2026-03-02;2026-03-02;;\n", checker)
    client = Client()
    client.force_login(checker)
    take_in, address = "/ta-in/", f"/franvaro/lista/{kept.public_id}/"
    assert take_in in client.get(address).content.decode()
    with transaction.atomic(), operation("test.erase"):
        AbsenceList.objects.filter(pk=kept.pk).update(rows=[])
    page = client.get(address).content.decode()
    assert take_in not in page
    assert "Det finns inga rader att visa" in page
    assert "<table" not in page


def test_only_those_who_check_take_in_and_only_their_own_staff(world: World, checker: User) -> None:
    line = f"{number_of(1)};;2026-03-02;2026-03-02;;\n"
    for who in (world.head, world.auditor, world.chief):
        with pytest.raises(NotAllowed):
            taken_in(HEAD + line, who)
    kept = taken_in(HEAD + line, checker)
    with pytest.raises(NotAllowed):
        actions.confirm(list_id=kept.pk, actor=world.administrator)


def check(world: World, checker: User) -> dict[int, Refused]:
    return statements.check(
        programme=world.programme, month=MARCH, persons=world.staff[:1], actor=checker
    ).refused


def attested(world: World) -> None:
    attended(world, MARCH, world.staff[:1])
    on_paper(world, MARCH, world.staff[0], world.administrator)


def test_hours_on_a_day_of_absence_are_not_checked_until_it_is_set_aside(
    world: World, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    attested(world)
    away(world, checker, f"{number_of(1)};;2026-03-03;2026-03-03;100;\n")
    refused = check(world, checker)
    assert "2026-03-03" in str(refused[world.staff[0].pk].message)
    assert Statement.objects.get().checked_at is None
    absence = Absence.objects.get()
    with pytest.raises(ReasonNeeded):
        actions.set_aside(absence_id=absence.pk, reason=" ", actor=checker)
    with pytest.raises(NotAllowed):
        actions.set_aside(absence_id=absence.pk, reason="Fel", actor=world.auditor)
    actions.set_aside(absence_id=absence.pk, reason="Fel i registret", actor=checker)
    assert check(world, checker) == {}
    assert Statement.objects.get().checked_at is not None
    assert Absence.objects.count() == 1


def test_without_the_guard_hours_on_a_day_of_absence_are_checked(
    world: World, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    attested(world)
    away(world, checker, f"{number_of(1)};;2026-03-03;2026-03-03;100;\n")
    monkeypatch.setattr(statements, "_ensure_possible", lambda found: None)
    assert check(world, checker) == {}


def test_an_absence_of_a_part_of_the_day_warns_and_lets_pass(world: World, checker: User) -> None:
    attested(world)
    away(world, checker, f"{number_of(1)};;2026-03-03;2026-03-03;50;\n")
    assert check(world, checker) == {}


def test_two_occasions_at_once_stop_the_check(world: World, checker: User) -> None:
    attested(world)
    mark(occasion_on(world, THIRD, "10.00", "12.00"), world.staff[0])
    found = conflicts.findings_of(world.programme, MARCH, [world.staff[0].pk])
    assert [(one.kind, one.minutes) for one in found[world.staff[0].pk]] == [("two_places", 120)]
    assert check(world, checker)


def test_the_month_reads_as_many_queries_for_six_as_for_one(world: World) -> None:
    occasion = attended(world, MARCH, world.staff)
    for person in world.staff:
        mark(occasion_on(world, THIRD, "11.30", "12.00"), person)

    def asked(persons: list[Any]) -> int:
        with CaptureQueriesContext(connection) as found:
            conflicts.findings_of(world.programme, MARCH, [one.pk for one in persons])
        return len(found)

    assert occasion.pk
    assert asked(world.staff[:1]) == asked(world.staff)


def test_from_the_file_to_the_stopped_check_in_the_browser(world: World, checker: User) -> None:
    attested(world)
    client = signed_in(checker)
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["E-post", "Från", "Till"])
    sheet.append([world.staff[0].email, THIRD, THIRD])
    out = io.BytesIO()
    book.save(out)
    sent = client.post("/franvaro/", {"file": SimpleUploadedFile("f.xlsx", out.getvalue())})
    preview = client.get(sent["Location"])
    assert preview.context["bad"] == 0
    assert signed_in(world.administrator).get(sent["Location"]).status_code == 404
    client.post(f"{sent['Location']}ta-in/")
    absence = Absence.objects.get()
    address = f"/manader/2026-03/{world.staff[0].public_id}/"
    page = client.get(address)
    assert page.context["blocking"]
    assert not page.context["may_check"]
    assert client.get("/manader/2026-03/").context["rows"][0].blocking == 1
    assert client.post("/franvaro/", {"file": SimpleUploadedFile("f.csv", b"x")}).status_code == 422
    client.post(f"/franvaro/{absence.public_id}/bortse/", {"reason": "Fel"})
    assert not client.get(address).context["blocking"]
    assert signed_in(world.chief).get("/franvaro/").status_code == 404


def test_nobody_sets_their_own_absence_aside(world: World, checker: User) -> None:
    with transaction.atomic(), operation("test.own"):
        me = person_in(world.unit, 77)
        me.user = checker
        me.save()
    away(world, checker, f"{number_of(77)};;2026-03-03;2026-03-03;100;\n")
    with pytest.raises(NotAllowed):
        actions.set_aside(absence_id=Absence.objects.get().pk, reason="Fel", actor=checker)
