"""Documents that editors put up: the page that lists them, and the address that serves them."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import NoReverseMatch
from pytest_django import Settings
from wagtail.documents.models import Document

from people import groups
from people.models import Capability
from people.setup import load_editors
from tests.people import builders

pytestmark = pytest.mark.usefixtures("operation")


@pytest.fixture
def document() -> Document:
    """A document without anything secret in it."""
    made = Document(title="Program", file=ContentFile(b"%PDF-1.4\n%%EOF", name="program.pdf"))
    made.save()
    return made


@pytest.fixture
def editor(client: Client) -> Client:
    """Somebody who edits the public pages."""
    load_editors()
    user = builders.account("kim")
    city = builders.organisation("city")
    builders.holds(user, "editor", city, Capability.MANAGE_CONTENT)
    groups.sync(user)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_editor_lists_documents(editor: Client, document: Document) -> None:
    response = editor.get("/cms/documents/")

    assert response.status_code == 200
    assert document.url in response.content.decode()


def test_a_document_is_handed_out_so_that_nothing_in_it_runs(
    client: Client, document: Document
) -> None:
    response = client.get(document.url)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_without_the_address_a_document_has_none(document: Document, settings: Settings) -> None:
    settings.ROOT_URLCONF = "config.system_urls"

    with pytest.raises(NoReverseMatch):
        document.url  # noqa: B018


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "script.js"])
def test_what_a_browser_would_run_is_refused(name: str) -> None:
    document = Document(title="x", file=ContentFile(b"<script>alert(1)</script>", name=name))

    with pytest.raises(ValidationError):
        document.full_clean()
