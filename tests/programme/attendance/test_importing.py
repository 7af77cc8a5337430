"""Meeting reports: recognised by token or address, never by name, and counted once."""

import datetime
import io
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from audit.operations import operation
from people.models import Person
from programme.attendance import access, importing, rules
from programme.attendance.errors import DecisionRefused, ReportRefused
from programme.attendance.meeting import reader
from programme.errors import NotAllowed
from programme.models import (
    Attendance,
    CountedTime,
    Evidence,
    Invitation,
    Occasion,
    ReportRow,
    Segment,
)
from tests.programme.attendance import reports
from tests.programme.attendance.conftest import Room, room_of, signed_in
from tests.programme.attendance.test_marking import at, change
from tests.programme.builders import build_world

JOIN, LEAVE, LONG = "9/15/2026, 9:00:00 AM", "9/15/2026, 2:00:00 PM", "5h"


def receive(room: Room, content: bytes, **extra: Any) -> Evidence:
    """Send the file in."""
    return importing.receive(
        occasion_id=room.occasion.pk,
        name="rapport.csv",
        file=io.BytesIO(content),
        actor=extra.get("actor", room.trainer),
    )


def counted(room: Room, content: bytes) -> Evidence:
    """Send the file in and confirm it."""
    return importing.confirm(evidence_id=receive(room, content).pk, actor=room.trainer)


def hows(evidence: Evidence) -> list[tuple[str, int | None]]:
    """How each row was matched, and to whom."""
    return list(ReportRow.objects.filter(evidence=evidence).values_list("how", "person_id"))


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
    assert page.count("2026-09-22, 09:00:00") == 3
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


def refused(room: Room, content: bytes) -> str:
    """The words of a refusal that wrote nothing."""
    with pytest.raises(ReportRefused) as error:
        receive(room, content)
    assert not Evidence.objects.exists()
    assert not ReportRow.objects.exists()
    return str(error.value.message)


def test_refusals_say_why_and_write_nothing(room: Room) -> None:
    wrong_day = [("A", "2026-10-01 09:00:00", "2026-10-01 10:00:00", "1h", "")]
    said = {
        refused(room, reports.teams(wrong_day)),
        refused(room, b""),
        refused(room, b"\x89PNG\r\n\x1a\n" + bytes(200)),
        refused(room, b"Namn;Telefon\nAnna;123\n"),
        refused(room, "Namn;Anslutningstid\nÅsa;1".encode("latin-1")),
        refused(room, b"Name (Original Name),User Email,Total Duration (Minutes),Guest\nA,,5,No"),
    }
    assert len(said) == 5  # A picture and a list of telephones are told the same.
    assert all(len(text) > 20 for text in said)


def test_formula_cells_are_data(room: Room) -> None:
    name = '=HYPERLINK("http://x")'
    content = reports.teams([(name, JOIN, LEAVE, LONG, ""), ("b", JOIN, LEAVE, LONG, "")])
    evidence = counted(room, content)
    assert ReportRow.objects.filter(evidence=evidence).first().shown_name.startswith("=HYPER")  # type: ignore[union-attr]
    address = f"/tillfallen/{room.occasion.public_id}/rapport/{evidence.public_id}/"
    assert "=HYPERLINK(" in signed_in(room.trainer).get(address).content.decode()


def test_fifty_thousand_rows_are_refused_fast_and_in_little_memory(room: Room) -> None:
    row = ("Anna Andersson", JOIN, LEAVE, LONG, "anna@example.org")
    content = reports.teams([row]) + ("\r\n" + "\t".join(row)).encode("utf-16-le") * 50_000
    file = io.BytesIO(content)
    tracemalloc.start()
    started = time.perf_counter()
    with pytest.raises(ReportRefused, match=r"2000|2 000"):
        reader.read(file, day=datetime.date(2026, 9, 15), zone=at(9).tzinfo, most=2000)  # type: ignore[arg-type]
    seconds = time.perf_counter() - started
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 2
    assert peak < 6 * 1024 * 1024
    assert len(refused(room, content)) > 20


def test_the_same_file_twice_is_counted_once(room: Room) -> None:
    content = reports.teams([("A", JOIN, LEAVE, LONG, room.persons[0].email)])
    evidence = counted(room, content)
    with pytest.raises(ReportRefused):
        receive(room, content)
    with pytest.raises(ReportRefused):
        importing.confirm(evidence_id=evidence.pk, actor=room.trainer)
    assert Segment.objects.count() == 1


