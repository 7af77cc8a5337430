"""The monthly roll-up: persons once, hours as everywhere else, and every number leads somewhere."""

import csv
import datetime
import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import ReadEvent
from audit.operations import operation
from people.models import Person
from programme.models import Participation
from reports.economy import reading as economy
from reports.follow_up import reading
from reports.follow_up.rules import Count, Taking, What, happened, running
from tests.clients import signed_in
from tests.programme.builders import World, person_in
from tests.programme.hours.builders import mark, occasion_on
from tests.programme.months.builders import staff_account
from tests.programme.training import course_of, participation_of

NOW = datetime.datetime(2026, 5, 20, 10, tzinfo=datetime.UTC)
MARCH, APRIL = datetime.date(2026, 3, 1), datetime.date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def state(stay: Participation, **values: object) -> None:
    with transaction.atomic(), operation("test.state"):
        Participation.objects.filter(pk=stay.pk).update(**values)


@pytest.fixture
def story(world: World) -> list[Participation]:
    """Three began in March, one of them in two courses; one completed and one left in April."""
    people = world.staff[:3]
    stays = [participation_of(world, person) for person in people]
    both = participation_of(world, people[0], course_of(world, "fordjupning"))
    for stay in (*stays, both):
        state(stay, state="started", started_on=MARCH.replace(day=3))
    occasion = occasion_on(world, MARCH.replace(day=3))
    for person in (*people[:2], world.managers[0]):
        mark(occasion, person)
    state(stays[1], state="completed", ended_on=APRIL.replace(day=9))
    state(stays[2], state="dropped", ended_on=APRIL.replace(day=10))
    return [*stays, both]


def month(world: World, first: datetime.date) -> Count:
    return next(
        row.count for row in reading.page(world.programme).months if row.name == f"{first:%Y-%m}"
    )


def sizes(count: Count) -> tuple[int, int, int, int]:
    return len(count.began), len(count.present), len(count.completed), len(count.left)


def test_whoever_takes_two_courses_is_one_person() -> None:
    taken = [
        Taking(1, 7, 1, MARCH, APRIL, completed=True, left=False),
        Taking(2, 7, 1, MARCH, APRIL, completed=False, left=True),
        Taking(3, 8, 1, MARCH, None, completed=False, left=False),
    ]
    assert happened(taken, What.BEGAN) == {(MARCH, 1): {7, 8}}
    assert happened(taken, What.COMPLETED) == {(APRIL, 1): {7}}
    assert happened(taken, What.LEFT) == {(APRIL, 1): {7}}
    sums = running([Count(began=frozenset({1, 2}), minutes=5), Count(began=frozenset({2, 3}))])
    assert [len(each.began) for each in sums] == [2, 3]
    assert sums[1].minutes == 5


def test_each_month_tells_who_began_took_part_completed_and_left(
    world: World, story: list[Participation]
) -> None:
    assert sizes(month(world, MARCH)) == (3, 3, 0, 0)
    assert sizes(month(world, APRIL)) == (0, 0, 1, 1)
    # A participation that is reopened has neither completed nor left.
    state(story[1], state="started", ended_on=None)
    assert sizes(month(world, APRIL)) == (0, 0, 0, 1)


def test_hours_are_those_of_co_financing_and_the_plan_is_spread_evenly(
    world: World, story: list[Participation]
) -> None:
    page = reading.page(world.programme)
    counted = sum(one.minutes + one.outside for one in economy.counted(world.programme).values())
    assert page.whole.count.minutes == sum(row.count.minutes for row in page.months) == counted > 0
    assert sum(row.count.minutes for row in page.categories) == counted
    # Five of thirty-six months have begun.
    planned = sum(row.count.planned_minutes for row in page.months)
    assert len(page.months) == 5
    assert abs(planned - 28_520 * 60 * 5 / 36) < 2 * 5
    persons = sum(row.count.planned_persons for row in page.months)
    assert abs(persons - 1140 * 5 / 36) < 5
    # Time that earns nothing is time: whoever is not employed by the city is counted here.
    with transaction.atomic(), operation("test.outside"):
        Person.objects.filter(pk=world.staff[0].pk).update(publicly_employed=False)
    assert reading.page(world.programme).whole.count.minutes == counted


