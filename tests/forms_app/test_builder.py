"""The form builder: saved in the editor, checked, published, frozen."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from wagtail.test.utils.form_data import nested_form_data, streamfield

from audit.operations import operation
from core.conditions import AllOf, AnyOf, Rule
from forms_app import actions, rules
from forms_app.building import TooDeep, schema_of, stream_of
from forms_app.changes import changes
from forms_app.models import FormDefinition, FormVersion
from forms_app.schema import Choice, FieldSchema, FormSchema, StepSchema
from forms_app.setup import ensure_form
from people.access import NotAllowed
from people.models import Capability, User

from . import builders
from .conftest import Room


@pytest.fixture
def builder(room: Room) -> User:
    """Somebody who may build forms."""
    with transaction.atomic(), operation("test.setup"):
        return builders.user("bea", room.north, Capability.MANAGE_DEFINITIONS)


@pytest.fixture
def editor(builder: User) -> Client:
    """Their browser."""
    client = Client()
    client.force_login(builder)
    return client


def save(schema: FormSchema, key: str = "wip") -> FormDefinition:
    """A definition under construction, saved by code."""
    with transaction.atomic(), operation("test.setup"):
        return FormDefinition.objects.create(key=key, name="Utkast", steps=stream_of(schema))


TEXT = FieldSchema(key="a", label="Fråga om a", kind="text")
CHOICE = FieldSchema(
    key="c", label="Hur ofta?", kind="choice", choices=(Choice("x", "Ex"), Choice("y", "Yps"))
)


def form(*fields: FieldSchema, **step: object) -> FormSchema:
    return FormSchema(steps=(StepSchema(key="s", title="Om arbetet", fields=fields, **step),))  # type: ignore[arg-type]


def test_the_stream_and_the_schema_say_the_same(room: Room) -> None:
    built = schema_of(room.version.definition)
    again = FormSchema.from_plain(room.version.schema)
    assert built == again
    assert again.to_plain() == room.version.schema
    assert built.steps[1].show_if == builders.IS_MANAGER
    assert built.field("needs").choices[0] == Choice("language", "Språk")
    assert built.field("start").minimum == "2026-01-01"


def test_a_condition_two_levels_down_is_refused_by_code_too() -> None:
    filled, empty = Rule("a", "is_filled"), Rule("c", "is_empty")
    group = AnyOf([filled, Rule("b", "is_filled")])
    stream_of(form(TEXT, show_if=AllOf([empty, group])))
    with pytest.raises(TooDeep):
        stream_of(form(TEXT, show_if=AllOf([empty, AnyOf([filled, AllOf([empty, group])])])))


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (FormSchema(), "no steps"),
        (form(), "no questions"),
        (form(TEXT, TEXT), "same key"),
        (FormSchema(steps=(form(TEXT).steps[0], form(CHOICE).steps[0])), "Two steps"),
        (FormSchema(steps=(StepSchema("granska", "x", fields=(TEXT,)),)), "another key"),
        (form(FieldSchema(key="å ä", label="x", kind="text")), "another key"),
        (form(FieldSchema(key="k", label="x", kind="choice")), "two choices"),
        (
            form(
                FieldSchema(
                    key="k", label="x", kind="choice", choices=(Choice("a", "1"), Choice("a", "2"))
                )
            ),
            "same value",
        ),
        (
            form(FieldSchema(key="k", label="x", kind="text", show_if=Rule("zz", "is_filled"))),
            "not exist",
        ),
        (
            form(
                FieldSchema(key="k", label="x", kind="text", show_if=Rule("a", "is_filled")), TEXT
            ),
            "later",
        ),
        (
            form(FieldSchema(key="k", label="x", kind="text", show_if=Rule("k", "is_filled"))),
            "later",
        ),
        (
            form(
                CHOICE,
                FieldSchema(key="k", label="x", kind="text", show_if=Rule("c", "equals", "z")),
            ),
            "not one of",
        ),
        (
            form(
                TEXT,
                FieldSchema(key="k", label="x", kind="text", require_if=Rule("a", "at_least", "3")),
            ),
            "neither a number",
        ),
        (
            form(FieldSchema(key="k", label="x", kind="number", minimum="9", maximum="3")),
            "larger than its largest",
        ),
        (form(FieldSchema(key="k", label="x", kind="date", minimum="snart")), "cannot be read"),
        (form(FieldSchema(key="k", label="x", kind="file", extensions=("exe",))), "cannot check"),
        (form(FieldSchema(key="k", label="x", kind="mystery")), "unknown"),
        (form(FieldSchema(key="k", label=" ", kind="text")), "no text"),
    ],
)
def test_a_form_with_a_problem_is_not_published(schema: FormSchema, words: str) -> None:
    with translation.override("en"):
        found = rules.problems(schema)
    assert any(words in problem.message for problem in found), found


def test_a_sound_form_has_no_problems() -> None:
    assert rules.problems(FormSchema(steps=builders.STEPS)) == []


def test_publishing_freezes_and_counts(room: Room, builder: User) -> None:
    definition = save(form(TEXT))
    first = actions.publish_form(definition=definition, actor=builder)
    assert (first.number, first.published_by_name) == (1, "Bea Test")
    assert actions.publish_form(definition=definition, actor=builder) == first
    with transaction.atomic(), operation("test"):
        definition.steps = stream_of(form(TEXT, CHOICE))
        definition.save()
    second = actions.publish_form(definition=definition, actor=builder)
    assert second.number == 2
    assert second.digest != first.digest
    first.refresh_from_db()
    assert len(first.schema["steps"][0]["fields"]) == 1


def test_publishing_takes_the_capability(room: Room) -> None:
    definition = save(form(TEXT))
    with pytest.raises(NotAllowed):
        actions.publish_form(definition=definition, actor=room.alice)
    assert not definition.versions.exists()


def test_shipped_forms_are_laid_out_once(room: Room, builder: User) -> None:
    plain = [step.to_plain() for step in builders.STEPS]
    first = ensure_form(key="shipped", name="Levererat", steps=plain, actor=builder)
    with transaction.atomic(), operation("test"):
        definition = first.definition
        definition.name = "Ombyggt"
        definition.save()
    again = ensure_form(key="shipped", name="Levererat", steps=[], actor=builder)
    assert again == first
    definition.refresh_from_db()
    assert definition.name == "Ombyggt"


def test_what_changed_is_said_in_words() -> None:
    old = form(TEXT, CHOICE)
    relabelled = FieldSchema(key="a", label="Fråga om b", kind="text", required=True)
    chosen = FieldSchema(
        key="c", label="Hur ofta?", kind="choice", choices=(Choice("x", "Ex"), Choice("z", "Zäta"))
    )
    new = form(relabelled, chosen, FieldSchema(key="n", label="Ny", kind="date"))
    with translation.override("en"):
        said = " ".join(changes(old, new))
    for part in (
        "Fråga om b",
        "must now be answered",
        "new choice «Zäta»",
        "no longer has",
        "«Ny» is new",
    ):
        assert part in said
    assert changes(old, old) == []


# In the editor


def list_url() -> str:
    return reverse(FormDefinition.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]


def edit_url(definition: FormDefinition) -> str:
    return reverse(
        FormDefinition.snippet_viewset.get_url_name("edit"),  # type: ignore[attr-defined]
        args=[definition.pk],
    )


def posted(label: str) -> dict[str, str]:
    """What the editor's page sends for one step with one question."""
    field = {
        "label": label,
        "key": "",
        "help": "",
        "max_length": "",
        "show_if": {"match": "all", "rules": streamfield([]), "groups": streamfield([])},
        "require_if": {"match": "all", "rules": streamfield([]), "groups": streamfield([])},
    }
    data: dict[str, str] = nested_form_data(
        {
            "name": "Från redigeraren",
            "counted_from": "submission",
            "introduction": "",
            "steps": streamfield(
                [
                    (
                        "step",
                        {
                            "title": "Första steget",
                            "key": "",
                            "description": "",
                            "show_if": {
                                "match": "all",
                                "rules": streamfield([]),
                                "groups": streamfield([]),
                            },
                            "fields": streamfield([("text", field)]),
                        },
                    )
                ]
            ),
        }
    )
    return data


