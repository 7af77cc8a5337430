"""Whoever has not been told why time is reported is seen on the list (R-177, R-220)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.actions import record_receipt
from people.models import Receipt
from people.privacy import TIME_REPORTING, current, never_informed
from tests.clients import signed_in
from tests.programme.attendance.conftest import Room


def tagged(room: Room) -> tuple[int, int]:
    """How many are tagged, and how many the page says."""
    address = reverse("attendance:marking", args=[room.occasion.public_id])
    page = signed_in(room.trainer).get(address)
    rows = page.context["rows"]
    return sum(row.uninformed for row in rows), page.context["uninformed"]


def test_those_without_a_receipt_are_tagged_until_they_have_read(room: Room) -> None:
    before, said = tagged(room)
    assert before == said > 1
    version = current(TIME_REPORTING)
    assert version is not None
    persons = [row.person for row in room.occasion.invitations.select_related("person")]
    record_receipt(person=persons[0], version=version, channel="web", actor=None)
    assert tagged(room) == (before - 1, before - 1)
    for person in persons[1:]:
        record_receipt(person=person, version=version, channel="paper", actor=None)
    assert tagged(room) == (0, 0)


def test_the_question_costs_the_same_however_many(room: Room) -> None:
    persons = [row.person_id for row in room.occasion.invitations.all()]

    def asked(number: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            never_informed(persons[:number], TIME_REPORTING)
        return len(queries)

    assert asked(1) == asked(len(persons)) == 2


def test_without_the_text_nobody_is_uninformed(room: Room) -> None:
    assert never_informed([room.occasion.pk], "finns-inte") == set()
    assert not Receipt.objects.filter(version__notice__key="finns-inte").exists()


@pytest.mark.usefixtures("room")
def test_anyone_reads_the_text() -> None:
    page = Client().get("/tidsredovisning/")
    assert page.status_code == 200
    assert "Därför samlar vi in din tid" in page.content.decode()
    assert "Medfinansieras av" in page.content.decode()


def test_a_note_on_the_list_is_called_a_note(room: Room) -> None:
    address = reverse("attendance:marking", args=[room.occasion.public_id])
    page = signed_in(room.trainer).get(address).content.decode()
    assert ">Anteckning</label>" in page
    assert "Observera" not in page
