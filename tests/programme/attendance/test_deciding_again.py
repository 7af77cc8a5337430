"""A decided row of a meeting report is decided again: with a reason, by a human, in an open month."""

import datetime
from typing import Any

import pytest
from django.db import transaction

from audit.operations import operation
from people.models import Person
from programme.attendance import deciding, rules
from programme.attendance.deciding_again import decide_again
from programme.attendance.errors import DecisionRefused
from programme.hours.errors import MonthLocked
from programme.models import (
    Attendance,
    CountedTime,
    Month,
    ReportRow,
    Segment,
)
from tests.clients import signed_in
from tests.programme.attendance import reports
from tests.programme.attendance.conftest import Room
from tests.programme.attendance.received import JOIN, LEAVE, LONG, counted


def decided(room: Room) -> ReportRow:
    """A row that somebody has given to the first person."""
    evidence = counted(room, reports.teams([("Anna", JOIN, LEAVE, LONG, "")]))
    row = ReportRow.objects.get(evidence=evidence)
    deciding.decide(row_id=row.pk, person_id=room.persons[0].pk, reason="", actor=room.trainer)
    return row


def test_a_decided_row_is_decided_again_with_a_reason(room: Room) -> None:
    row = decided(room)
    first, second = room.persons[:2]
    asked: dict[str, Any] = {"row_id": row.pk, "person_id": second.pk, "actor": room.administrator}
    for wrong in ({"reason": " "}, {"reason": "Fel", "person_id": first.pk}):
        with pytest.raises(DecisionRefused):
            decide_again(**(asked | wrong))
    with pytest.raises(DecisionRefused):
        decide_again(**(asked | {"person_id": room.world.others[0].pk, "reason": "Fel"}))
    decide_again(**asked, reason="Fel Anna")
    assert minutes_of(first) == 0
    assert minutes_of(second) == 260
    times = Segment.objects.order_by("pk").values_list("person", "report_row", "void_reason")
    assert list(times) == [(first.pk, row.pk, "Fel Anna"), (second.pk, row.pk, "")]
    # The mark came from the report, so it goes with it; nobody counts as present without times.
    assert Attendance.objects.get(person=first).mark == rules.UNMARKED
    decide_again(**(asked | {"person_id": None}), reason="Ingen deltagare")
    assert minutes_of(second) == 0
    decide_again(**(asked | {"person_id": first.pk}), reason="Det var Anna ändå")
    assert minutes_of(first) == 260
    row.refresh_from_db()
    assert (row.how, row.reason) == (ReportRow.How.DECIDED, "Det var Anna ändå")
    assert ReportRow.history.filter(id=row.pk).count() == 5


def minutes_of(person: Person) -> int:
    """The person's minutes as they stand."""
    return CountedTime.objects.get(person=person, current=True).minutes


def test_a_mark_that_staff_made_stays_when_a_row_is_decided_again(room: Room) -> None:
    row = decided(room)
    person = room.persons[0]
    with transaction.atomic(), operation("attendance.mark"):
        Attendance.objects.filter(person=person).update(note="Var i salen")
    decide_again(row_id=row.pk, person_id=None, reason="Fel", actor=room.administrator)
    assert Attendance.objects.get(person=person).mark == rules.PRESENT


def test_only_what_a_human_has_decided_is_decided_again(room: Room) -> None:
    evidence = counted(
        room,
        reports.teams(
            [("A", JOIN, LEAVE, LONG, room.persons[0].email), ("B", JOIN, LEAVE, LONG, "")]
        ),
    )
    for row in ReportRow.objects.filter(evidence=evidence):
        with pytest.raises(DecisionRefused):
            decide_again(
                row_id=row.pk, person_id=room.persons[1].pk, reason="Fel", actor=room.trainer
            )


def test_nothing_is_decided_again_in_a_locked_month(room: Room) -> None:
    row = decided(room)
    with transaction.atomic(), operation("test.lock"):
        Month.objects.filter(first_day=datetime.date(2026, 9, 1)).update(state=Month.State.LOCKED)
    with pytest.raises(MonthLocked):
        decide_again(row_id=row.pk, person_id=None, reason="Fel", actor=room.trainer)
    assert Segment.objects.get().voided_at is None


