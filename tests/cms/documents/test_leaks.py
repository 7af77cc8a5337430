"""Nothing that is not public gets out: by address, condition, editor, interface or search.

The classes are those that Wagtail has mended in later releases (collections that are
private, the editor's interface, the chooser, comparisons by ETag, files served beside
the view), and those of our own: embargo, unannounced and undecided procurements.
"""

import datetime
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction

from audit.operations import operation
from cms.documents import editor
from cms.models import RegisteredDocument
from people.models import Capability, Organisation
from tests.cms.documents import builders as make
from tests.cms.documents.conftest import Desk
from tests.people import builders

# In ASCII, so that it reads the same in JSON.
CANARY = "Hemlig kanarie"


def addresses(document: RegisteredDocument) -> list[str]:
    """Every address that leads to the document in public."""
    return [
        document.url,
        reverse("documents:newest", args=[document.public_id]),
        reverse("documents:version", args=[document.public_id, 1]),
        reverse("wagtaildocs_serve", args=[document.pk, document.filename]),
    ]


def published(desk: Desk) -> RegisteredDocument:
    document = make.document(by=desk.writer, title=CANARY)
    make.let_out(document, by=desk.writer, second=desk.second)
    return document


def change(document: RegisteredDocument, **fields: object) -> None:
    for name, value in fields.items():
        setattr(document, name, value)
    with transaction.atomic(), operation("test.change"):
        document.save()


def private_collection() -> Collection:
    """A collection inside one that asks for signing in."""
    with transaction.atomic(), operation("test.collection"):
        outer = Collection.get_first_root_node().add_child(name="Internt")
        inner = outer.add_child(name="Längre in")
        CollectionViewRestriction.objects.create(
            collection=outer, restriction_type=CollectionViewRestriction.LOGIN
        )
    return inner


def hide_as_draft(document: RegisteredDocument) -> None:
    publication = document.versions.get().publications.get()
    publication.state = "withdrawn"
    with transaction.atomic(), operation("test.draft"):
        publication.save()


def hide_by_embargo(document: RegisteredDocument) -> None:
    change(document, public_from=timezone.now() + datetime.timedelta(hours=1))


def hide_in_collection(document: RegisteredDocument) -> None:
    change(document, collection=private_collection())


HIDING = [hide_as_draft, hide_by_embargo, hide_in_collection]


