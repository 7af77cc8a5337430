"""Material and tags that staff keep, copies of lectures, and the participant's own reflection."""

import pytest
from django.db import transaction
from django.urls import reverse

from audit.operations import operation
from programme.errors import NotAllowed, Refused
from programme.lectures import copying
from programme.lectures import material as shelf
from programme.models import Lecture, LectureTag, Material, Recording, Reflection
from reports.my_data import collect
from tests.clients import signed_in
from tests.programme.lectures.builders import Scene


def put(scene: Scene, title: str = "Checklista", **more: object) -> Material:
    given: dict[str, object] = {"address": "", "text": "Läs högt.", "actor": scene.maker}
    return shelf.put_material(
        lecture_id=scene.lecture.pk,
        title=title,
        **(given | more),  # type: ignore[arg-type]
    )


def reviewed(scene: Scene, material: Material) -> Material:
    """As a colleague lets participants see it."""
    return shelf.review_material(
        lecture_id=scene.lecture.pk,
        material_id=material.pk,
        yes=[one.pk for one in shelf.questions(scene.lecture.programme)],
        actor=scene.world.administrator,
    )


def test_material_is_put_up_changed_and_taken_down(scene: Scene) -> None:
    page = reverse("lectures:material", args=[scene.lecture.public_id])
    client = signed_in(scene.maker)
    assert client.post(page, {"title": "Checklista", "in_use": "on"}).status_code == 422
    good = {"title": "Checklista", "text": "Läs högt.", "in_use": "on"}
    assert client.post(page, good).status_code == 302
    made = Material.objects.get(unit=scene.lecture.unit)
    change = f"{page}?andra={made.public_id}"
    assert "Läs högt." in client.get(change).content.decode()
    assert client.post(change, {"title": "Checklista", "text": "Läs tyst."}).status_code == 302
    made.refresh_from_db()
    assert (made.text, made.in_use) == ("Läs tyst.", False)
    assert made.history.count() == 2
    assert client.get(f"{page}?andra=xxxx").status_code == 404


def test_only_makers_keep_the_shelf(scene: Scene) -> None:
    chief = scene.world.chief
    with pytest.raises(NotAllowed):
        put(scene, actor=chief)
    assert signed_in(chief).get(reverse("lectures:tags")).status_code == 404
    assert not Material.objects.filter(unit=scene.lecture.unit).exists()


def test_too_much_is_refused(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST", 1)
    put(scene)
    with pytest.raises(Refused):
        put(scene, "En till")


def test_tags_are_added_renamed_and_taken_out_of_use(scene: Scene) -> None:
    page = reverse("lectures:tags")
    client = signed_in(scene.maker)
    new = {"kind": "area", "name": "Familjerätt", "in_use": "on"}
    assert client.post(page, new).status_code == 302
    assert client.post(page, {**new, "name": "familjerätt"}).status_code == 422
    tag = LectureTag.objects.get(name="Familjerätt")
    assert (
        client.post(f"{page}?andra={tag.pk}", {"kind": "area", "name": "Barn"}).status_code == 302
    )
    tag.refresh_from_db()
    assert (tag.name, tag.in_use) == ("Barn", False)


def test_a_copy_has_settings_and_material_and_nothing_of_what_was_held(scene: Scene) -> None:
    reviewed(scene, put(scene))
    put(scene, "Väntar")
    taken_down = put(scene, "Gammalt")
    put(scene, "Gammalt", material_id=taken_down.pk, in_use=False)
    page = reverse("lectures:copy", args=[scene.lecture.public_id])
    assert signed_in(scene.maker).post(page).status_code == 302
    made = Lecture.objects.order_by("-pk")[0]
    assert made.pk != scene.lecture.pk
    assert made.unit.title.startswith(scene.lecture.unit.title)
    assert made.state != Lecture.State.OPEN
    assert made.principles == scene.lecture.principles
    assert made.unit.minutes == scene.lecture.unit.minutes
    assert [one.title for one in made.unit.materials.all()] == ["Checklista"]
    assert not Recording.objects.filter(lecture=made).exists()
    with pytest.raises(NotAllowed):
        copying.copy_lecture(lecture_id=scene.lecture.pk, actor=scene.world.chief)


def test_a_reflection_is_among_my_data_and_not_in_history(scene: Scene) -> None:
    person = scene.world.staff[0]
    person.refresh_from_db()
    assert person.user is not None
    with transaction.atomic(), operation("reflection.write"):
        Reflection.objects.create(lecture=scene.lecture, person=person, text="Jag vill fråga mer.")
    holding = collect.about(person, person.user)
    told = str([row.data for group in holding.groups for row in group.rows])
    assert "Jag vill fråga mer." in told
    assert "Jag vill fråga mer." not in str([each.event for each in holding.events])


def test_without_the_exception_it_would_be_left_out(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    person = scene.world.staff[0]
    person.refresh_from_db()
    assert person.user is not None
    with transaction.atomic(), operation("reflection.write"):
        Reflection.objects.create(lecture=scene.lecture, person=person, text="Jag vill fråga mer.")
    monkeypatch.setattr(collect, "OWN_WORDS", {})
    holding = collect.about(person, person.user)
    assert "Jag vill fråga mer." not in str(
        [row.data for group in holding.groups for row in group.rows]
    )
