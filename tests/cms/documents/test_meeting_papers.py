"""Minutes are documents: put up by the office, read by members, public only through the gate."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from audit.models import ReadEvent
from audit.operations import operation
from cms.documents import meetings
from cms.models import RegisteredDocument
from programme.governance.papers import papers_of
from programme.models import Meeting
from tests.clients import signed_in
from tests.cms.documents import builders as documents
from tests.programme.governance.builders import Steering, held, steering

NOW = datetime.datetime(2026, 6, 10, 10, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def group(db: None) -> Steering:
    return steering()


def put_up(group: Steering, meeting: Meeting, content: bytes = b"", name: str = "p.pdf") -> int:
    """The answer to the form."""
    file = SimpleUploadedFile(name, content or documents.tagged())
    sent = {"title": "Protokoll", "kind": "minutes", "dated_on": "2026-02-10", "file": file}
    address = reverse("documents:meeting_paper_new", args=[meeting.public_id])
    return signed_in(group.leader).post(address, sent).status_code


def test_members_read_minutes_and_nobody_else_does(group: Steering) -> None:
    meeting = held(group, datetime.date(2026, 2, 10))
    assert put_up(group, meeting) == 302
    paper = papers_of([meeting.pk])[meeting.pk][0]
    assert paper.minutes
    page = signed_in(group.member).get(reverse("governance:meeting", args=[meeting.public_id]))
    assert paper.address in page.content.decode()
    answer = signed_in(group.member).get(paper.address)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert ReadEvent.objects.filter(name="document.read_meeting").count() == 1
    assert signed_in(group.outsider).get(paper.address).status_code == 404
    assert Client().get(paper.address).status_code == 302
    # Not public: the public address does not know of it.
    document = RegisteredDocument.objects.get()
    assert Client().get(f"/handlingar/{document.public_id}/").status_code == 404


def test_a_file_that_is_not_what_its_name_says_is_not_put_up(group: Steering) -> None:
    meeting = held(group, datetime.date(2026, 2, 10))
    assert put_up(group, meeting, b"<html>", "protokoll.pdf") == 422
    assert put_up(group, meeting, b"MZ", "protokoll.exe") == 422
    assert not RegisteredDocument.objects.exists()


def test_a_document_of_no_meeting_or_of_tenders_is_not_handed_out_here(group: Steering) -> None:
    meeting = held(group, datetime.date(2026, 2, 10))
    put_up(group, meeting)
    document = RegisteredDocument.objects.get()
    assert meetings.readable(group.programme).get() == document
    with transaction.atomic(), operation("test.phase"):
        RegisteredDocument.objects.update(phase=RegisteredDocument.Phase.TENDERS)
    address = reverse("documents:meeting_paper", args=[document.public_id])
    assert signed_in(group.member).get(address).status_code == 404
    assert papers_of([meeting.pk])[meeting.pk] == []
