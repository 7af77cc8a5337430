"""Guests from outside: asked, confirmed, counted, erased, and never participants."""

import datetime
import re

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from audit.operations import operation
from programme.errors import NotAllowed
from programme.guests import access, actions, counting, erasing, links, mailing, queries, rules
from programme.guests.errors import Closed, LinkOld
from programme.models import (
    CountedTime,
    Guest,
    GuestList,
    Invitation,
    Municipality,
    MunicipalityCount,
    Occasion,
    Setting,
)
from programme.occasions import changing
from tests.programme.builders import World, build_world
from tests.programme.registrations.builders import open_occasion

NACKA = "0182"


@pytest.fixture
def world(db: None) -> World:
    return build_world(staff=1, identities=False)


@pytest.fixture
def guest_list(world: World) -> GuestList:
    return list_for(world, seats=2)


def list_for(world: World, *, seats: int, days: int = 14) -> GuestList:
    event = open_occasion(world, days=days, kind=Occasion.Kind.EVENT, title="Spridning")
    return actions.set_list(
        occasion=event,
        seats=seats,
        opens_at=min(timezone.now(), event.starts_at) - datetime.timedelta(days=9),
        closes_at=event.starts_at,
        actor=world.administrator,
    )


def guest(found: GuestList, number: int = 1, *, code: str = NACKA, confirm: bool = True) -> Guest:
    email = f"gast{number}@kommun.example"
    actions.ask(
        list_id=found.pk,
        name=f"Gäst {number}",
        email=email,
        municipality=Municipality.objects.get(code=code),
    )
    row = Guest.objects.get(guest_list=found, email=email)
    return actions.confirm(guest_id=row.pk) if confirm else row


def form(email: str = "Anna@Kommun.example", **extra: str) -> dict[str, str]:
    return {"name": "Anna Gäst", "email": email, "municipality": NACKA, "website": ""} | extra


def links_in_mail() -> list[str]:
    return [
        found[0]
        for message in mail.outbox
        if (found := re.findall(r"https?://[^/]+(/gast/\S+)", str(message.body)))
    ]


def test_a_guest_registers_without_an_account(guest_list: GuestList, client: Client) -> None:
    page = f"/gastanmalan/{guest_list.occasion.public_id}/anmal/"
    assert "Nacka" in client.get(page).content.decode()
    sent = client.post(page, form())
    assert sent.status_code == 302
    row = Guest.objects.get()
    assert (row.state, row.email) == ("asked", "anna@kommun.example")
    assert mailing.send_waiting() == 1
    assert mailing.send_waiting() == 0
    message = mail.outbox[0]
    assert message.to == ["anna@kommun.example"]
    assert "Anna" not in f"{message.subject}{message.body}"
    (link,) = links_in_mail()
    # A mail program that opens every link confirms nothing.
    shown = client.get(link)
    assert shown.headers["Referrer-Policy"] == "same-origin"
    row.refresh_from_db()
    assert row.state == "asked"
    client.post(link, {"answer": "confirm"})
    client.post(link, {"answer": "confirm"})
    row.refresh_from_db()
    assert row.state == "confirmed"
    client.post(link, {"answer": "leave"})
    row.refresh_from_db()
    assert row.state == "left"


def test_nobody_learns_who_else_is_coming(guest_list: GuestList, client: Client) -> None:
    page = f"/gastanmalan/{guest_list.occasion.public_id}/anmal/"
    known = guest(guest_list)
    first = client.post(page, form("ny@kommun.example"))
    second = client.post(page, form(known.email))
    assert (first.status_code, first.headers["Location"]) == (
        second.status_code,
        second.headers["Location"],
    )
    known.refresh_from_db()
    assert (known.state, known.name) == ("confirmed", "Gäst 1")


def test_a_confirmed_guests_name_is_not_changed_by_whoever_writes_the_address(
    guest_list: GuestList, client: Client
) -> None:
    known = guest(guest_list)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=6)):
        client.post(f"/gastanmalan/{guest_list.occasion.public_id}/anmal/", form(known.email))
    known.refresh_from_db()
    assert (known.state, known.name, known.mail) == ("confirmed", "Gäst 1", "welcome")


def test_asking_is_slowed_down(guest_list: GuestList, client: Client) -> None:
    page = f"/gastanmalan/{guest_list.occasion.public_id}/anmal/"
    answers = [client.post(page, form()).status_code for _turn in range(6)]
    assert answers == [302] * 5 + [429]


