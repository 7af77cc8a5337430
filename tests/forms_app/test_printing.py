"""An answer as a PDF: what it says, who may have it, and that everyone can read it."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from pypdf import PdfReader

from audit.models import ReadEvent
from audit.operations import operation
from forms_app import access, actions, printing
from forms_app.models import Submission
from people.models import Person

from .conftest import Room


@pytest.fixture(autouse=True)
def _swedish() -> Iterator[None]:
    with translation.override("sv"):
        yield


@pytest.fixture
def made(room: Room) -> Submission:
    """An answer of Alice's about Anna."""
    raw = {"person": room.anna.public_id, "manager": "nej", "other_need": "Skrivtolk & <b>ljus</b>"}
    return actions.submit_answers(version=room.version, raw=raw, actor=room.alice)


def address(made: Submission) -> str:
    return f"/svar/{made.public_id}/utskrift.pdf"


def read(client: Client, made: Submission) -> PdfReader:
    answer = client.get(address(made))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    return PdfReader(io.BytesIO(answer.content))


def text_of(reader: PdfReader) -> str:
    return " ".join("".join(page.extract_text() for page in reader.pages).split())


def test_it_says_what_was_asked_answered_and_by_which_version(
    made: Submission, room: Room, client: Client
) -> None:
    client.force_login(room.alice)
    reader = read(client, made)
    text = text_of(reader)
    for words in (
        "Provformulär",
        "Svar på version 1",
        "Är hen chef?",
        "Skrivtolk & <b>ljus</b>",
        "Anna Testsson",
        made.public_id,
        made.digest,
        room.version.digest,
    ):
        assert words in text
    assert "Antal medarbetare" not in text  # it was never asked


def test_everyone_can_read_it(made: Submission, room: Room, client: Client) -> None:
    client.force_login(room.alice)
    reader = read(client, made)
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "sv"
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Provformulär")


def test_it_is_for_those_who_may_see_the_answer(
    made: Submission, room: Room, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get(address(made)).status_code == 302
    client.force_login(room.bob)
    assert client.get(address(made)).status_code == 404
    assert not ReadEvent.objects.exists()
    # The control: with the guard off he would have it.
    with monkeypatch.context() as off:
        off.setattr(access, "may_see_submission", lambda user, submission: True)
        assert client.get(address(made)).status_code == 200
    assert client.get(address(made)).status_code == 404
    monkeypatch.setattr(access, "_FILE_VIEWERS", [lambda user, submission: user == room.bob])
    assert client.get(address(made)).status_code == 200


def test_reading_it_is_noted(made: Submission, room: Room, client: Client) -> None:
    client.force_login(room.alice)
    read(client, made)
    event = ReadEvent.objects.get()
    assert (event.name, event.subject) == ("form.printout", made.public_id)


def test_protected_persons_are_masked_as_on_the_page(
    made: Submission, room: Room, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "_FILE_VIEWERS", [lambda user, submission: True])
    client.force_login(room.bob)
    assert "Anna Testsson" in text_of(read(client, made))
    with transaction.atomic(), operation("test"):
        Person.objects.filter(pk=room.anna.pk).update(protected=True)
    assert "Anna Testsson" not in text_of(read(client, made))


def test_the_same_moment_gives_the_same_bytes(made: Submission, room: Room) -> None:
    now = timezone.now()
    first = printing.printed(made, room.alice, at=now)
    assert printing.printed(made, room.alice, at=now) == first