def test_a_form_is_built_saved_and_published_in_the_editor(editor: Client, room: Room) -> None:
    add = reverse(FormDefinition.snippet_viewset.get_url_name("add"))  # type: ignore[attr-defined]
    assert editor.get(add).status_code == 200
    response = editor.post(add, posted("Vad vill du lära dig?"))
    assert response.status_code == 302, response.content.decode()[:2000]
    definition = FormDefinition.objects.get(name="Från redigeraren")
    assert definition.key == "fran-redigeraren"
    schema = schema_of(definition)
    assert schema.steps[0].key == "forsta_steget"
    assert schema.steps[0].fields[0].key == "vad_vill_du_lara_dig"
    page = editor.get(edit_url(definition))
    assert reverse("forms_app_publish", args=[definition.pk]) in page.content.decode()
    publish = reverse("forms_app_publish", args=[definition.pk])
    assert editor.get(publish).status_code == 200
    assert editor.post(publish).status_code == 302
    version = FormVersion.objects.get(definition=definition)
    assert editor.get(reverse("forms_app_versions", args=[definition.pk])).status_code == 200
    one = editor.get(reverse("forms_app_version", args=[definition.pk, 1])).content.decode()
    assert version.digest in one
    assert "Vad vill du lära dig?" in one


def again(definition: FormDefinition, *labels: str) -> dict[str, str]:
    """What the editor sends when the first question is reworded and copied as often as told."""
    step = definition.steps[0]
    question = step.value["fields"][0]
    data = posted(labels[0])
    data |= {"key": "annan", "steps-0-id": step.id, "steps-0-value-key": "annat_steg"}
    first = {
        name.removeprefix("steps-0-value-fields-0-"): value
        for name, value in data.items()
        if name.startswith("steps-0-value-fields-0-")
    }
    for at, label in enumerate(labels):
        copy = {**first, "value-label": label, "value-key": question.value["key"], "order": str(at)}
        data |= {f"steps-0-value-fields-{at}-{name}": value for name, value in copy.items()}
        data[f"steps-0-value-fields-{at}-id"] = question.id if at == 0 else ""
    data["steps-0-value-fields-0-value-key"] = "nagot_annat"
    data["steps-0-value-fields-count"] = str(len(labels))
    return data