def test_a_program_that_fills_in_everything_is_not_listed(
    guest_list: GuestList, client: Client
) -> None:
    page = f"/gastanmalan/{guest_list.occasion.public_id}/anmal/"
    assert client.post(page, form(website="https://evil.example")).status_code == 302
    assert not Guest.objects.exists()
    assert client.post(page, form(name="<script>x</script>")).status_code == 422
    assert not Guest.objects.exists()


def test_no_more_guests_than_seats(guest_list: GuestList) -> None:
    rows = [guest(guest_list, number) for number in range(3)]
    assert [row.state for row in rows] == ["confirmed", "confirmed", "full"]
    actions.leave(guest_id=rows[0].pk)
    assert actions.confirm(guest_id=rows[2].pk).state == "confirmed"


def test_a_link_that_is_old_or_made_up_opens_nothing(guest_list: GuestList, client: Client) -> None:
    row = guest(guest_list, confirm=False)
    token = links.token_of(row)
    assert client.get(f"/gast/{token}x/").status_code == 404
    assert client.get("/gast/abc:def:ghi/").status_code == 404
    with (
        time_machine.travel(timezone.now() + datetime.timedelta(hours=73)),
        pytest.raises(LinkOld),
    ):
        links.ensure_fresh(row, token, timezone.localdate())


def test_a_closed_event_takes_no_guests(guest_list: GuestList) -> None:
    with time_machine.travel(guest_list.closes_at), pytest.raises(Closed):
        guest(guest_list)


def test_a_cancelled_event_tells_its_guests_and_keeps_them(
    world: World, guest_list: GuestList
) -> None:
    row, undecided = guest(guest_list), guest(guest_list, 2, confirm=False)
    mailing.send_waiting()
    mail.outbox.clear()
    changing.cancel(
        occasion_id=guest_list.occasion_id, reason="Lokalen brann", actor=world.administrator
    )
    mailing.send_waiting()
    assert [message.subject for message in mail.outbox] == ["Evenemanget är inställt"]
    row.refresh_from_db()
    assert row.state == "confirmed"
    with pytest.raises(Closed):
        actions.confirm(guest_id=undecided.pk)


def test_guests_are_counted_by_municipality_and_then_erased(
    world: World, guest_list: GuestList, client: Client
) -> None:
    for number, code in enumerate((NACKA, "0126")):
        guest(guest_list, number, code=code)
    before = [
        (one.municipality.code, one.registered) for one in queries.by_municipality(guest_list)
    ]
    later = guest_list.occasion.ends_at + datetime.timedelta(days=91)
    assert erasing.erase_due(later - datetime.timedelta(days=2)) == 0
    assert erasing.erase_due(later) == 2
    assert erasing.erase_due(later) == 0
    guest_list.refresh_from_db()
    after = [(one.municipality.code, one.registered) for one in queries.by_municipality(guest_list)]
    assert sorted(after) == sorted(before) == [("0126", 1), (NACKA, 1)]
    assert set(Guest.objects.values_list("name", "email", "mail")) == {("", "", "")}
    client.force_login(world.administrator)
    page = client.get(f"/tillfallen/{guest_list.occasion.public_id}/gaster/")
    assert "raderades" in page.content.decode()


def test_nothing_of_a_guest_is_left_anywhere_in_the_database(guest_list: GuestList) -> None:
    row = guest(guest_list)
    mailing.send_waiting()
    assert "Gäst 1" in everything()  # the search finds what is there
    erasing.erase_due(guest_list.occasion.ends_at + datetime.timedelta(days=91))
    left = everything()
    assert "Gäst 1" not in left
    assert row.email not in left