def test_the_page_decides_a_row_again(room: Room) -> None:
    row = decided(room)
    client = signed_in(room.trainer)
    page = f"/tillfallen/{room.occasion.public_id}/rapport/{row.evidence.public_id}/"
    assert 'name="reason"' in client.get(page).content.decode()
    sent = {"person": room.persons[1].public_id, "reason": ""}
    client.post(f"{page}{row.public_id}/", sent)
    assert ReportRow.objects.get().person == room.persons[0]
    client.post(f"{page}{row.public_id}/", sent | {"reason": "Fel person"})
    assert ReportRow.objects.get().person == room.persons[1]


def waiting_page(room: Room) -> tuple[str, list[ReportRow]]:
    """The page of a report with three names that nobody knows, two of them the same."""
    names = ("Köket", "Ida", "Ida")
    evidence = counted(room, reports.teams([(each, JOIN, LEAVE, LONG, "") for each in names]))
    rows = list(ReportRow.objects.filter(evidence=evidence).order_by("number"))
    return f"/tillfallen/{room.occasion.public_id}/rapport/{evidence.public_id}/", rows


def of_row(row: ReportRow, person: str, reason: str = "") -> dict[str, str]:
    return {f"person-{row.public_id}": person, f"reason-{row.public_id}": reason}


def kept(response: Any) -> dict[str, tuple[str, str]]:
    """What stands on the page of each row that something was said of."""
    assert response.status_code == 422
    shown = [*response.context["waiting"], *response.context["settled"]]
    return {each.row.public_id: (each.said.person, each.said.reason) for each in shown if each.said}


def test_several_rows_are_decided_at_once_and_the_rest_is_kept(room: Room) -> None:
    page, (first, second, third) = waiting_page(room)
    sent = (
        of_row(first, "none", " ")
        | of_row(second, room.persons[0].public_id, "Sa sitt namn")
        | of_row(third, "", "Ringde och frågade")
    )
    answer = signed_in(room.trainer).post(page, sent)
    assert kept(answer) == {
        first.public_id: ("none", " "),
        third.public_id: ("", "Ringde och frågade"),
    }
    for words in ("Skriv varför", "Välj vem det är"):
        assert words in answer.content.decode()
    decided = ReportRow.objects.exclude(how=ReportRow.How.WAITING)
    assert [row.pk for row in decided] == [second.pk]
    assert Segment.objects.count() == 1


def test_a_row_taken_along_with_its_like_is_not_decided_twice(room: Room) -> None:
    page, (_first, second, third) = waiting_page(room)
    sent = of_row(second, room.persons[0].public_id, "Sa sitt namn")
    sent |= {f"alike-{second.public_id}": "1"} | of_row(third, room.persons[1].public_id)
    assert signed_in(room.trainer).post(page, sent).status_code == 302
    rows = ReportRow.objects.filter(pk__in=[second.pk, third.pk])
    assert {row.person_id for row in rows} == {room.persons[0].pk}


def test_nobody_chosen_and_somebody_made_up_decide_nothing(room: Room) -> None:
    page, (first, second, _third) = waiting_page(room)
    client = signed_in(room.trainer)
    assert client.post(page, {}).status_code == 422
    made_up = of_row(first, room.persons[0].public_id) | of_row(second, "finnsinte")
    assert client.post(page, made_up).status_code == 404
    assert not Segment.objects.exists()


def test_a_refused_new_decision_keeps_what_was_said_of_the_row(room: Room) -> None:
    page, (first, _second, _third) = waiting_page(room)
    client = signed_in(room.trainer)
    client.post(page, of_row(first, room.persons[0].public_id, "Sa sitt namn"))
    again = {"person": "none", "reason": ""}
    answer = client.post(f"{page}{first.public_id}/", again)
    assert kept(answer) == {first.public_id: ("none", "")}
    html = answer.content.decode()
    assert '<details class="govuk-details" open>' in html
    assert '<option value="none" selected>' in html