def test_a_waiting_row_is_decided_once_by_a_human(room: Room) -> None:
    evidence = counted(
        room, reports.teams([("Anna", JOIN, LEAVE, LONG, ""), ("Anna", JOIN, LEAVE, LONG, "")])
    )
    first, second = ReportRow.objects.filter(evidence=evidence)
    decide: dict[str, Any] = {"row_id": first.pk, "actor": room.trainer, "reason": ""}
    with pytest.raises(DecisionRefused):
        importing.decide(**decide, person_id=None)
    with pytest.raises(DecisionRefused):
        importing.decide(**decide, person_id=room.world.others[0].pk)
    importing.decide(**decide, person_id=room.persons[0].pk)
    with pytest.raises(DecisionRefused):
        importing.decide(**decide, person_id=room.persons[1].pk)
    importing.decide(
        row_id=second.pk, person_id=None, reason="Telefonsvarare", actor=room.administrator
    )
    assert hows(evidence) == [("decided", room.persons[0].pk), ("ignored", None)]
    assert Segment.objects.get().report_row == first


def test_rows_with_the_same_name_are_decided_together_only_when_asked(room: Room) -> None:
    rows = [("Anna", JOIN, LEAVE, LONG, "")] * 3 + [("Bo", JOIN, LEAVE, LONG, "")]
    evidence = counted(room, reports.teams(rows))
    first = ReportRow.objects.filter(evidence=evidence)[0]
    count = importing.decide(
        row_id=first.pk, person_id=room.persons[0].pk, reason="", actor=room.trainer, same_name=True
    )
    assert count == 3
    assert ReportRow.objects.filter(evidence=evidence, how="").count() == 1


def test_a_mark_that_staff_made_stays(room: Room) -> None:
    from tests.programme.attendance.test_marking import save

    save(room, room.persons[0], rules.ABSENT)
    counted(room, reports.teams([("A", JOIN, LEAVE, LONG, room.persons[0].email)]))
    assert Attendance.objects.get(person=room.persons[0]).mark == rules.ABSENT


def test_only_who_marks_imports(room: Room) -> None:
    with pytest.raises(NotAllowed):
        receive(room, reports.teams([("A", JOIN, LEAVE, LONG, "")]), actor=room.world.chief)


def test_from_choosing_the_file_to_the_decision_in_the_browser(room: Room) -> None:
    client, address = signed_in(room.trainer), f"/tillfallen/{room.occasion.public_id}/rapport/"
    content = reports.teams(
        [("A", JOIN, LEAVE, LONG, room.persons[0].email), ("B (iPad)", JOIN, LEAVE, LONG, "")]
    )
    bad = client.post(address, {"file": SimpleUploadedFile("r.csv", b"hej")})
    assert bad.status_code == 422
    page = client.post(address, {"file": SimpleUploadedFile("r.csv", content)})["Location"]
    assert "B (iPad)" in client.get(page).content.decode()
    assert not Segment.objects.exists()
    client.post(f"{page}rakna/")
    row = ReportRow.objects.get(how="")
    client.post(f"{page}{row.public_id}/", {"person": room.persons[1].public_id, "reason": "Röst"})
    assert Segment.objects.count() == 2
    assert client.get(page).status_code == client.get(address).status_code == 200


# Races (B6)


def four_times(room: Room, content: bytes) -> list[str]:
    """Send the same file in and confirm it, four at once, each in a thread of its own."""
    barrier = threading.Barrier(4)

    def one(_number: int) -> str:
        try:
            barrier.wait(timeout=60)
            evidence = receive(room, content)
            importing.confirm(evidence_id=evidence.pk, actor=room.trainer)
        except Exception as error:
            return type(error).__name__
        finally:
            connection.close()
        return "counted"

    with ThreadPoolExecutor(4) as pool:
        return sorted(pool.map(one, range(4)))


@pytest.mark.django_db(transaction=True)
def test_the_same_file_four_times_at_once_is_one_import() -> None:
    room = room_of(build_world(staff=2))
    content = reports.teams([("A", JOIN, LEAVE, LONG, room.persons[0].email)])
    assert four_times(room, content) == ["ReportRefused"] * 3 + ["counted"]
    assert Evidence.objects.count() == Segment.objects.count() == 1
    assert CountedTime.objects.get(current=True).minutes == 260


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_database_has_to_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    room = room_of(build_world(staff=2))
    together = threading.Barrier(4)
    monkeypatch.setattr(
        access,
        "lock_open",
        lambda pk: Occasion.objects.select_related("programme", "district").get(pk=pk),
    )
    read = importing.read

    def all_read_before_anyone_writes(*args: Any) -> Any:
        found = read(*args)
        together.wait(timeout=60)
        return found

    monkeypatch.setattr(importing, "read", all_read_before_anyone_writes)
    content = reports.teams([("A", JOIN, LEAVE, LONG, room.persons[0].email)])
    assert "IntegrityError" in four_times(room, content) or "BrokenBarrierError" in four_times(
        room, content
    )


def test_the_page_in_a_browser_that_is_signed_out_asks_to_sign_in(room: Room) -> None:
    response = Client().get(f"/tillfallen/{room.occasion.public_id}/rapport/")
    assert response["Location"].startswith("/logga-in/")