def keys_of(definition: FormDefinition) -> list[str]:
    schema = schema_of(FormDefinition.objects.get(pk=definition.pk))
    return [*(step.key for step in schema.steps), *(one.key for one in schema.fields())]


def reworded(editor: Client) -> FormDefinition:
    """A form that has been saved twice: the second time with other words and other keys."""
    add = reverse(FormDefinition.snippet_viewset.get_url_name("add"))  # type: ignore[attr-defined]
    editor.post(add, posted("Vad vill du lära dig?"))
    definition = FormDefinition.objects.get(name="Från redigeraren")
    sent = again(definition, "Något helt annat", "En kopia", "En kopia till")
    response = editor.post(edit_url(definition), sent)
    assert response.status_code == 302, response.content.decode()[:2000]
    return definition


def test_keys_stay_whatever_is_posted_and_a_copy_gets_its_own(editor: Client, room: Room) -> None:
    definition = reworded(editor)
    first, second, third = "vad_vill_du_lara_dig", "en_kopia", "en_kopia_till"
    assert keys_of(definition) == ["forsta_steget", first, second, third]
    definition.refresh_from_db()
    assert definition.key == "fran-redigeraren"
    assert rules.problems(schema_of(definition)) == []


def test_the_control_when_keys_are_not_settled_what_is_posted_is_saved(
    editor: Client, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forms_app.definition_form.settle", lambda steps, saved: None)
    assert "nagot_annat" in keys_of(reworded(editor))


def test_two_forms_with_one_name_get_two_keys(editor: Client, room: Room) -> None:
    add = reverse(FormDefinition.snippet_viewset.get_url_name("add"))  # type: ignore[attr-defined]
    for _ in range(2):
        assert editor.post(add, posted("Vad?")).status_code == 302
    keys = set(FormDefinition.objects.filter(name="Från redigeraren").values_list("key", flat=True))
    assert keys == {"fran-redigeraren", "fran-redigeraren-2"}


def test_the_key_is_shown_and_is_no_field(editor: Client, room: Room) -> None:
    add = reverse(FormDefinition.snippet_viewset.get_url_name("add"))  # type: ignore[attr-defined]
    assert 'name="key"' not in editor.get(add).content.decode()
    page = editor.get(edit_url(room.version.definition)).content.decode()
    assert 'name="key"' not in page
    assert room.version.definition.key in page


def test_the_database_refuses_another_key(room: Room) -> None:
    definition = room.version.definition
    rows = FormDefinition.objects.filter(pk=definition.pk)
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), operation("test"):
        rows.update(key="annan")
    # The control: everything else may change.
    with transaction.atomic(), operation("test"):
        definition.refresh_from_db()
        definition.name = "Ett annat namn"
        definition.save()


def test_the_editor_links_a_problem_to_its_place(editor: Client, room: Room) -> None:
    definition = save(form(FieldSchema(key="k", label="Tomt val", kind="choice")))
    publish = reverse("forms_app_publish", args=[definition.pk])
    page = editor.get(publish).content.decode()
    block = definition.steps[0].value["fields"][0]
    assert f"{edit_url(definition)}#block-{block.id}-section" in page
    assert editor.post(publish).status_code == 422
    assert not definition.versions.exists()


@pytest.mark.parametrize("capability", [Capability.MANAGE_CONTENT, Capability.NOMINATE])
def test_others_reach_no_page_of_the_builder(room: Room, capability: str) -> None:
    with transaction.atomic(), operation("test.setup"):
        other = builders.user("otto", room.north, capability)
        boss = User.objects.create_superuser(
            "root@example.org", "x" * 14, first_name="R", last_name="T"
        )
    definition = room.version.definition
    for person in (other, boss):
        client = Client()
        client.force_login(person)
        for address in (
            list_url(),
            edit_url(definition),
            reverse("forms_app_publish", args=[definition.pk]),
            reverse("forms_app_versions", args=[definition.pk]),
            reverse("forms_app_version", args=[definition.pk, 1]),
        ):
            answer = client.get(address)
            # Wagtail sends those it lets in, but not here, to its start page.
            sent_home = answer.headers.get("Location") == reverse("wagtailadmin_home")
            assert answer.status_code == 403 or sent_home, (address, answer.status_code)
        before = definition.versions.count()
        client.post(reverse("forms_app_publish", args=[definition.pk]))
        assert definition.versions.count() == before


def test_the_list_costs_the_same_with_many_forms(editor: Client, room: Room) -> None:
    def price() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert editor.get(list_url()).status_code == 200
        return len(captured)

    save(form(TEXT), "one")
    price()
    few = price()
    for number in range(18):
        save(form(TEXT), f"more-{number}")
    assert price() == few
