"""Why people leave a course: a kind is stated, kept, and offered only while it is in use (R-243)."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from audit.operations import operation
from programme.errors import NotAllowed, ReasonNeeded, Refused
from programme.groups import admission, leaving, placing
from programme.models import Group, LeavingReason, Participation, Programme
from tests.clients import signed_in
from tests.programme.builders import World
from tests.programme.training import group_of, leaving_reason, participation_of

FORM = {"name": "Krock med arbetspass", "order": "9", "in_use": "on", "reason": "Behövs"}


@pytest.fixture
def stay(world: World) -> Participation:
    return participation_of(world, world.staff[0])


@pytest.fixture
def group(world: World, stay: Participation) -> Group:
    return group_of(world, members=[stay])


@pytest.fixture
def client(world: World) -> Client:
    return signed_in(world.administrator)


def leaves(stay: Participation, **extra: str) -> dict[str, str]:
    return {
        "action": "end",
        "end-participation": stay.public_id,
        "end-kind": "bemanning",
        "end-reason": "Enheten är för få",
        **{f"end-{name}": value for name, value in extra.items()},
    }


def retire(kind: LeavingReason) -> None:
    with transaction.atomic(), operation("test.retire"):
        kind.in_use = False
        kind.save()


def save(world: World, kind: LeavingReason | None = None, **extra: object) -> LeavingReason:
    values: dict[str, object] = {
        "programme": world.programme,
        "kind": kind,
        "name": "Krock med arbetspass",
        "order": 9,
        "is_in_use": True,
        "reason": "Behövs",
        "actor": world.administrator,
    }
    return leaving.save_reason(**(values | extra))  # type: ignore[arg-type]


def test_whoever_leaves_has_a_kind_stated(
    client: Client, group: Group, stay: Participation
) -> None:
    url = reverse("groups:group", args=[group.public_id])
    answer = client.post(url, leaves(stay, kind=""))
    assert answer.status_code == 422
    assert 'href="#id_end-kind"' in answer.content.decode()  # named in the summary of errors
    stay.refresh_from_db()
    assert (stay.state, stay.leaving_reason, stay.end_reason) == ("admitted", None, "")
    assert stay.history.count() == 1
    assert client.post(url, leaves(stay)).status_code == 302
    stay.refresh_from_db()
    assert stay.state == "dropped"
    assert stay.leaving_reason == leaving_reason("bemanning")
    assert stay.end_reason == "Enheten är för få"


def test_a_kind_that_is_retired_is_not_offered_but_stays_where_it_was_stated(
    world: World, client: Client, group: Group, stay: Participation
) -> None:
    url = reverse("groups:group", args=[group.public_id])
    assert 'value="bemanning"' in client.get(url).content.decode()
    gone = participation_of(world, world.staff[1])
    placing.end_participation(
        participation_id=gone.pk,
        kind=leaving_reason("bemanning"),
        reason="Slutar",
        actor=world.administrator,
    )
    retire(leaving_reason("bemanning"))
    assert 'value="bemanning"' not in client.get(url).content.decode()
    assert client.post(url, leaves(stay)).status_code == 422
    with pytest.raises(Refused, match="används inte längre"):
        placing.end_participation(
            participation_id=stay.pk,
            kind=leaving_reason("bemanning"),
            reason="Slutar",
            actor=world.administrator,
        )
    stay.refresh_from_db()
    gone.refresh_from_db()
    assert (stay.state, stay.leaving_reason) == ("admitted", None)
    assert gone.leaving_reason == leaving_reason("bemanning")


def test_without_the_rule_a_retired_kind_could_be_stated(
    world: World, stay: Participation, monkeypatch: pytest.MonkeyPatch
) -> None:
    retire(leaving_reason("bemanning"))
    monkeypatch.setattr(leaving, "ensure_offered", lambda kind, participation: None)
    placing.end_participation(
        participation_id=stay.pk,
        kind=leaving_reason("bemanning"),
        reason="Slutar",
        actor=world.administrator,
    )
    stay.refresh_from_db()
    assert stay.leaving_reason == leaving_reason("bemanning")


def test_a_kind_of_another_programme_is_not_offered(world: World, stay: Participation) -> None:
    other = Programme.objects.get(pk=world.programme.pk)
    other.pk, other.public_id, other.key = None, Programme().public_id, "annat"
    other.record_number, other._state.adding = "2026/00001", True
    with transaction.atomic(), operation("test.programme"):
        other.save()
        kind = LeavingReason.objects.create(programme=other, key="annan", name="Annan")
    with pytest.raises(Refused):
        leaving.ensure_offered(kind, stay)


def test_a_lost_place_states_no_kind(world: World, stay: Participation) -> None:
    with transaction.atomic(), operation("test.end"):
        admission.end(stay, "Platsen gick till nästa", world.administrator)
    stay.refresh_from_db()
    assert (stay.state, stay.leaving_reason) == ("dropped", None)


def test_a_kind_is_added_renamed_and_retired_in_the_browser(world: World, client: Client) -> None:
    every = reverse("groups:leaving_reasons")
    assert every in client.get(reverse("groups:courses")).content.decode()
    assert client.post(every, FORM | {"reason": ""}).status_code == 422
    assert client.post(every, FORM | {"order": "0"}).status_code == 422
    assert not LeavingReason.objects.filter(name=FORM["name"]).exists()
    assert client.post(every, FORM).status_code == 302
    made = LeavingReason.objects.get(name=FORM["name"])
    page = reverse("groups:leaving_reason", args=[made.key])
    assert client.post(page, FORM | {"name": "Arbetspasset krockar"}).status_code == 302
    retired = {**FORM, "name": "Arbetspasset krockar"}
    del retired["in_use"]
    assert client.post(page, retired).status_code == 302
    made.refresh_from_db()
    # Its address stays, and each of its names can be read afterwards.
    assert (made.key, made.in_use) == ("krock-med-arbetspass", False)
    names = made.history.order_by("history_id").values_list("name", flat=True)
    assert list(names) == [FORM["name"], "Arbetspasset krockar", "Arbetspasset krockar"]
    assert "Används inte" in client.get(every).content.decode()
    assert client.get(reverse("groups:leaving_reason", args=["finns-inte"])).status_code == 404


def test_a_kind_that_somebody_left_for_keeps_its_name(
    world: World, client: Client, stay: Participation, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = leaving_reason("bemanning")
    placing.end_participation(
        participation_id=stay.pk, kind=kind, reason="Slutar", actor=world.administrator
    )
    page = reverse("groups:leaving_reason", args=[kind.key])
    answer = client.post(page, FORM | {"name": "Sjukdom"})
    assert answer.status_code == 422
    assert "namnet får stå kvar" in answer.content.decode()
    # Its place may change: that says nothing else of anybody.
    assert client.post(page, FORM | {"name": kind.name}).status_code == 302
    kind.refresh_from_db()
    assert (kind.name, kind.order) == ("Bemanning på enheten", 9)
    monkeypatch.setattr(leaving, "ensure_may_be_renamed", lambda kind: None)
    assert client.post(page, FORM | {"name": "Personalbrist"}).status_code == 302


def test_two_kinds_have_two_names(world: World) -> None:
    save(world)
    with pytest.raises(Refused, match="det namnet"):
        save(world, name=" KROCK med arbetspass ")
    assert save(world, name="Krock – med arbetspass").key == "krock-med-arbetspass-2"


def test_only_who_manages_the_courses_and_says_why(world: World, client: Client) -> None:
    with pytest.raises(NotAllowed):
        save(world, actor=world.chief)
    with pytest.raises(ReasonNeeded):
        save(world, reason=" ")
    every = reverse("groups:leaving_reasons")
    one = reverse("groups:leaving_reason", args=["bemanning"])
    before = LeavingReason.history.count()
    for user in (world.chief, world.head):
        other = signed_in(user)
        for url in (every, one):
            assert other.get(url).status_code == 404
            assert other.post(url, FORM).status_code == 404
        assert every not in other.get(reverse("groups:courses")).content.decode()
    assert Client().get(every).status_code == 302
    assert LeavingReason.history.count() == before
    assert client.get(one).status_code == 200


def test_set_up_lays_the_kinds_once_and_leaves_what_staff_have_changed(world: World) -> None:
    laid = list(world.programme.leaving_reasons.values_list("key", flat=True))
    assert laid[0] == "schema"
    save(world, leaving_reason("schema"), name="Schemat")
    leaving.load_leaving_reasons(world.programme, [{"key": "ny", "name": "Ny"}])
    assert list(world.programme.leaving_reasons.values_list("key", flat=True))[-1] != "ny"
    assert leaving_reason("schema").name == "Schemat"
    assert world.programme.leaving_reasons.count() == len(laid)
