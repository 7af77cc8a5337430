"""A decided row of a meeting report is decided again: with a reason, by a human, in an open month."""

import datetime
from typing import Any

import pytest
from django.db import transaction

from audit.operations import operation
from people.models import Person
from programme.attendance import importing, rules
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
from tests.programme.attendance import reports
from tests.programme.attendance.conftest import Room, signed_in
from tests.programme.attendance.received import JOIN, LEAVE, LONG, counted


def decided(room: Room) -> ReportRow:
    """A row that somebody has given to the first person."""
    evidence = counted(room, reports.teams([("Anna", JOIN, LEAVE, LONG, "")]))
    row = ReportRow.objects.get(evidence=evidence)
    importing.decide(row_id=row.pk, person_id=room.persons[0].pk, reason="", actor=room.trainer)
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


def test_a_refused_decision_keeps_what_was_said_of_the_row(room: Room) -> None:
    evidence = counted(
        room,
        reports.teams(
            [("Köket", JOIN, LEAVE, LONG, ""), ("Ida", JOIN, LEAVE, LONG, "")],
        ),
    )
    first, second = ReportRow.objects.filter(evidence=evidence).order_by("number")
    page = f"/tillfallen/{room.occasion.public_id}/rapport/{evidence.public_id}/"
    client = signed_in(room.trainer)

    def answer(row: ReportRow, **sent: str) -> dict[str, tuple[str, str]]:
        response = client.post(f"{page}{row.public_id}/", sent)
        assert response.status_code == 422
        shown = [*response.context["waiting"], *response.context["settled"]]
        return {
            each.row.public_id: (each.said.person, each.said.reason) for each in shown if each.said
        }

    # Nobody chosen, and nobody with no reason: the words and the choice both stand, in the row's own form.
    reason = "Ringde och frågade"
    assert answer(first, person="", reason=reason) == {first.public_id: ("", reason)}
    assert answer(second, person="none", reason=" ") == {second.public_id: ("none", " ")}
    sent = {"person": room.persons[0].public_id, "reason": "Sa sitt namn"}
    assert client.post(f"{page}{first.public_id}/", sent).status_code == 302
    again = {"person": "none", "reason": ""}
    assert answer(first, **again) == {first.public_id: ("none", "")}
    html = client.post(f"{page}{first.public_id}/", again).content.decode()
    assert '<details class="govuk-details" open>' in html
    assert '<option value="none" selected>' in html