def test_every_number_leads_to_as_many_as_it_says(world: World, story: list[Participation]) -> None:
    client = signed_in(world.administrator)
    page = client.get(reverse("follow_up:overview")).content.decode()
    found = re.findall(r'href="(/manadsuppfoljning/\w+/\?[^"]*)">(\d+)<', page)
    assert {path.split("/")[2] for path, _number in found} == {each.value for each in What}
    for path, number in found:
        shown = client.get(path.replace("&amp;", "&")).content.decode()
        assert re.search(rf">{number} person(er)?<", shown), path


@pytest.mark.parametrize("what", [What.BEGAN, What.PRESENT])
def test_a_protected_person_has_no_place_in_the_alphabet(
    world: World, story: list[Participation], what: What
) -> None:
    """The page is read by someone who may see the names, since the order is everyone's."""
    with transaction.atomic(), operation("test.protect"):
        Person.objects.filter(pk=world.staff[1].pk).update(protected=True)
    page = signed_in(world.administrator).get(reverse("follow_up:persons", args=[what.value]))
    names = [world.staff[number].last_name for number in (1, 0)]
    assert sorted(names, key=page.content.decode().index) == names


def test_the_files_say_what_the_page_says_and_who_took_them_out(
    world: World, story: list[Participation]
) -> None:
    client = signed_in(world.administrator)
    answer = client.get(reverse("follow_up:download", args=["csv"]))
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    march = next(line for line in lines if line and line[0] == "2026-03")
    assert (march[1], march[3], march[4], march[5]) == ("3", "3", "0", "0")
    workbook = client.get(reverse("follow_up:download", args=["xlsx"]))
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.content)).worksheets[0]
    assert [row[1].value for row in sheet.iter_rows() if row[0].value == "2026-03"] == [3]
    assert ReadEvent.objects.filter(name="follow_up.export").count() == 2
    assert client.get(reverse("follow_up:download", args=["pdf"])).status_code == 404


def test_only_who_reads_rows_reads_it(world: World, story: list[Participation]) -> None:
    for user, status in (
        (staff_account(world, "ekonom"), 200),
        (staff_account(world, "styr", "styrgrupp"), 404),
        (world.chief, 404),
    ):
        for address in (
            reverse("follow_up:overview"),
            reverse("follow_up:persons", args=["borjade"]),
            reverse("follow_up:download", args=["csv"]),
        ):
            assert signed_in(user).get(address).status_code == status, (user, address)
    client = signed_in(world.administrator)
    for nonsense in ("/manadsuppfoljning/annat/", "/manadsuppfoljning/klara/?manad=2026-13"):
        assert client.get(nonsense).status_code == 404


def test_the_price_of_the_page_does_not_grow(world: World, story: list[Participation]) -> None:
    client, address = signed_in(world.administrator), reverse("follow_up:overview")
    who = reverse("follow_up:persons", args=["borjade"])

    def cost() -> list[int]:
        found = []
        for path in (address, who):
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            found.append(len(queries))
        return found

    cost()
    few = cost()
    for number in range(12):
        with transaction.atomic(), operation("test.more"):
            person = person_in(world.unit, 4000 + number)
        state(participation_of(world, person), state="started", started_on=APRIL)
    assert cost() == few


def test_earlier_months_are_folded_and_none_is_lost(world: World) -> None:
    client = signed_in(staff_account(world, "ekonom"))
    answer = client.get(reverse("follow_up:overview"))
    latest, _words, earlier = answer.content.decode().partition("Tidigare månader")
    names = [row.name for row in answer.context["page"].months]
    assert len(names) > 3
    assert all(f">{name}</th>" in latest for name in names[:3])
    assert all(f">{name}</th>" in earlier for name in names[3:])
    assert not any(f">{name}</th>" in latest for name in names[3:])
