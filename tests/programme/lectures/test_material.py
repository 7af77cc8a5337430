"""Material: a file that is checked, an address here or on the web, and the review before it shows."""

import io

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Operation
from audit.operations import operation
from people.models import User
from programme.errors import NotAllowed, Refused
from programme.lectures import material as keeping
from programme.models import Material, MaterialQuestion, Setting
from tests.clients import signed_in
from tests.people.builders import account
from tests.programme.lectures.builders import Scene
from tests.programme.registrations.builders import participant

TEXT = b"Att l\xc3\xa4sa f\xc3\xb6re tr\xc3\xa4ffen.\n"


def put(scene: Scene, **more: object) -> Material:
    given: dict[str, object] = {
        "title": "Checklista",
        "address": "",
        "text": "",
        "actor": scene.maker,
        "file": ("Att läsa.txt", io.BytesIO(TEXT)),
    }
    return keeping.put_material(
        lecture_id=scene.lecture.pk,
        **(given | more),  # type: ignore[arg-type]
    )


def review(scene: Scene, made: Material, *, actor: User | None = None, but: int = 0) -> Material:
    asked = keeping.questions(scene.lecture.programme)
    return keeping.review_material(
        lecture_id=scene.lecture.pk,
        material_id=made.pk,
        yes=[one.pk for one in asked[but:]],
        actor=actor or scene.world.administrator,
    )


def address_of(scene: Scene, made: Material) -> str:
    return reverse("lectures:file", args=[scene.lecture.public_id, made.public_id])


def follower(scene: Scene) -> User:
    """Somebody admitted to the project."""
    person = scene.world.staff[0]
    person.refresh_from_db()
    return person.user or participant(scene.world, person)


def shown(scene: Scene, user: User) -> str:
    page = reverse("lectures:lecture", args=[scene.lecture.public_id])
    return signed_in(user).get(page).content.decode()


def test_a_file_is_put_up_reviewed_and_fetched(scene: Scene) -> None:
    page = reverse("lectures:material", args=[scene.lecture.public_id])
    sent = {"title": "Läsning", "in_use": "on", "file": SimpleUploadedFile("../Att läsa.txt", TEXT)}
    assert signed_in(scene.maker).post(page, sent).status_code == 302
    made = Material.objects.get(title="Läsning")
    assert (made.file_name, made.content_type) == ("Att läsa.txt", "text/plain")
    user = follower(scene)
    assert "Läsning" not in shown(scene, user)
    assert signed_in(user).get(address_of(scene, made)).status_code == 404
    # Those who make lectures look at it before they answer.
    colleague = signed_in(scene.world.administrator)
    assert colleague.get(address_of(scene, made)).status_code == 200
    html = colleague.get(page).content.decode()
    asked = keeping.questions(scene.lecture.programme)
    assert len(asked) >= 2
    assert all(one.text in html for one in asked)
    answer = colleague.post(
        reverse("lectures:review", args=[scene.lecture.public_id, made.public_id]),
        {"yes": [one.pk for one in asked]},
    )
    assert answer.status_code == 302
    assert address_of(scene, made) in shown(scene, user)
    fetched = signed_in(user).get(address_of(scene, made))
    assert fetched.getvalue() == TEXT
    assert fetched["Content-Disposition"].startswith("attachment")
    assert fetched["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in fetched["Cache-Control"]
    made.refresh_from_db()
    assert made.review == [one.text for one in asked]
    assert Operation.objects.filter(name="unit.review").exists()


def test_only_those_who_may_open_the_lecture_fetch_it(scene: Scene) -> None:
    made = review(scene, put(scene))
    with transaction.atomic(), operation("test.stranger"):
        stranger = account("stranger")
    assert signed_in(stranger).get(address_of(scene, made)).status_code == 404
    assert Client().get(address_of(scene, made)).status_code == 302
    # The control: whoever takes part.
    assert signed_in(follower(scene)).get(address_of(scene, made)).status_code == 200


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ"), ("a.pdf", b"no pdf"), ("a.svg", b"<svg/>"), ("a.txt", b"")],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_not_kept(
    scene: Scene, name: str, content: bytes
) -> None:
    before = Material.objects.count()
    with pytest.raises(Refused):
        put(scene, file=(name, io.BytesIO(content)))
    assert Material.objects.count() == before


