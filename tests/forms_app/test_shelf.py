"""Versions compared, restored and printed; forms carried between installations."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.operations import operation
from core import exchange
from forms_app import access, actions, shelf
from forms_app.building import schema_of, stream_of
from forms_app.care import Privacy, Retention
from forms_app.models import FormDefinition, FormVersion, Submission
from forms_app.schema import FieldSchema, FormSchema, StepSchema
from people.access import NotAllowed
from people.models import Capability, User

from . import builders
from .conftest import Room


@pytest.fixture
def builder(room: Room) -> User:
    with transaction.atomic(), operation("test.setup"):
        return builders.user("bea", room.north, Capability.MANAGE_DEFINITIONS)


@pytest.fixture
def editor(builder: User) -> Client:
    client = Client()
    client.force_login(builder)
    return client


def asks(words: str, **more: Any) -> FormSchema:
    return FormSchema(
        name="Kursanmälan",
        introduction="Hej",
        steps=(StepSchema("s", "Om kursen", fields=(FieldSchema("q", words, "text", **more),)),),
    )


def publish(schema: FormSchema, builder: User) -> FormVersion:
    """The next version of one form."""
    with transaction.atomic(), operation("test"):
        definition, _new = FormDefinition.objects.get_or_create(
            key="kurs", defaults={"name": "Kursanmälan", "introduction": "Hej"}
        )
        definition.steps = stream_of(schema)
        definition.save()
    return actions.publish_form(definition=definition, actor=builder)


def test_an_answer_to_version_3_is_printed_as_version_3_asked(
    builder: User, room: Room, client: Client
) -> None:
    for number in (1, 2, 3):
        version = publish(asks(f"Hur löd fråga nummer {number}?"), builder)
    made = actions.submit_answers(version=version, raw={"q": "Så här"}, actor=room.alice)
    for number in (4, 5, 6, 7):
        newest = publish(asks(f"Hur löd fråga nummer {number}?"), builder)
    assert (version.number, newest.number) == (3, 7)
    client.force_login(room.alice)
    page = client.get(f"/svar/{made.public_id}/utskrift/").content.decode()
    assert "Hur löd fråga nummer 3?" in page
    assert "nummer 7" not in page
    assert "Svar på version 3" in page
    assert version.digest in page
    assert made.digest in page


def test_a_printout_is_for_those_who_may_see_the_answer(
    room: Room, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = actions.submit_answers(
        version=room.version,
        raw={"person": room.anna.public_id, "manager": "nej"},
        actor=room.alice,
    )
    address = f"/svar/{made.public_id}/utskrift/"
    assert client.get(address).status_code == 302
    client.force_login(room.bob)
    assert client.get(address).status_code == 404
    monkeypatch.setattr(access, "_FILE_VIEWERS", [lambda user, submission: user == room.bob])
    assert client.get(address).status_code == 200


def test_any_two_versions_are_compared_in_words(builder: User, editor: Client) -> None:
    for number in (1, 2, 3):
        version = publish(asks(f"Hur löd fråga nummer {number}?"), builder)
    address = reverse("forms_app_compare", args=[version.definition_id])
    for query in ("?fran=1&till=3", "?fran=3&till=1"):
        page = editor.get(address + query).content.decode()
        assert "nummer 1?» lyder nu «" in page or "nummer 1?" in page
        assert "nummer 3?" in page
        assert "nummer 2?" not in page
    for nonsense in ("", "?fran=1&till=1", "?fran=x&till=²", "?fran=1&till=99"):
        other = editor.get(address + nonsense)
        assert other.status_code == 200
        assert "Välj två olika versioner" in other.content.decode()


def test_an_older_version_is_taken_back_as_a_draft(builder: User, editor: Client) -> None:
    kept = Retention(delete_after_days=9)
    first = publish(asks("Hur löd den första?", retention=kept), builder)
    publish(asks("Hur löd den andra?"), builder)
    definition = first.definition
    address = reverse("forms_app_restore", args=[definition.pk, 1])
    assert "Hur löd den första?" in editor.get(address).content.decode()
    assert editor.post(address).status_code == 302
    definition.refresh_from_db()
    assert schema_of(definition).to_plain() == first.schema
    assert definition.versions.count() == 2  # nothing was published
    third = actions.publish_form(definition=definition, actor=builder)
    assert (third.number, third.digest) == (3, first.digest)


def test_nobody_else_restores(builder: User, room: Room) -> None:
    first = publish(asks("Hur löd den?"), builder)
    with pytest.raises(NotAllowed):
        shelf.restore_version(version=first, actor=room.alice)


def test_the_list_of_versions_costs_the_same_for_many(builder: User, editor: Client) -> None:
    version = publish(asks("Nummer 1?"), builder)
    publish(asks("Nummer 2?"), builder)
    address = reverse("forms_app_versions", args=[version.definition_id])
    editor.get(address)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert editor.get(address).status_code == 200
        return len(seen)

    few = cost()
    for number in range(3, 24):
        publish(asks(f"Nummer {number}?"), builder)
    assert cost() == few


# Carried between installations ------------------------------------------------------


def test_a_round_trip_is_the_same_to_the_byte(room: Room, builder: User) -> None:
    exported = exchange.write("form", "test-form")
    plain = json.loads(exported)
    moved = dict(plain, key="annan-form")
    moved.pop("digest")
    moved["digest"] = exchange.digest_of(moved)
    exchange.apply(exchange.read(json.dumps(moved).encode()), actor=builder)
    again = json.loads(exchange.write("form", "annan-form"))
    assert again["content"] == plain["content"]
    # And back into the one it came from: nothing is different, and the bytes are the same.
    envelope = exchange.read(exported)
    assert not exchange.preview(envelope).changes
    exchange.apply(envelope, actor=builder)
    assert exchange.write("form", "test-form") == exported


def test_everything_a_form_can_hold_survives(builder: User) -> None:
    care = {
        "privacy": Privacy("Syfte", "6-1-e", "9-2-b"),
        "retention": Retention(30, "2035-12-31", "dnr 1"),
        "autocomplete": "tel",
    }
    with transaction.atomic(), operation("test"):
        FormDefinition.objects.create(
            key="allt",
            name="Allt",
            steps=stream_of(asks("Vad?", help="Hjälp", required=True, max_length=9, **care)),
            delete_after_days=99,
            counted_from="closing",
            keep_decision="",
        )
    exported = exchange.write("form", "allt")
    with transaction.atomic(), operation("test"):
        FormDefinition.objects.filter(key="allt").update(name="x", steps="[]", delete_after_days=1)
    shown = exchange.preview(exchange.read(exported))
    assert shown.changes
    assert exchange.write("form", "allt") != exported  # the dry run wrote nothing
    exchange.apply(exchange.read(exported), actor=builder)
    assert exchange.write("form", "allt") == exported


def altered(change: Any, key: str = "test-form") -> bytes:
    plain = json.loads(exchange.write("form", key))
    plain.pop("digest")
    change(plain["content"])
    return json.dumps({**plain, "digest": exchange.digest_of(plain)}).encode()


def first(content: Any) -> Any:
    return content["steps"][0]["fields"][0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda content: first(content).update(kind="hologram"), "hologram"),
        (lambda content: first(content).update(prefill="stjärnorna"), "stjärnorna"),
        (lambda content: first(content).update(privacy={"legal_basis": "7"}), "rättslig grund"),
        (lambda content: first(content).update(show_if={"nonsense": 1}), "villkor"),
        (lambda content: first(content).update(calculation={"operation": ["a"]}), "operation"),
        (
            lambda content: first(content).update(calculation={"operation": "sum", "first": [1]}),
            "first",
        ),
        (lambda content: first(content).update(show_if={}), ""),
        (lambda content: first(content).update(surprise=1), "surprise"),
        (lambda content: content.update(name=""), "name"),
        (lambda content: content.pop("steps"), "steps"),
        (lambda content: content["steps"][0].update(title=7), "title"),
        (lambda content: first(content).update(max_length=5), ""),  # a person has no length
    ],
)
def test_what_cannot_be_taken_in_is_refused_in_words_and_leaves_nothing(
    room: Room, builder: User, change: Any, says: str
) -> None:
    before = exchange.write("form", "test-form")
    with pytest.raises(exchange.Refused) as error:
        exchange.apply(exchange.read(altered(change)), actor=builder)
    assert says in " ".join(error.value.problems)
    assert exchange.write("form", "test-form") == before


def test_only_builders_take_in(room: Room) -> None:
    with pytest.raises(NotAllowed):
        exchange.apply(exchange.read(exchange.write("form", "test-form")), actor=room.alice)


def test_the_pages_export_show_and_take_in(room: Room, editor: Client) -> None:
    definition = room.version.definition
    exported = editor.get(reverse("forms_app_export", args=[definition.pk])).content
    assert exported == exchange.write("form", "test-form")
    data = altered(lambda content: content.update(name="Från ett annat ställe"))
    address = reverse("forms_app_import")
    shown = editor.post(address, {"file": SimpleUploadedFile("f.json", data)})
    assert "Från ett annat ställe" in shown.content.decode()
    definition.refresh_from_db()
    assert definition.name == "Provformulär"
    taken = editor.post(address, {"text": data.decode().replace("\n", "\r\n"), "confirmed": "on"})
    assert taken.status_code == 302
    definition.refresh_from_db()
    assert definition.name == "Från ett annat ställe"
    assert definition.versions.count() == 1
    refused = editor.post(address, {"file": SimpleUploadedFile("f.json", b"{}")})
    assert refused.status_code == 422
    assert "saknar" in refused.content.decode()
    assert editor.post(address).status_code == 422


def test_others_do_not_reach_the_pages(room: Room, client: Client) -> None:
    client.force_login(room.alice)
    pk = room.version.definition_id
    for address in (
        reverse("forms_app_import"),
        reverse("forms_app_export", args=[pk]),
        reverse("forms_app_compare", args=[pk]),
        reverse("forms_app_restore", args=[pk, 1]),
    ):
        assert client.get(address).status_code == 403
    assert not Submission.objects.exists()
