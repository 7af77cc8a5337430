"""Letting out: one asks, the gate looks, another decides."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Operation
from audit.operations import operation
from cms import inbox
from cms.documents import actions
from cms.documents.errors import NotAllowed, OwnRequest, Refused, Stale, Stopped
from cms.models import Publication, RegisteredDocument, StandardPage
from people.models import Capability, Organisation
from tests.cms import people
from tests.cms.documents import builders as make
from tests.cms.documents.conftest import Desk
from tests.people import builders
from workflows import queries

REASON = "Numret är hämtat ur ett uppdiktat exempel"
PERSON = "870412-9801"


def ask(document: RegisteredDocument, desk: Desk, **reasons: str) -> Publication:
    version = document.versions.first()
    assert version is not None
    return actions.ask(version=version, reasons=reasons, actor=desk.writer)


def is_public(document: RegisteredDocument) -> bool:
    return RegisteredDocument.objects.public().filter(pk=document.pk).exists()


def test_a_document_is_public_when_a_second_person_has_approved(desk: Desk) -> None:
    document = make.document(by=desk.writer)
    publication = ask(document, desk)
    assert not is_public(document)
    actions.approve(publication_id=publication.pk, reasons={}, actor=desk.second)
    assert is_public(document)
    assert list(
        Operation.objects.filter(subject=document.public_id).values_list("name", flat=True)
    ) == ["document.ask", "document.publish"]


def test_nobody_publishes_alone(desk: Desk) -> None:
    document = make.document(by=desk.writer)
    publication = ask(document, desk)
    with pytest.raises(OwnRequest):
        actions.approve(publication_id=publication.pk, reasons={}, actor=desk.writer)
    assert not is_public(document)


def test_whoever_put_the_file_there_does_not_approve_it_either(desk: Desk) -> None:
    document = make.document(by=desk.second)
    publication = ask(document, desk)
    with pytest.raises(OwnRequest):
        actions.approve(publication_id=publication.pk, reasons={}, actor=desk.second)


def test_who_does_not_publish_can_neither_ask_nor_approve(desk: Desk) -> None:

    with transaction.atomic(), operation("test.stranger"):
        stranger = builders.account("stranger")
    document = make.document(by=desk.writer)
    version = document.versions.get()
    with pytest.raises(NotAllowed):
        actions.ask(version=version, reasons={}, actor=stranger)
    publication = ask(document, desk)
    with pytest.raises(NotAllowed):
        actions.approve(publication_id=publication.pk, reasons={}, actor=stranger)
    with pytest.raises(NotAllowed):
        actions.withdraw(publication_id=publication.pk, reason="x" * 20, actor=stranger)


def test_the_gate_stops_an_untagged_file_until_there_is_a_web_page(desk: Desk) -> None:
    document = make.document(make.untagged(), by=desk.writer)
    with pytest.raises(Stopped) as stopped:
        ask(document, desk)
    assert {one.code for one in stopped.value.left} == {"pdf_tags", "pdf_title", "pdf_language"}
    document.alternative = StandardPage.objects.first()

    with transaction.atomic(), operation("test.alternative"):
        document.save()
    assert ask(document, desk).state == Publication.State.WAITING


def test_a_reason_is_an_operation_of_its_own(desk: Desk) -> None:
    document = make.document(b"Skriv till kurser@example.org", by=desk.writer, name="info.txt")
    with pytest.raises(Stopped):
        ask(document, desk, email="ok")
    publication = ask(document, desk, email="Funktionsadress för alla")
    override = publication.overrides.get()
    assert (override.code, override.given_by) == ("email", desk.writer)
    written = Operation.objects.get(name="document.override")
    assert written.reason == "Funktionsadress för alla"


def test_personal_numbers_take_two_reasons_from_two_people(desk: Desk) -> None:
    document = make.document(f"Nummer {PERSON}".encode(), by=desk.writer, name="info.txt")
    with pytest.raises(Stopped):
        ask(document, desk)
    publication = ask(document, desk, personal_number=REASON)
    with pytest.raises(Stopped):
        actions.approve(publication_id=publication.pk, reasons={}, actor=desk.second)
    assert not is_public(document)
    actions.approve(
        publication_id=publication.pk,
        reasons={"personal_number": "Jag har kontrollerat exemplet"},
        actor=desk.second,
    )
    assert is_public(document)
    assert publication.overrides.count() == 2
    stored = str(list(Publication.objects.values())) + str(list(publication.overrides.values()))
    assert PERSON not in stored


def test_a_file_that_is_replaced_meanwhile_is_asked_for_anew(desk: Desk) -> None:
    document = make.document(by=desk.writer)
    publication = ask(document, desk)
    make.replace(document, make.tagged("Något annat."), by=desk.writer, change="Nytt")
    with pytest.raises(Stale):
        actions.approve(publication_id=publication.pk, reasons={}, actor=desk.second)
    assert not is_public(document)


def test_what_has_gone_missing_since_is_seen_at_the_approval(desk: Desk) -> None:
    document = make.document(by=desk.writer)
    publication = ask(document, desk)

    document.record_number = ""
    with transaction.atomic(), operation("test.emptied"):
        document.save()
    with pytest.raises(Stopped) as stopped:
        actions.approve(publication_id=publication.pk, reasons={}, actor=desk.second)
    assert [one.code for one in stopped.value.left] == ["record_number"]


def test_returning_needs_words_and_withdrawing_a_reason(desk: Desk) -> None:
    document = make.document(by=desk.writer)
    publication = ask(document, desk)
    with pytest.raises(Refused):
        actions.give_back(publication_id=publication.pk, note="nej", actor=desk.second)
    actions.give_back(
        publication_id=publication.pk, note="Datumet är fel i rubriken", actor=desk.second
    )
    again = ask(document, desk)
    actions.approve(publication_id=again.pk, reasons={}, actor=desk.second)
    with pytest.raises(Refused):
        actions.withdraw(publication_id=again.pk, reason="", actor=desk.writer)
    actions.withdraw(publication_id=again.pk, reason="Fel handling lades upp", actor=desk.writer)
    assert not is_public(document)


def test_the_desk_shows_findings_and_takes_the_decision(desk: Desk) -> None:
    document = make.document(make.untagged(), by=desk.writer)
    writer, second = desk.as_user(desk.writer), desk.as_user(desk.second)
    gate = reverse("document_gate", args=[document.pk])
    page = writer.get(gate).content.decode()
    assert "PDF/UA-1 7.1" in page
    assert writer.post(gate).status_code == 422
    reasons = {
        f"reason-{code}": "Ersätts av en ny fil i nästa vecka"
        for code in ("pdf_tags", "pdf_title", "pdf_language")
    }
    assert writer.post(gate, reasons).status_code == 302
    publication = Publication.objects.get()
    decide = reverse("document_decide", args=[publication.pk])
    own = writer.post(decide, {"do": "approve"})
    assert own.status_code == 422
    assert not is_public(document)
    assert str(document.title) in second.get(reverse("document_desk")).content.decode()
    assert second.post(decide, {"do": "approve"}).status_code == 302
    assert is_public(document)


def test_who_edits_forms_only_does_not_come_in(desk: Desk) -> None:

    with transaction.atomic(), operation("test.other"):
        other = builders.account("other")
        city = Organisation.objects.get(code="city")
        builders.holds(other, "builder", city, Capability.MANAGE_DEFINITIONS)
    document = make.document(by=desk.writer)
    client = desk.as_user(other)
    for name, args in (
        ("document_desk", []),
        ("document_gate", [document.pk]),
        ("document_file", [document.pk, 1]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 302, name


def test_what_waits_is_in_the_second_person_s_inbox(desk: Desk) -> None:
    publication = ask(make.document(by=desk.writer, title="Beslut om lokaler"), desk)
    page = desk.as_user(desk.second).get("/arbete/").content.decode()
    assert "Beslut om lokaler" in page
    assert reverse("document_decide", args=[publication.pk]) in page
    assert queries.waiting_count(desk.second) == 1
    # Nor for whoever asked, whoever put the file there, or whoever does not publish.
    assert queries.waiting_count(desk.writer) == 0
    other = ask(make.document(by=desk.second, title="Beslut om annat"), desk)
    assert "Beslut om annat" not in desk.as_user(desk.second).get("/arbete/").content.decode()
    actions.approve(publication_id=publication.pk, reasons={}, actor=desk.second)
    assert "Beslut om lokaler" not in desk.as_user(desk.second).get("/arbete/").content.decode()
    with transaction.atomic(), operation("test.more"):
        reader, third = people.approver(), make.publisher("third")
    # Whoever only approves pages is asked about no documents.
    assert inbox.ToPublish().count(reader, 10) == 0
    assert inbox.ToPublish().count(third, 10) == 1
    assert other.state == Publication.State.WAITING


def test_the_inbox_asks_once_for_pages_and_documents(desk: Desk) -> None:
    with transaction.atomic(), operation("test.more"):
        third = people.both("third")
    source = inbox.ToPublish()
    source.is_for(third)
    for number in range(3):
        ask(make.document(by=desk.writer, title=f"Beslut {number}"), desk)
        with CaptureQueriesContext(connection) as asked:
            rows = source.rows(third, 25)
        # The account's groups, for the pages; and everything that waits.
        assert len(asked) <= 2
    assert [row.title for row in rows] == ["Beslut 0", "Beslut 1", "Beslut 2"]