def test_the_largest_file_is_a_setting(scene: Scene) -> None:
    big = ("a.txt", io.BytesIO(b"a" * (1024 * 1024 + 1)))
    with transaction.atomic(), operation("test.setting"):
        Setting.objects.update_or_create(
            programme=scene.lecture.programme,
            key="material_megabytes",
            valid_from=scene.lecture.programme.starts_on,
            defaults={"value": 1},
        )
    with pytest.raises(Refused, match="1 MB"):
        put(scene, file=big)


@pytest.mark.parametrize("address", ["/resultat/", "https://example.org/a", "http://example.org/"])
def test_an_address_here_or_on_the_web_is_taken(scene: Scene, address: str) -> None:
    made = review(scene, put(scene, file=None, address=address))
    assert f'href="{address}"' in shown(scene, follower(scene))
    assert made.address == address


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "resultat",
        "ftp://a.se/",
        "/a b",
    ],
)
def test_an_address_that_leads_elsewhere_is_refused(scene: Scene, address: str) -> None:
    with pytest.raises(Refused):
        put(scene, file=None, address=address)


def test_nothing_to_read_is_refused(scene: Scene) -> None:
    with pytest.raises(Refused):
        put(scene, file=None)


def test_whoever_put_it_there_does_not_review_it(scene: Scene) -> None:
    made = put(scene)
    with pytest.raises(Refused):
        review(scene, made, actor=scene.maker)
    with pytest.raises(NotAllowed):
        review(scene, made, actor=scene.world.chief)
    made.refresh_from_db()
    assert made.needs_review


def test_the_database_refuses_it_too(scene: Scene) -> None:
    """The control: past the action."""
    made = put(scene)
    with pytest.raises(IntegrityError), transaction.atomic(), operation("test.past"):
        Material.objects.filter(pk=made.pk).update(reviewed_by=scene.maker)


def test_every_question_has_to_be_answered(scene: Scene) -> None:
    made = put(scene)
    with pytest.raises(Refused):
        review(scene, made, but=1)
    review(scene, made)
    with pytest.raises(Refused):
        review(scene, made)


def test_a_change_asks_for_another_review_and_taking_down_does_not(scene: Scene) -> None:
    made = review(scene, put(scene))
    kept = put(scene, material_id=made.pk, file=None, in_use=False)
    assert not kept.needs_review
    assert kept.file_name == "Att läsa.txt"
    changed = put(scene, material_id=made.pk, file=("Ny.txt", io.BytesIO(b"Nytt.")))
    assert changed.needs_review
    assert changed.reviewed_by is None
    # The file that was there stays where its history says.
    assert storages["private"].exists(made.path)


def test_without_the_review_participants_would_see_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same page, where «shown» means only «in use»."""
    put(scene, title="Otittat")
    user = follower(scene)
    assert "Otittat" not in shown(scene, user)
    rows = type(Material.objects.all())
    monkeypatch.setattr(rows, "shown", lambda self: self.filter(in_use=True))
    assert "Otittat" in shown(scene, user)


def test_the_questions_are_staffs_own(scene: Scene) -> None:
    page = reverse("lectures:questions")
    client = signed_in(scene.maker)
    assert client.post(page, {"text": "Är det kort?", "in_use": "on"}).status_code == 302
    question = MaterialQuestion.objects.get(text="Är det kort?")
    assert question in keeping.questions(scene.lecture.programme)
    assert client.post(f"{page}?andra={question.pk}", {"text": "Är det kort?"}).status_code == 302
    assert question not in keeping.questions(scene.lecture.programme)
    assert signed_in(scene.world.chief).get(page).status_code == 404
