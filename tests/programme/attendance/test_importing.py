"""Meeting reports: whose each row is, by token or address and never by name, and what is counted."""

import datetime

import pytest
from django.db import transaction

from audit.operations import operation
from people.models import Person
from programme.attendance import importing, rules
from programme.attendance.errors import ReportRefused
from programme.models import (
    Attendance,
    CountedTime,
    Evidence,
    Invitation,
    ReportRow,
    Segment,
)
from tests.clients import signed_in
from tests.programme.attendance import reports
from tests.programme.attendance.conftest import Room
from tests.programme.attendance.received import JOIN, LEAVE, LONG, counted, hows, receive
from tests.programme.attendance.test_marking import at, change


@pytest.mark.parametrize("swedish", [False, True])
def test_a_teams_report_with_reconnects_becomes_one_time_of_hours(
    room: Room, swedish: bool
) -> None:
    person = room.persons[0]
    stamp = "2026-09-15 {}" if swedish else "9/15/26, {} AM"
    rows = [
        ("Förnamn1 Efternamn1", stamp.format("9:00:00"), stamp.format("10:00:00"), "1 tim",
         person.email.upper()),
        ("Förnamn1 Efternamn1", stamp.format("9:30:00"), stamp.format("11:00:00"), "1h 30m",
         person.email),
    ]  # fmt: skip
    evidence = counted(room, reports.teams(rows, swedish=swedish))
    assert hows(evidence) == [("email", person.pk)] * 2
    assert Segment.objects.filter(person=person, evidence=evidence).count() == 2
    assert CountedTime.objects.get(person=person, current=True).minutes == 120
    assert Attendance.objects.get(person=person).mark == rules.PRESENT


def test_the_file_is_kept_byte_for_byte(room: Room) -> None:
    content = reports.teams([("A", JOIN, LEAVE, LONG, room.persons[0].email)])
    evidence = counted(room, content)
    assert bytes(Evidence.objects.get(pk=evidence.pk).content) == content
    address = f"/tillfallen/{room.occasion.public_id}/underlag/{evidence.public_id}/"
    assert signed_in(room.administrator).get(address).content == content


def test_a_name_is_never_guessed(room: Room) -> None:
    person = room.persons[0]
    name = f"{person.first_name} {person.last_name}"
    evidence = counted(
        room,
        reports.teams(
            [
                (name, JOIN, LEAVE, LONG, ""),
                (name, JOIN, LEAVE, LONG, "privat@example.com"),
                ("x", JOIN, LEAVE, LONG, room.world.others[0].email),
                ("y", JOIN, LEAVE, LONG, room.persons[1].email),
            ]
        ),
    )
    assert [how for how, _person in hows(evidence)] == ["", "", "", "email"]
    assert Segment.objects.count() == 1


def test_the_personal_token_recognises_a_renamed_guest(room: Room) -> None:
    invitation = Invitation.objects.get(occasion=room.occasion, person=room.persons[0])
    name = f"Anna (iPad) {invitation.join_token}"
    evidence = counted(
        room,
        reports.zoom([f"{name},,{JOIN.replace(',', '')},{LEAVE.replace(',', '')},300,Yes,,No"]),
    )
    assert hows(evidence) == [("token", room.persons[0].pk)]


def test_an_address_that_two_share_tells_nothing(room: Room) -> None:

    with transaction.atomic(), operation("test.email"):
        Person.objects.filter(pk__in=[p.pk for p in room.persons[:2]]).update(email="a@b.se")
    evidence = receive(room, reports.teams([
        ("A", JOIN, LEAVE, LONG, "a@b.se"), ("B", JOIN, LEAVE, LONG, room.persons[2].email)
    ]))  # fmt: skip
    assert [row.how for row in importing.preview(evidence)] == ["", "email"]


@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize("meeting", [True, False])
def test_a_zoom_report_with_reconnects_and_waiting_room(
    room: Room, mark: bool, meeting: bool
) -> None:
    email = room.persons[0].email
    content = reports.zoom(
        [
            f"Anna (iPad),{email},09/15/2026 09:00:00 AM,09/15/2026 10:00:00 AM,60,Yes,Y,No",
            f"Anna,{email},09/15/2026 10:10:00 AM,09/15/2026 11:00:00 AM,50,No,Y,No",
            f"Anna,{email},09/15/2026 08:50:00 AM,09/15/2026 09:00:00 AM,10,No,Y,Yes",
            '"Bo, B",,09/15/2026 09:00:00 AM,09/15/2026 10:00:00 AM,60,Yes,Y,No',
        ],
        mark=mark,
        meeting=meeting,
    )
    evidence = counted(room, content)
    assert evidence.summary["service"] == "Zoom"
    assert [how for how, _person in hows(evidence)] == ["email", "email", "ignored", ""]
    assert CountedTime.objects.get(current=True).minutes == 110


