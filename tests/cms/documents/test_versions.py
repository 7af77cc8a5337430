"""Versions stay: the file, its digest, its address and its words."""

import contextlib
import hashlib

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, transaction
from django.db.utils import DatabaseError
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.documents.views import multiple
from wagtail.models import Collection, UploadedFile

from audit.operations import operation
from cms.documents.retention import kept_until
from cms.models import DocumentVersion, RegisteredDocument
from tests.cms.documents import builders as make
from tests.cms.documents.conftest import Desk


def form(document: RegisteredDocument | None = None, **more: object) -> dict[str, object]:
    """What the editor's form sends."""
    return {
        "title": document.title if document else "Nytt beslut",
        "record_number": make.NUMBER,
        "kind": "decision",
        "phase": "delivery",
        "direction": "own",
        "language": "sv",
        "retention": "fund",
        "collection": Collection.get_first_root_node().pk,
        "tags": "",
        **more,
    }


def test_a_file_put_up_in_the_editor_becomes_version_one(desk: Desk) -> None:
    content = make.tagged()
    answer = desk.as_user(desk.writer).post(
        reverse("wagtaildocs:add"), form(file=SimpleUploadedFile("Beslut å.pdf", content))
    )
    assert answer.status_code == 302, answer.content.decode()[:2000]
    version = DocumentVersion.objects.select_related("document").get()
    assert version.number == 1
    assert version.sha256 == hashlib.sha256(content).hexdigest()
    assert (version.name, version.created_by) == ("Beslut å.pdf", desk.writer)
    # The place in the store says nothing of the file.
    assert "eslut" not in str(version.file.name)
    assert not str(version.file.name).endswith(".pdf")


def test_replacing_needs_words_and_keeps_the_old_file(desk: Desk) -> None:
    document = make.document(by=desk.writer)
    first = document.versions.get()
    client, address = desk.as_user(desk.writer), reverse("wagtaildocs:edit", args=[document.pk])
    newer = make.tagged("Beslutet gäller från första april.")

    refused = client.post(address, form(document, file=SimpleUploadedFile("ny.pdf", newer)))
    assert refused.status_code == 200
    assert document.versions.count() == 1

    accepted = client.post(
        address,
        form(
            document,
            file=SimpleUploadedFile("ny.pdf", newer),
            replaced_because="Fel månad i beslutet",
            public_change="Rätt månad",
        ),
    )
    assert accepted.status_code == 302
    second, old = document.versions.all()
    assert (second.number, second.reason, second.change) == (
        2,
        "Fel månad i beslutet",
        "Rätt månad",
    )
    assert old == first
    with first.file.storage.open(str(first.file.name)) as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == first.sha256


def test_a_version_is_never_changed_or_taken_away(desk: Desk) -> None:
    version = make.document(by=desk.writer).versions.get()
    for change in (
        lambda: DocumentVersion.objects.filter(pk=version.pk).update(sha256="0" * 64),
        lambda: DocumentVersion.objects.filter(pk=version.pk).delete(),
    ):
        with (
            pytest.raises((InternalError, DatabaseError)),
            transaction.atomic(),
            operation("test.tamper"),
        ):
            change()
    version.refresh_from_db()
    assert version.sha256 != "0" * 64


def test_a_document_is_not_deleted_by_any_door(desk: Desk) -> None:
    document = make.document(by=desk.writer)
    with pytest.raises(PermissionDenied):
        document.delete()
    with pytest.raises(PermissionDenied):
        RegisteredDocument.objects.all().delete()
    client = desk.as_user(desk.writer)
    client.post(reverse("wagtaildocs:delete", args=[document.pk]))
    client.post(f"/cms/bulk/cms/registereddocument/delete/?id={document.pk}&next=/cms/documents/")
    assert RegisteredDocument.objects.filter(pk=document.pk).exists()


def test_several_files_at_once_lead_to_the_form_for_one(desk: Desk) -> None:
    client = desk.as_user(desk.writer)
    assert client.get("/cms/documents/multiple/add/").headers["Location"] == reverse(
        "wagtaildocs:add"
    )
    answer = client.post(
        "/cms/documents/multiple/add/",
        {"title": "x", "files[]": SimpleUploadedFile("a.pdf", make.tagged())},
    )
    assert answer.status_code == 422
    assert "fil i taget" in answer.json()["error_message"]
    assert not RegisteredDocument.objects.exists()
    assert not UploadedFile.objects.exists()


def test_without_that_door_shut_wagtail_takes_the_file(desk: Desk) -> None:
    """The control: Wagtail's own page for several files keeps it without a question."""
    request = RequestFactory().post(
        "/", {"title": "x", "files[]": SimpleUploadedFile("a.pdf", make.tagged())}
    )
    request.user = desk.writer
    # Its own answer is a form, which needs more of a request than is given here.
    with transaction.atomic(), operation("test.several"), contextlib.suppress(AttributeError):
        multiple.AddView.as_view()(request)
    assert UploadedFile.objects.exists()


def test_the_page_tells_changes_digest_and_how_to_cite(desk: Desk, client: Client) -> None:
    document = make.document(by=desk.writer)
    make.let_out(document, by=desk.writer, second=desk.second)
    make.replace(document, make.tagged("April."), by=desk.writer, change="Rätt månad i beslutet")
    hidden = client.get(document.url).content.decode()
    assert "Rätt månad" not in hidden

    make.let_out(document, by=desk.writer, second=desk.second)
    page = client.get(document.url).content.decode()
    new, old = document.versions.all()
    for expected in ("Ändringar", "Rätt månad i beslutet", new.sha256, old.sha256, make.NUMBER):
        assert expected in page
    assert f"{document.url}version/2/" in page

    newest = client.get(reverse("documents:newest", args=[document.public_id]))
    first = client.get(reverse("documents:version", args=[document.public_id, 1]))
    assert hashlib.sha256(b"".join(newest)).hexdigest() == new.sha256
    assert hashlib.sha256(b"".join(first)).hexdigest() == old.sha256


@pytest.mark.parametrize(
    ("retention", "day", "year", "expected"),
    [
        ("fund", None, 0, None),
        ("fund", None, 2029, "2034-12-31"),
        ("archive", None, 2029, None),
    ],
)
def test_the_funds_years_count_from_the_end_of_the_payments_year(
    retention: str, day: None, year: int, expected: str | None
) -> None:
    found = kept_until(retention=retention, keep_until=day, last_payment_year=year, years=5)
    assert (found.isoformat() if found else None) == expected
