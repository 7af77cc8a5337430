"""A picture in a private collection is seen by those who may, and is not there for anybody else."""

import io
from collections.abc import Callable

import pytest
from django.core.files.images import ImageFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image as Drawing
from pytest_django import Settings
from wagtail.images.models import Image
from wagtail.models import Collection, CollectionViewRestriction

from audit.operations import operation
from cms import pictures
from cms.models import NewsIndexPage, NewsPage
from people.models import Capability, Organisation, User
from tests.clients import signed_in
from tests.cms.kept import Change, read
from tests.cms.people import writer
from tests.people import builders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
CANARY = "Hemlig kanarie"


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: object) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def picture(collection: Collection | None = None) -> Image:
    drawn = io.BytesIO()
    Drawing.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    drawn.seek(0)
    with transaction.atomic(), operation("test.picture"):
        made: Image = Image.objects.create(
            title=CANARY,
            file=ImageFile(drawn, name="kanarie.png"),
            collection=collection or Collection.get_first_root_node(),
        )
    return made


def private_collection(kind: str = CollectionViewRestriction.LOGIN) -> Collection:
    """A collection inside one that is shut."""
    with transaction.atomic(), operation("test.collection"):
        outer = Collection.get_first_root_node().add_child(name="Internt")
        inner = outer.add_child(name="Längre in")
        CollectionViewRestriction.objects.create(
            collection=outer, restriction_type=kind, password="x"
        )
    return inner


def addresses(image: Image) -> list[str]:
    """The file as it came, and a smaller copy."""
    return [image.file.url, image.get_rendition("width-20|format-webp").url]


def test_everyone_sees_a_public_picture() -> None:
    for address in addresses(picture()):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert answer["Content-Type"] in ("image/png", "image/webp")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-cache" in answer["Cache-Control"]
        again = Client().get(address, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304


@pytest.mark.parametrize(
    "kind", [CollectionViewRestriction.LOGIN, CollectionViewRestriction.PASSWORD]
)
def test_a_private_one_is_not_there_whatever_is_asked(kind: str) -> None:
    image = picture()
    found = addresses(image)
    tags = [Client().get(address)["ETag"] for address in found]
    with transaction.atomic(), operation("test.move"):
        image.collection = private_collection(kind)
        image.save()
    client = Client()
    for address, tag in zip(found, tags, strict=True):
        for headers in (
            {},
            {"If-None-Match": tag},
            {"If-None-Match": "*"},
            {"Range": "bytes=0-10"},
            {"If-Modified-Since": "Mon, 01 Jan 2035 00:00:00 GMT"},
        ):
            for method in (client.get, client.head):
                answer = method(address, headers=headers)
                assert answer.status_code == 404, (address, headers)
                assert "ETag" not in answer


def test_the_guard_is_what_hides(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the word on what is private the same request gets the file."""
    found = addresses(picture(private_collection()))
    assert {Client().get(address).status_code for address in found} == {404}
    monkeypatch.setattr(pictures, "_restrictions_on", lambda image, paths: [])
    assert {Client().get(address).status_code for address in found} == {200}


def _reader() -> User:
    return builders.account("reader")


def _builder_of_forms() -> User:
    user = builders.account("builder")
    city = Organisation.objects.get(parent=None)
    builders.holds(user, "builder", city, Capability.MANAGE_DEFINITIONS)
    return user


@pytest.mark.parametrize(
    ("make", "kind", "status"),
    [
        (writer, CollectionViewRestriction.PASSWORD, 200),
        (_reader, CollectionViewRestriction.PASSWORD, 404),
        (_builder_of_forms, CollectionViewRestriction.PASSWORD, 404),
        (_reader, CollectionViewRestriction.LOGIN, 200),
        (_reader, CollectionViewRestriction.GROUPS, 404),
    ],
)
def test_who_may_see_it(make: Callable[[], User], kind: str, status: int) -> None:
    with transaction.atomic(), operation("test.user"):
        user = make()
    client = signed_in(user)
    for address in addresses(picture(private_collection(kind))):
        answer = client.get(address)
        assert answer.status_code == status
        assert "public" not in answer.get("Cache-Control", "")


def test_the_editors_interface_tells_only_those_who_work_with_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    image = picture(private_collection())
    with transaction.atomic(), operation("test.user"):
        builder, editor = _builder_of_forms(), writer()
    for address in (
        "/cms/api/main/images/",
        f"/cms/api/main/images/{image.pk}/",
        "/cms/images/",
        "/cms/images/chooser/",
        f"/cms/images/chooser/{image.pk}/",
        f"/cms/images/{image.pk}/",
        f"/cms/images/usage/{image.pk}/",
    ):
        assert CANARY not in signed_in(builder).get(address).content.decode(), address
    assert CANARY in signed_in(editor).get("/cms/api/main/images/").content.decode()
    # The control: Wagtail's own shows it to everyone in the editor.
    monkeypatch.delattr(pictures.PermittedImagesViewSet, "get_queryset")
    assert CANARY in signed_in(builder).get("/cms/api/main/images/").content.decode()


def test_a_page_for_everyone_leaves_a_private_picture_out(
    change: Change, settings: Settings
) -> None:
    settings.PUBLIC_PAGES_KEPT_SECONDS = 3600
    image = picture()
    index = NewsIndexPage.objects.get(locale__language_code="sv")

    def publish() -> None:
        page = NewsPage(
            title="Nytt", slug="nytt", picture=image, picture_alt="En bild", lead="Läs mer."
        )
        page.body = [("picture", {"picture": image, "caption": "Under bilden"})]
        index.add_child(instance=page)
        page.save_revision().publish()

    change(publish)
    shown = read(Client(), "/nyheter/nytt/")
    assert shown.count("/media/images/") == 3
    assert "Under bilden" in shown

    def shut() -> None:
        CollectionViewRestriction.objects.create(
            collection=image.collection, restriction_type=CollectionViewRestriction.LOGIN
        )

    change(shut)
    hidden = read(Client(), "/nyheter/nytt/")
    assert "/media/" not in hidden
    assert "/media/" not in read(Client(), "/nyheter.atom") + read(Client(), "/sitemap.xml")


@pytest.mark.parametrize("name", ["nothing.png", "../settings.py", "images/x.svg", "a\x00.png"])
def test_what_is_no_picture_is_not_there(name: str) -> None:
    assert Client().get(f"/media/{name}").status_code == 404


def test_a_picture_costs_few_questions() -> None:
    address = addresses(picture())[1]
    Client().get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        Client().get(address)
    assert len(captured) <= 3
