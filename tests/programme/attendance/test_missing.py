"""Whom a meeting report lacks: everyone on the list without a row, and nobody absent by it."""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from programme.attendance import importing
from programme.models import Attendance, Invitation
from tests.clients import signed_in
from tests.programme.attendance import reports
from tests.programme.attendance.conftest import Room
from tests.programme.attendance.received import JOIN, LEAVE, LONG, receive


def missing_on(page: str) -> str:
    """What the page says of those who are not in the report."""
    return page.partition('id="saknas"')[2].partition("</section>")[0]


def test_the_preview_lists_those_invited_who_are_not_in_the_report(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, away, gone = room.persons[0], room.persons[1], room.persons[2]
    with transaction.atomic(), operation("test.answers"):
        invited = Invitation.objects.filter(occasion=room.occasion)
        invited.filter(person=away).update(answer=Invitation.Answer.NOT_COMING)
        invited.filter(person=gone).update(withdrawn_at=timezone.now())
    evidence = receive(room, reports.teams([("A", JOIN, LEAVE, LONG, there.email)]))
    client = signed_in(room.trainer)
    address = reverse("attendance:report", args=[room.occasion.public_id, evidence.public_id])
    said = missing_on(client.get(address).content.decode())
    assert there.last_name not in said
    assert gone.last_name not in said
    expected = [person for person in room.persons if person not in (there, gone)]
    assert said.count("<li>") == len(expected)
    assert all(person.last_name in said for person in expected)
    assert said.count("Kan inte komma") == 1
    # Nothing is written by looking: nobody becomes absent.
    assert not Attendance.objects.filter(occasion=room.occasion).exists()
    # Counted, the list stays and is the same.
    importing.confirm(evidence_id=evidence.pk, actor=room.trainer)
    assert missing_on(client.get(address).content.decode()).count("<li>") == len(expected)
    # The control: without the look at whom the rows are, everyone would be missing.
    monkeypatch.setattr(importing, "missing_from", lambda occasion, rows: list(invited))
    assert there.last_name in missing_on(client.get(address).content.decode())
