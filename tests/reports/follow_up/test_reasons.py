"""Why people leave, by sex and age (R-243): the page, the files and who reads them."""

import csv
import datetime
import io
import re

import openpyxl
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import ReadEvent
from audit.operations import operation
from programme.models import Participation
from reports.follow_up import reasons
from tests.clients import signed_in
from tests.programme.builders import World, person_in
from tests.programme.months.builders import staff_account
from tests.programme.training import course_of, leaving_reason, participation_of

PAGE = "follow_up:reasons"
DAY = datetime.date(2026, 4, 10)


def leave(stay: Participation, key: str | None, day: datetime.date = DAY) -> None:
    with transaction.atomic(), operation("test.leave"):
        Participation.objects.filter(pk=stay.pk).update(
            state="dropped",
            ended_on=day,
            leaving_reason=leaving_reason(key) if key else None,
        )


def some(
    world: World, number: int, sex: str, key: str | None = None, *, left: bool = True
) -> list[Participation]:
    first = 6000 + Participation.objects.count()
    stays = []
    for at in range(number):
        with transaction.atomic(), operation("test.person"):
            person = person_in(world.unit, first + at, sex=sex)
        stays.append(participation_of(world, person))
        if left:
            leave(stays[-1], key)
    return stays


@pytest.fixture
def story(world: World) -> None:
    """Women and men who left for want of staff, for their schedule, and without a kind; one more."""
    for sex in ("woman", "man"):
        some(world, 6, sex, "bemanning")
        some(world, 5, sex, "schema")
        some(world, 5, sex)
        some(world, 7, sex, left=False)
    some(world, 1, "woman", "ledighet")


def rows(world: World) -> dict[str, tuple[tuple[int, ...], int]]:
    return {row.name: (row.numbers[:2], row.total) for row in reasons.page(world.programme).rows}


def test_the_page_counts_by_reason_and_says_when_none_was_stated(world: World, story: None) -> None:
    page = reasons.page(world.programme)
    assert page.columns[:2] == ("Kvinna", "Man")
    found = rows(world)
    assert found["Bemanning på enheten"] == ((6, 6), 12)
    # The one on leave is with the least of the others: nobody can tell which of them it is.
    assert "Föräldraledighet eller annan ledighet" not in found
    assert sum(total for _numbers, total in found.values()) == 33
    assert page.left is not None
    assert (page.left.numbers[:2], page.left.total) == ((17, 16), 33)
    shown = signed_in(world.administrator).get(reverse(PAGE)).content.decode()
    assert "Inte angivet" in shown
    assert "Flera skäl" in shown
    assert re.search(r'data-label="Kvinna">6<', shown)
    assert not re.search(r">[1-4]</td>", shown)
    assert reverse(PAGE) in (
        signed_in(world.administrator).get(reverse("follow_up:overview")).content.decode()
    )


def test_without_a_limit_the_page_would_tell_of_one(
    world: World, story: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reasons, "settings_on", lambda programme, day: {"small_number_limit": 1})
    shown = signed_in(world.administrator).get(reverse(PAGE)).content.decode()
    assert re.search(r">[1-4]</td>", shown)


def test_whoever_left_before_there_were_kinds_is_not_stated(world: World) -> None:
    for sex in ("woman", "man"):
        some(world, 5, sex, "schema")
        some(world, 6, sex)
        some(world, 5, sex, left=False)
    found = rows(world)
    assert found["Hinder i schemat"] == ((5, 5), 10)
    assert found["Inte angivet"] == ((6, 6), 12)


def test_whoever_left_twice_is_one_person_by_the_latest_time(world: World) -> None:
    for sex in ("woman", "man"):
        some(world, 5, sex, "schema")
        some(world, 5, sex, left=False)
        for stay in some(world, 5, sex, "schema"):
            again = participation_of(world, stay.person, course_of(world, "fordjupning"))
            leave(again, "arbete", DAY + datetime.timedelta(days=30))
    found = rows(world)
    assert found["Hinder i schemat"] == ((5, 5), 10)
    assert found["Bytt arbete eller slutat"] == ((5, 5), 10)


def test_of_few_nothing_is_shown(world: World) -> None:
    some(world, 4, "woman", "schema")
    some(world, 9, "woman", left=False)
    shown = signed_in(world.administrator).get(reverse(PAGE)).content.decode()
    assert "För få har hoppat av" in shown
    assert "Hinder i schemat" not in shown
    answer = signed_in(world.administrator).get(reverse("follow_up:reasons_download", args=["csv"]))
    assert "Hinder i schemat" not in answer.content.decode("utf-8-sig")


def test_the_files_say_what_the_page_says_and_who_took_them_out(world: World, story: None) -> None:
    client = signed_in(world.administrator)
    answer = client.get(reverse("follow_up:reasons_download", args=["csv"]))
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    staffing = next(line for line in lines if line and line[0] == "Bemanning på enheten")
    assert (staffing[1:3], staffing[-1]) == (["6", "6"], "12")
    numbers = {cell for line in lines[1 : lines.index([])] for cell in line[1:] if cell.isdigit()}
    assert not numbers & {"1", "2", "3", "4"}
    workbook = client.get(reverse("follow_up:reasons_download", args=["xlsx"]))
    assert workbook["Cache-Control"] == "no-store"
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.content)).worksheets[0]
    found = [row for row in sheet.iter_rows(values_only=True) if row[0] == "Bemanning på enheten"]
    assert [row[1:3] for row in found] == [(6, 6)]
    assert ReadEvent.objects.filter(name="follow_up.reasons").count() == 2
    assert client.get(reverse("follow_up:reasons_download", args=["pdf"])).status_code == 404


def test_only_who_reads_rows_reads_it(world: World) -> None:
    addresses = (reverse(PAGE), reverse("follow_up:reasons_download", args=["csv"]))
    for user, status in (
        (staff_account(world, "ekonom"), 200),
        (staff_account(world, "styr", "styrgrupp"), 404),
        (world.chief, 404),
    ):
        for address in addresses:
            assert signed_in(user).get(address).status_code == status, (user, address)
    assert Client().get(addresses[0]).status_code == 302


def test_the_price_of_the_page_does_not_grow(world: World, story: None) -> None:
    client = signed_in(world.administrator)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(PAGE))
        return len(queries)

    cost()
    few = cost()
    some(world, 12, "woman", "arbete")
    assert cost() == few