def test_addresses_come_from_the_participants_when_the_name_is_alone_there(room: Room) -> None:
    rows = [
        ("Anna", JOIN, LEAVE, LONG, room.persons[0].email),
        ("Eva", JOIN, LEAVE, LONG, room.persons[1].email),
        ("Eva", JOIN, LEAVE, LONG, room.persons[2].email),
    ]
    evidence = counted(room, reports.teams(rows, email=False))
    assert [how for how, _person in hows(evidence)] == ["email", "", ""]


def test_a_guest_without_address_is_not_taken_for_the_namesake_in_the_register(room: Room) -> None:
    anna = room.persons[0]
    rows = [
        ("Anna", JOIN, LEAVE, LONG, anna.email),
        ("Anna", JOIN, LEAVE, LONG, ""),
        ("Eva", JOIN, LEAVE, LONG, room.persons[1].email),
    ]
    evidence = counted(room, reports.teams(rows))
    assert hows(evidence) == [("email", anna.pk), ("", None), ("email", room.persons[1].pk)]
    guest = ReportRow.objects.get(evidence=evidence, how="")
    assert guest.shown_email == ""
    # Without addresses in the activities neither of the two Annas can be told from the other.
    evidence = counted(room, reports.teams(rows, email=False))
    assert [how for how, _person in hows(evidence)] == ["", "", "email"]


def test_a_report_of_one_table_lends_no_address(room: Room) -> None:
    times = "09/15/2026 09:00:00 AM,09/15/2026 10:00:00 AM,60,Yes,Y,No"
    content = reports.zoom([f"Anna,{room.persons[0].email},{times}", f"Anna,,{times}"])
    assert hows(counted(room, content)) == [("email", room.persons[0].pk), ("", None)]


def test_rows_of_a_recurring_meetings_other_days_are_kept_and_not_counted(room: Room) -> None:
    here, other_day, early = room.persons[:3]
    later = ("9/22/2026, 9:00:00 AM", "9/22/2026, 2:00:00 PM", LONG)
    evidence = receive(
        room,
        reports.teams(
            [
                ("A", JOIN, LEAVE, LONG, here.email),
                ("A", *later, here.email),
                ("B", *later, other_day.email),
                ("Gäst", *later, ""),
                ("C", "9/15/2026, 8:00:00 AM", "9/15/2026, 8:30:00 AM", "30m", early.email),
            ]
        ),
    )
    address = f"/tillfallen/{room.occasion.public_id}/rapport/{evidence.public_id}/"
    client = signed_in(room.trainer)
    preview = client.get(address).content.decode()
    assert "4 rader gäller inte det här tillfällets tid och räknas inte." in preview
    importing.confirm(evidence_id=evidence.pk, actor=room.trainer)
    rows = list(ReportRow.objects.filter(evidence=evidence))
    assert [row.how for row in rows] == ["email", *["ignored"] * 4]
    assert [row.reason for row in rows[1:]] == ["En annan dag."] * 3 + ["Inte under tillfället."]
    assert Segment.objects.get().person == here
    assert Attendance.objects.get(mark=rules.PRESENT).person == here
    page = client.get(address).content.decode()
    assert page.count("2026-09-22, 09.00") == 3
    assert "2026-09-15, " not in page
    assert "inte deltagare" not in page.lower()


def test_a_row_that_only_touches_the_occasion_is_counted(room: Room) -> None:
    late = ("A", "9/15/2026, 8:00:00 AM", "9/15/2026, 9:01:00 AM", "1h", room.persons[0].email)
    assert hows(counted(room, reports.teams([late]))) == [("email", room.persons[0].pk)]


def test_ambiguous_dates_are_read_by_the_occasions_day(room: Room) -> None:
    change(
        room.occasion,
        starts_at=at(9).replace(month=3, day=5),
        ends_at=at(14).replace(month=3, day=5),
    )
    for stamp in ("3/5/2026, 9:00:00 AM", "5/3/2026, 9:00:00 AM"):
        leave = stamp.replace("9:00", "10:00")
        evidence = receive(
            room, reports.teams([(stamp, stamp, leave, "1h", room.persons[0].email)])
        )
        (row,) = importing.preview(evidence)
        assert row.joined_at.date() == datetime.date(2026, 3, 5)
    with pytest.raises(ReportRefused, match="4/6/2026"):
        receive(
            room, reports.teams([("A", "4/6/2026, 9:00:00 AM", "4/6/2026, 9:30:00 AM", "30m", "")])
        )