def everything() -> str:
    """Every row of every table as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("programme_", "audit_", "workflows_message")):
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                found += [row[0] or "" for row in cursor.fetchall()]
    return "\n".join(found)


def test_those_who_never_confirm_are_erased_soon(guest_list: GuestList) -> None:
    guest(guest_list, confirm=False)
    assert erasing.erase_due(timezone.now() + datetime.timedelta(hours=71)) == 0
    assert erasing.erase_due(timezone.now() + datetime.timedelta(hours=73)) == 1


def test_no_way_leads_from_a_guest_to_a_participant() -> None:
    ours = {"guest", "guestlist", "municipality", "municipalitycount"}
    theirs = {"person", "participation", "invitation", "attendance", "segment", "countedtime"}
    for model in apps.get_models():
        name = model._meta.model_name or ""
        targets = {
            field.related_model._meta.model_name
            for field in model._meta.get_fields()
            if field.is_relation and not field.auto_created and field.related_model
        }
        if name in ours:
            assert not targets & theirs, name
        if name in theirs:
            assert not targets & ours, name


def test_guests_are_in_no_hours_and_on_no_attendance_list(
    world: World, guest_list: GuestList
) -> None:
    guest(guest_list)
    assert not Invitation.objects.filter(occasion=guest_list.occasion).exists()
    assert not CountedTime.objects.exists()


def test_who_came_is_counted_by_those_who_arrange(world: World, guest_list: GuestList) -> None:
    nacka = Municipality.objects.get(code=NACKA)
    with pytest.raises(NotAllowed):
        counting.enter(list_id=guest_list.pk, attended={nacka: 4}, actor=world.chief)
    counting.enter(list_id=guest_list.pk, attended={nacka: 4}, actor=world.administrator)
    counting.enter(list_id=guest_list.pk, attended={nacka: 5}, actor=world.administrator)
    assert MunicipalityCount.objects.get().attended == 5
    found = queries.dissemination(world.programme)
    assert (found.attended, found.municipalities) == (5, 1)


def test_the_event_is_in_anybodys_calendar(guest_list: GuestList, client: Client) -> None:
    response = client.get(f"/gastanmalan/{guest_list.occasion.public_id}/kalender.ics")
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert event["summary"] == "Spridning"
    assert str(event["uid"]).startswith(guest_list.occasion.public_id)


def test_what_is_no_event_takes_no_guests(world: World, client: Client) -> None:
    lecture = open_occasion(world)
    assert access.public_list(lecture.public_id) is None
    assert client.get(f"/gastanmalan/{lecture.public_id}/anmal/").status_code == 404


DAYS = [datetime.date(2027, 7, 1), datetime.date(2028, 12, 31)]


def event(year: int, month: int) -> rules.Event:
    return rules.Event(datetime.date(year, month, 1), "Spridning")


@pytest.mark.parametrize(
    ("today", "events", "expected"),
    [
        ((2026, 9), [], ["missing", "missing"]),
        ((2027, 2), [], ["soon", "missing"]),
        ((2027, 8), [], ["late", "missing"]),
        ((2027, 2), [event(2027, 5)], ["planned", "missing"]),
        ((2027, 2), [event(2027, 9)], ["late", "missing"]),
        ((2028, 9), [event(2027, 5)], ["held", "soon"]),
        ((2028, 9), [event(2027, 5), event(2028, 12)], ["held", "planned"]),
        ((2028, 9), [event(2028, 1), event(2028, 2)], ["held", "held"]),
    ],
)
def test_two_events_are_asked_for(
    today: tuple[int, int], events: list[rules.Event], expected: list[str]
) -> None:
    found = rules.standings(DAYS, events, datetime.date(*today, 1), 180)
    assert [one.standing for one in found] == expected
    assert [one.warns for one in found] == [word in ("soon", "late") for word in expected]


def test_my_work_warns_when_an_event_is_missing(world: World, client: Client) -> None:
    client.force_login(world.administrator)
    near = world.programme.starts_on + (world.programme.ends_on - world.programme.starts_on) * 0.49
    with time_machine.travel(datetime.datetime.combine(near, datetime.time(12)), tick=False):
        client.force_login(world.administrator)
        page = client.get("/arbete/").content.decode()
    assert "Ett spridningstillfälle saknas" in page
    client.force_login(world.chief)
    assert "Ett spridningstillfälle saknas" not in client.get("/arbete/").content.decode()


def test_the_days_lie_half_way_and_at_the_end() -> None:
    found = rules.due_days(datetime.date(2026, 1, 1), datetime.date(2028, 12, 31), 2)
    assert found == [datetime.date(2027, 7, 2), datetime.date(2028, 12, 31)]


def test_how_many_events_is_a_setting(world: World) -> None:
    assert len(queries.dissemination(world.programme).due) == 2
    with transaction.atomic(), operation("test.setting"):
        Setting.objects.create(
            programme=world.programme,
            key="dissemination_events",
            value=3,
            valid_from=timezone.localdate(),
            decision="Beslut",
        )
    assert len(queries.dissemination(world.programme).due) == 3


def test_the_figures_cost_no_more_with_more_events(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            queries.dissemination(world.programme)
        return len(found)

    guest(list_for(world, seats=5))
    few = cost()
    for days in (21, 28, 35):
        guest(list_for(world, seats=5, days=days))
    assert cost() == few
