"""Meeting reports: what is refused, what waits for a human, and who may send them in."""

import datetime
import io
import time
import tracemalloc
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from programme.attendance import deciding, importing, rules
from programme.attendance.errors import DecisionRefused, ReportRefused
from programme.attendance.meeting import reader
from programme.errors import NotAllowed
from programme.models import (
    Attendance,
    Evidence,
    ReportRow,
    Segment,
)
from tests.clients import signed_in
from tests.programme.attendance import reports
from tests.programme.attendance.conftest import Room
from tests.programme.attendance.received import JOIN, LEAVE, LONG, counted, hows, receive
from tests.programme.attendance.test_marking import at


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


@pytest.mark.parametrize(
    ("joined", "left", "long"),
    [
        (JOIN, "", "²"),
        (JOIN, "", "9" * 30),
        ("0001-01-01 00:00:00", "0001-01-01 01:00:00", LONG),
        ("9999-12-31 23:00:00", "", "2h"),
    ],
)
def test_a_row_outside_all_time_is_shown_as_not_used(
    room: Room, joined: str, left: str, long: str
) -> None:
    evidence = receive(
        room, reports.teams([("a", JOIN, LEAVE, LONG, ""), ("Utanför", joined, left, long, "")])
    )
    assert [name for _number, name in evidence.summary["unused"]] == ["Utanför"]
    address = f"/tillfallen/{room.occasion.public_id}/rapport/{evidence.public_id}/"
    assert "Utanför" in signed_in(room.trainer).get(address).content.decode()


def test_a_row_that_ends_before_it_begins_says_so(room: Room) -> None:
    rows = [("a", JOIN, LEAVE, LONG, ""), ("Baklänges", LEAVE, JOIN, LONG, "")]
    evidence = receive(room, reports.teams(rows))
    address = f"/tillfallen/{room.occasion.public_id}/rapport/{evidence.public_id}/"
    page = signed_in(room.trainer).get(address).content.decode()
    assert "1 rad slutar innan den börjar och används inte:" in page
    assert "Baklänges" in page
    assert "läsbar tid" not in page


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
        deciding.decide(**decide, person_id=None)
    with pytest.raises(DecisionRefused):
        deciding.decide(**decide, person_id=room.world.others[0].pk)
    deciding.decide(**decide, person_id=room.persons[0].pk)
    with pytest.raises(DecisionRefused):
        deciding.decide(**decide, person_id=room.persons[1].pk)
    deciding.decide(
        row_id=second.pk, person_id=None, reason="Telefonsvarare", actor=room.administrator
    )
    assert hows(evidence) == [("decided", room.persons[0].pk), ("ignored", None)]
    assert Segment.objects.get().report_row == first


def test_rows_with_the_same_name_are_decided_together_only_when_asked(room: Room) -> None:
    rows = [("Anna", JOIN, LEAVE, LONG, "")] * 3 + [("Bo", JOIN, LEAVE, LONG, "")]
    evidence = counted(room, reports.teams(rows))
    first = ReportRow.objects.filter(evidence=evidence)[0]
    count = deciding.decide(
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
    said = {f"person-{row.public_id}": room.persons[1].public_id, f"reason-{row.public_id}": "Röst"}
    assert client.post(page, said)["Location"] == page
    assert Segment.objects.count() == 2
    assert client.get(page).status_code == client.get(address).status_code == 200


def test_the_page_in_a_browser_that_is_signed_out_asks_to_sign_in(room: Room) -> None:
    response = Client().get(f"/tillfallen/{room.occasion.public_id}/rapport/")
    assert response["Location"].startswith("/logga-in/")
