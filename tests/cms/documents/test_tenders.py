"""Tenders do not lie among the documents before the award decision: too many would read them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from audit.operations import operation
from cms.models import RegisteredDocument
from cms.setup import load_site
from programme.models import Procurement
from tests.cms.documents import builders as make
from tests.cms.documents.conftest import Desk
from tests.cms.documents.test_versions import form
from tests.programme.procurement import builders as procurements

SEALED = "Där är det förseglat"


@pytest.fixture
def procurement(db: None) -> Procurement:
    """One that takes tenders."""
    return procurements.announced(procurements.office())


@pytest.fixture
def desk(procurement: Procurement) -> Desk:
    """Two who publish, in the city that buys."""
    with transaction.atomic(), operation("test.desk"):
        load_site()
        return Desk(make.publisher("kim"), make.publisher("noor"))


def decide(procurement: Procurement) -> None:
    procurement.phase = Procurement.Phase.AWARDED
    with transaction.atomic(), operation("test.decided"):
        procurement.save()


def put_up(client: Client, procurement: Procurement | None, phase: str) -> str:
    """What the editor answers."""
    about: dict[str, object] = {"procurement": procurement.pk} if procurement else {}
    answer = client.post(
        reverse("wagtaildocs:add"),
        form(None, file=SimpleUploadedFile("anbud.pdf", make.tagged()), phase=phase) | about,
        follow=True,
    )
    return answer.content.decode()


@pytest.mark.parametrize("phase", RegisteredDocument.SECRET_PHASES)
def test_a_tender_is_refused_before_the_award(
    desk: Desk, procurement: Procurement, phase: str
) -> None:
    client = desk.as_user(desk.writer)
    assert SEALED in put_up(client, procurement, phase)
    assert not RegisteredDocument.objects.exists()
    # The control: what is not secret, and the same when the award is decided.
    assert SEALED not in put_up(client, procurement, "announcement")
    decide(procurement)
    assert SEALED not in put_up(client, procurement, phase)
    assert RegisteredDocument.objects.count() == 2


def test_a_tender_that_names_no_procurement_is_refused(desk: Desk) -> None:
    html = put_up(desk.as_user(desk.writer), None, "tenders")
    assert "Ange vilken upphandling den hör till." in html
    assert not RegisteredDocument.objects.exists()


def test_a_document_does_not_become_a_tender(desk: Desk, procurement: Procurement) -> None:
    document = make.document(by=desk.writer, procurement=procurement, phase="announcement")
    answer = desk.as_user(desk.writer).post(
        reverse("wagtaildocs:edit", args=[document.pk]),
        form(document, phase="tenders", procurement=procurement.pk),
    )
    assert SEALED in answer.content.decode()
    document.refresh_from_db()
    assert document.phase == "announcement"


def test_what_lies_there_from_before_is_opened_by_no_publisher(
    desk: Desk, procurement: Procurement
) -> None:
    document = make.document(by=desk.writer, procurement=procurement, phase="tenders")
    address = reverse("document_file", args=[document.pk, 1])
    for user in (desk.writer, desk.second):
        answer = desk.as_user(user).get(address)
        # The editor leads those who may not back to its first page.
        assert (answer.status_code, answer["Location"]) == (302, "/cms/")
    # The control.
    decide(procurement)
    assert desk.as_user(desk.writer).get(address).status_code == 200


def test_a_document_of_tenders_is_not_found_before_the_award(
    desk: Desk, procurement: Procurement
) -> None:
    document = make.document(by=desk.writer, title="Granatäpplen", procurement=procurement)
    make.let_out(document, by=desk.writer, second=desk.second)

    def finds() -> bool:
        html = Client().get("/sok/", {"q": "granatäpplen"}).content.decode()
        return ">Granatäpplen</a>" in html

    assert finds()
    document.phase = "evaluation"
    with transaction.atomic(), operation("test.tenders"):
        document.save()
    assert not finds()
    decide(procurement)
    assert finds()


def test_the_editor_shows_no_link_to_what_nobody_may_open(
    desk: Desk, procurement: Procurement
) -> None:
    document = make.document(by=desk.writer, procurement=procurement)
    client = desk.as_user(desk.writer)
    address = reverse("document_file", args=[document.pk, 1])
    pages = (
        reverse("document_gate", args=[document.pk]),
        reverse("wagtaildocs:edit", args=[document.pk]),
    )
    # The control: what is not secret has the link, and it leads somewhere.
    for page in pages:
        assert address in client.get(page).content.decode()
    assert client.get(address).status_code == 200
    document.phase = "tenders"
    with transaction.atomic(), operation("test.tenders"):
        document.save()
    for page in pages:
        assert address not in client.get(page).content.decode()
    # Wagtail's way to say no in the editor.
    assert client.get(address).headers["Location"] == "/cms/"
