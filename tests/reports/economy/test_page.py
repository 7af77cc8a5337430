"""Co-financing: every figure is the sum of its rows, in money and in the forecast."""

import csv
import datetime
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import ReadEvent
from audit.operations import operation
from people.models import Person
from programme.dated.actions import decide_rate
from programme.models import Category, Occasion, Setting
from programme.months import figures
from reports.economy import reading, tables
from reports.economy.access import Sight
from reports.economy.reading import Choice
from reports.economy.rules import Sum, total
from tests.clients import signed_in
from tests.programme.builders import World, person_in
from tests.programme.hours.builders import mark, occasion_on
from tests.programme.months.builders import staff_account
from tests.programme.training import (
    course_of,
    group_of,
    invitation_to,
    occasion_of,
    participation_of,
    units_of,
)

NOW = datetime.datetime(2026, 5, 20, 10, tzinfo=datetime.UTC)
COMING = datetime.datetime(2026, 9, 15, 7, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def sight(world: World, *, rows: bool = True) -> Sight:
    return Sight(world.administrator, rows)


def story(world: World) -> Occasion:
    """Hours in March and May by managers, staff and one from outside, and an occasion to come."""
    course = course_of(world)
    taken = [participation_of(world, person, course) for person in world.staff[:4]]
    group = group_of(world, course, members=taken)
    with transaction.atomic(), operation("test.outside"):
        Person.objects.filter(pk=world.others[0].pk).update(publicly_employed=False)
    for on in ((2026, 3, 3), (2026, 5, 4)):
        occasion = occasion_on(world, datetime.date(*on))
        for each in taken:
            invitation_to(occasion, each.person, each)
        for person in (*world.staff[:3], world.managers[0], *world.others[:2]):
            mark(occasion, person)
    coming = occasion_of(world, group, unit=units_of(course)[3], starts_at=COMING)
    for each in taken:
        invitation_to(coming, each.person, each)
    return coming


def test_the_months_are_the_months_of_the_other_pages_to_the_ore(world: World) -> None:
    story(world)
    decide_rate(
        programme=world.programme,
        kind="participant",
        amount=Decimal("418.37"),
        valid_from=datetime.date(2026, 5, 4),
        decision="Beslut 2",
        actor=world.administrator,
    )
    page = tables.page(world.programme, sight(world))
    first, last = datetime.date(2026, 1, 1), datetime.date(2026, 12, 1)
    known = figures.months_of(world.programme.pk, first, last)
    assert set(known) == {datetime.date(2026, 3, 1), datetime.date(2026, 5, 1)}
    for line in page.months:
        if line.day in known:
            assert line.sum.kronor == known[line.day].kronor
            assert line.sum.minutes + line.sum.outside == known[line.day].minutes
            assert len(line.sum.persons) == known[line.day].persons
        else:
            assert line.sum.minutes == 0
    assert page.whole.sum.outside == 2 * 180


def test_every_sum_is_the_sum_of_the_rows_it_leads_to(world: World) -> None:
    story(world)
    page = tables.page(world.programme, sight(world))
    seats = reading.forecast(world.programme).seats
    for cell, one in reading.counted(world.programme).items():
        choice = Choice(*cell)
        found = reading.rows(world.programme, choice, limit=1000)
        assert sum((row.kronor for row in found), start=Decimal(0)) == one.kronor
        assert sum(row.minutes for row in found) == one.minutes + one.outside
        assert reading.whole(world.programme, choice) == (
            len(found),
            one.minutes + one.outside,
            one.kronor,
        )
    for lines in (page.months, page.districts, page.categories):
        whole = sum((line.sum for line in lines), start=Sum())
        assert whole == page.whole.sum
    shown = tables.folded(page.months, NOW.date())
    assert len(shown) < len(page.months)
    assert total(shown, "").sum == page.whole.sum
    assert total(shown, "").planned_minutes == page.whole.planned_minutes
    assert page.whole.sum.expected_minutes == sum(seat.minutes for seat in seats)
    assert page.whole.sum.expected_kronor == sum(seat.kronor for seat in seats)


def test_the_plan_is_the_application_and_its_months_sum_to_it(world: World) -> None:
    page = tables.page(world.programme, sight(world))
    assert page.whole.planned_minutes == 28_520 * 60
    assert page.whole.planned_kronor == Decimal(11_892_840)
    assert sum(line.planned_minutes for line in page.categories) == 28_520 * 60
    assert sum(line.planned_kronor for line in page.categories) == Decimal(11_892_840)
    # Every quota of the plan is laid, so the districts' plans are the whole plan too.
    assert sum(line.planned_minutes for line in page.districts) == 28_520 * 60
    assert page.gap == page.gap_now == Decimal(11_892_840)
    assert page.alarm


def test_the_forecast_is_the_planned_seats_at_the_share_that_came(world: World) -> None:
    coming = story(world)
    found = reading.forecast(world.programme)
    # Four were invited twice to three hours; three came, and a manager beside the list.
    assert (found.came, found.invited) == (1440, 1440)
    with transaction.atomic(), operation("test.away"):
        for occasion in Occasion.objects.exclude(pk=coming.pk):
            mark(occasion, world.managers[0], "absent")
            mark(occasion, world.others[1], "absent")
    found = reading.forecast(world.programme)
    assert (found.came, found.invited) == (3 * 360, 4 * 360)
    [seat] = found.seats
    assert (seat.occasion, seat.persons, seat.booked) == (coming, 4, 4 * 260)
    assert seat.minutes == 780
    assert seat.kronor == Decimal("5421.00")
    text = " ".join(tables.explained(tables.page(world.programme, sight(world))))
    assert "75,0\xa0%" in text


def test_an_occasion_without_a_list_takes_the_groups_planned_size(world: World) -> None:
    group = group_of(world, seats=20)
    occasion_of(world, group, starts_at=COMING)
    [seat] = reading.forecast(world.programme).seats
    assert (seat.persons, seat.assumed, seat.minutes) == (20, True, 20 * 260)
    assert seat.cell[1:] == (
        world.farsta.pk,
        Category.objects.get(programme=world.programme, key="medarbetare").pk,
    )


def test_a_cancelled_occasion_is_not_in_the_forecast(world: World) -> None:
    coming = story(world)
    with transaction.atomic(), operation("test.cancel"):
        Occasion.objects.filter(pk=coming.pk).update(state=Occasion.State.CANCELLED)
    assert reading.forecast(world.programme).seats == []


def test_those_who_see_totals_see_no_line_of_few_persons_and_no_rows(world: World) -> None:
    story(world)
    steering = signed_in(staff_account(world, "styrgrupp", "styrgrupp"))
    page = steering.get("/medfinansiering/")
    assert page.status_code == 200
    assert "/medfinansiering/rader/" not in page.content.decode()
    for lines in (page.context["page"].districts, page.context["page"].categories):
        for line in lines:
            assert line.sum.minutes == 0 or len(line.sum.persons) >= 5
    # The control: whoever sees rows sees the two from Skärholmen by themselves.
    economist = signed_in(staff_account(world, "ekonom"))
    shown = economist.get("/medfinansiering/").context["page"].districts
    assert 0 < min(len(one.sum.persons) for one in shown if one.sum.minutes) < 5
    for address in ("rader/", "prognos/", "2026-03/"):
        assert steering.get(f"/medfinansiering/{address}").status_code == 404
        assert economist.get(f"/medfinansiering/{address}").status_code == 200
    assert signed_in(world.head).get("/medfinansiering/").status_code == 404


def test_the_pages_lead_from_the_sum_to_the_minutes(world: World) -> None:
    story(world)
    client = signed_in(staff_account(world, "ekonom"))
    whole = client.get("/medfinansiering/").content.decode()
    assert "<svg" in whole
    assert "?manad=2026-03" in whole
    month = client.get("/medfinansiering/2026-03/")
    assert "forvaltning=farsta" in month.content.decode()
    address = "/medfinansiering/rader/?manad=2026-03&forvaltning=farsta&kategori=medarbetare"
    rows = client.get(address)
    assert rows.context["kronor"] == 3 * 3 * Decimal(417)
    assert "/timmar/" in rows.content.decode()
    for nonsense in ("?manad=x", "?forvaltning=x", "?kategori=x"):
        assert client.get(f"/medfinansiering/rader/{nonsense}").status_code == 404


def test_the_file_says_what_it_is_and_runs_nothing(world: World) -> None:
    with transaction.atomic(), operation("test.name"):
        world.farsta.name = "=2+2"
        world.farsta.save()
    story(world)
    client = signed_in(staff_account(world, "ekonom"))
    text = client.get("/medfinansiering/fil.csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    whole = tables.page(world.programme, sight(world)).whole
    assert lines[[line[:1] for line in lines].index(["Hela"])][:2] == ["Hela", "Hela projektet"]
    assert any(line[:2] == ["Diarienummer", "25-021-S02"] for line in lines)
    assert any(line[1:2] == ["'=2+2"] for line in lines)
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/medfinansiering/fil.xlsx").content), read_only=True
    )
    figures_sheet, about = (list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    assert figures_sheet[-1][7] == float(whole.sum.kronor)
    assert ("Uttaget av", "Ekonom Test") in [row[:2] for row in about]
    assert client.get("/medfinansiering/fil.exe").status_code == 404
    assert ReadEvent.objects.filter(name="economy.export").count() == 2


def test_the_price_of_the_page_does_not_grow(world: World) -> None:
    story(world)
    client = signed_in(staff_account(world, "ekonom"))

    def asked(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    addresses = ("/medfinansiering/", "/medfinansiering/rader/", "/medfinansiering/prognos/")
    few = [asked(address) for address in addresses]
    group = group_of(world, name="Grupp 9")
    with transaction.atomic(), operation("test.more"):
        more = [person_in(world.unit, number) for number in range(40, 52)]
    for number in (5, 6, 7):
        occasion = occasion_on(world, datetime.date(2026, 4, number))
        for person in more:
            mark(occasion, person)
        later = COMING + datetime.timedelta(days=number)
        occasion_of(world, group, starts_at=later)
    assert [asked(address) for address in addresses] == few


def test_nothing_yet_is_a_page_that_says_so(world: World) -> None:
    client: Any = signed_in(staff_account(world, "ekonom"))
    for address in ("", "rader/", "prognos/", "2026-03/"):
        assert client.get(f"/medfinansiering/{address}").status_code == 200


def test_a_course_with_enough_seats_is_expected_by_its_own_share(world: World) -> None:
    coming = story(world)
    group = coming.group
    assert group is not None
    units = units_of(group.course)
    members = [row.participation for row in group.memberships.select_related("participation")]
    for number in range(2):
        held = occasion_of(
            world, group, unit=units[number], starts_at=NOW - datetime.timedelta(days=20 - number)
        )
        for each in members:
            invitation_to(held, each.person, each)
        for each in members[:2]:
            mark(held, each.person)
    # Eight seats of the course held, half of them filled; the limit is forty.
    [seat] = reading.forecast(world.programme).seats
    assert not seat.own
    whole = seat.minutes
    with transaction.atomic(), operation("test.least"):
        Setting.objects.create(
            programme=world.programme,
            key="forecast_least_seats",
            value=8,
            valid_from=world.programme.starts_on,
            decision="test",
        )
    [seat] = reading.forecast(world.programme).seats
    assert seat.own
    assert (seat.share.came, seat.share.invited) == (4 * 260, 8 * 260)
    assert seat.minutes == 4 * 260 // 2 < whole
    page = tables.page(world.programme, sight(world))
    own = {(one.course, one.own) for one in tables.own_shares(page)}
    assert (group.course.name, True) in own
    shown = signed_in(staff_account(world, "ekonom")).get("/medfinansiering/").content.decode()
    assert "hela projektets" in shown
    totals = signed_in(staff_account(world, "styrgrupp", "styrgrupp")).get("/medfinansiering/")
    # Few persons lie behind a share: those who see totals only are not shown it.
    assert "Prognosen tar" not in totals.content.decode()


def test_a_month_says_the_hours_that_earn_nothing(world: World) -> None:
    story(world)
    client: Any = signed_in(staff_account(world, "ekonom"))
    page = client.get("/medfinansiering/2026-03/")
    outside = page.context["outside"]
    assert outside > 0
    assert f"Utöver detta är {outside // 60}\xa0tim räknade" in page.content.decode()
    # What the rows' page sums to is what the month says, with the hours that earn nothing.
    assert reading.whole(world.programme, Choice(datetime.date(2026, 3, 1)))[1] == (
        page.context["whole"].minutes + outside
    )
    assert "Utöver detta är" not in client.get("/medfinansiering/2026-04/").content.decode()