@pytest.mark.parametrize("hide", HIDING)
def test_every_address_answers_404_whatever_is_asked(
    desk: Desk, hide: Callable[[RegisteredDocument], None]
) -> None:
    document = published(desk)
    tag = f'"{document.versions.get().sha256}"'
    client = Client()
    # The control: what is public is there, and answers conditions.
    newest = addresses(document)[1]
    assert client.get(newest).status_code == 200
    assert client.get(newest, headers={"If-None-Match": tag}).status_code == 304
    assert client.head(newest)["ETag"] == tag

    hide(document)
    for visitor in (client, desk.as_user(desk.writer)):
        for address in addresses(document):
            for headers in (
                {},
                {"If-None-Match": tag},
                {"If-None-Match": "*"},
                {"If-Match": tag},
                {"Range": "bytes=0-10"},
                {"If-Modified-Since": "Mon, 01 Jan 2035 00:00:00 GMT"},
                {"If-Unmodified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
            ):
                for method in (visitor.get, visitor.head):
                    answer = method(address, headers=headers)
                    assert answer.status_code == 404, (address, headers)
                    assert "ETag" not in answer
                    assert CANARY not in answer.content.decode()
    assert CANARY not in client.get("/handlingar/").content.decode()
    assert CANARY not in client.get("/handlingar/", {"sok": CANARY}).content.decode().replace(
        f'value="{CANARY}"', ""
    )


def test_the_guard_is_what_hides(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the guard off, the same requests find the document."""
    document = published(desk)
    hide_by_embargo(document)

    def everything(self: QuerySet[RegisteredDocument]) -> QuerySet[RegisteredDocument]:
        return self.all()

    monkeypatch.setattr(type(RegisteredDocument.objects.all()), "public", everything)
    assert Client().get(addresses(document)[1]).status_code == 200


def test_an_embargo_ends_by_itself(desk: Desk) -> None:
    document = published(desk)
    hide_by_embargo(document)
    assert Client().get(document.url).status_code == 404
    change(document, public_from=timezone.now() - datetime.timedelta(seconds=1))
    assert Client().get(document.url).status_code == 200


def test_files_are_handed_out_so_that_nothing_in_them_runs(desk: Desk) -> None:
    document = published(desk)
    answer = Client().get(addresses(document)[1])
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-cache" in answer["Cache-Control"]


def test_wagtails_own_address_leads_to_ours(desk: Desk) -> None:
    document = published(desk)
    answer = Client().get(addresses(document)[3])
    assert (answer.status_code, answer["Location"]) == (302, addresses(document)[1])


def test_no_file_lies_where_the_web_server_looks(desk: Desk) -> None:
    document = published(desk)
    name = document.file.name
    assert not (settings.MEDIA_ROOT and (settings.BASE_DIR / settings.MEDIA_ROOT / name).exists())
    assert Client().get(f"/media/{name}", follow=True).status_code == 404


def builder_of_forms(desk: Desk) -> Client:
    """Somebody in the editor who has nothing to do with documents."""
    with transaction.atomic(), operation("test.builder"):
        user = builders.account("builder")
        city = Organisation.objects.get(code="city")
        builders.holds(user, "builder", city, Capability.MANAGE_DEFINITIONS)
    return desk.as_user(user)


def test_the_editors_interface_and_chooser_tell_only_those_who_work_with_documents(
    desk: Desk,
) -> None:
    document = published(desk)
    hide_as_draft(document)
    builder, writer = builder_of_forms(desk), desk.as_user(desk.writer)
    for address in (
        "/cms/api/main/documents/",
        f"/cms/api/main/documents/{document.pk}/",
        "/cms/documents/",
        "/cms/documents/chooser/",
        f"/cms/documents/chooser/{document.pk}/",
        f"/cms/documents/chooser/chosen-multiple/?id={document.pk}",
        f"/cms/documents/edit/{document.pk}/",
        f"/cms/documents/usage/{document.pk}/",
    ):
        answer = builder.get(address)
        assert CANARY not in answer.content.decode(), address
    assert CANARY in writer.get("/cms/api/main/documents/").content.decode()
    assert CANARY in writer.get("/cms/documents/chooser/").content.decode()


def test_the_interface_would_leak_without_our_filter(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: Wagtail's own view shows the title to anyone in the editor."""
    document = published(desk)
    monkeypatch.delattr(editor.PermittedDocumentsViewSet, "get_queryset")
    answer = builder_of_forms(desk).get("/cms/api/main/documents/")
    assert document.title in answer.content.decode()


def test_the_list_asks_no_more_for_many_documents(desk: Desk) -> None:
    published(desk)
    client = Client()
    client.get("/handlingar/")
    with CaptureQueriesContext(connection) as few:
        client.get("/handlingar/")
    for _number in range(4):
        published(desk)
    with CaptureQueriesContext(connection) as many:
        client.get("/handlingar/")
    assert len(many) == len(few)


def feed() -> str:
    return Client().get("/handlingar.atom").content.decode()


@pytest.mark.parametrize("hide", HIDING)
def test_the_feed_tells_only_of_what_is_public(
    desk: Desk, hide: Callable[[RegisteredDocument], None]
) -> None:
    document = published(desk)
    # The control.
    assert CANARY in feed()
    assert f"http://testserver{document.url}" in feed()
    hide(document)
    assert CANARY not in feed()
    assert document.public_id not in feed()


def test_the_feed_begins_with_what_was_let_out_last_and_costs_the_same(desk: Desk) -> None:
    def price() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            feed()
        return len(captured)

    first = published(desk)
    price()
    few = price()
    for number in range(3):
        other = make.document(by=desk.writer, title=f"Beslut {number}")
        make.let_out(other, by=desk.writer, second=desk.second)
    assert price() == few
    assert feed().index("Beslut 2") < feed().index(CANARY)
    make.replace(first, make.tagged("Nytt datum."), by=desk.writer, change="Nytt datum")
    make.let_out(first, by=desk.writer, second=desk.second)
    text = feed()
    assert text.index(CANARY) < text.index("Beslut 2")
    assert "Nytt datum" in text
    assert few == price()


def test_the_list_leads_to_the_feed(desk: Desk) -> None:
    assert (
        'href="/handlingar.atom"' in Client().get("/handlingar/").content.decode().split("<main")[1]
    )
