"""The publish gate: what shuts people out, what asks for personal data, and how long it is kept."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from audit.operations import operation
from core.conditions import Rule
from forms_app import actions, gate
from forms_app.building import stream_of
from forms_app.care import Privacy, Retention
from forms_app.models import FormDefinition
from forms_app.schema import Choice, FieldSchema, FormSchema, StepSchema
from people.models import Capability, User

from . import builders
from .conftest import Room

TODAY = datetime.date(2027, 3, 1)
GIVEN = Privacy("För att kunna ringa upp.", "6-1-e")
KEPT = Retention(delete_after_days=365)


def field(label: str = "Vad ska ni lära er?", **more: Any) -> FieldSchema:
    return FieldSchema(**{"key": "q", "label": label, "kind": "text", **more})


def form(*fields: FieldSchema, title: str = "Om kursen", **more: Any) -> FormSchema:
    return FormSchema(steps=(StepSchema("s", title, fields=fields),), **more)


def found(*fields: FieldSchema, **more: Any) -> set[tuple[str, bool]]:
    return {(one.rule, one.stops) for one in gate.findings(form(*fields, **more), today=TODAY)}


def test_a_good_form_passes_without_a_word() -> None:
    assert gate.findings(form(field()), today=TODAY) == []


@pytest.mark.parametrize(
    ("asked", "rule", "stops"),
    [
        (field("Fält 1"), "WCAG 2.4.6", True),
        (field("Fråga"), "WCAG 2.4.6", True),
        (field("12."), "WCAG 2.4.6", True),
        (field(" "), "WCAG 3.3.2", True),
        (field("Antal deltagare *"), "WCAG 3.3.2", False),
        (field("Vad " + "mycket " * 20), "WCAG 2.4.6", False),
        (field("VAD SKA NI LÄRA ER?"), "WCAG 3.1.5", False),
        (field(help="Klicka på den gröna knappen."), "WCAG 1.4.1", True),
        (field(help="Fyll i fälten som är röda."), "WCAG 1.4.1", True),
        (field(help="Rödmarkerade frågor måste besvaras."), "WCAG 1.4.1", True),
        (field(help="Använd knappen till höger."), "WCAG 1.3.3", True),
        (field(help="Skriv i rutan nedanför."), "WCAG 1.3.3", True),
        (field(help="Klicka här för mer."), "WCAG 2.4.4", True),
        (field(help="Läs mer."), "WCAG 2.4.4", False),
        (field(help="Se https://example.org/a"), "WCAG 2.4.4", False),
        (field(help="<b>Viktigt</b>"), "WCAG 1.3.1", True),
        (field("Ditt telefonnummer", privacy=GIVEN, retention=KEPT), "WCAG 1.3.5", True),
        (field("E-post", kind="email", privacy=GIVEN, retention=KEPT), "WCAG 1.3.5", False),
        (field("Antal", kind="number", maximum="20"), "WCAG 3.3.2", False),
        (
            field("Hur?", kind="choice", choices=(Choice("a", "Alternativ 1"), Choice("b", "Ja"))),
            "WCAG 2.4.6",
            True,
        ),
        (
            field("Hur?", kind="choice", choices=(Choice("a", "Ja"), Choice("b", "ja "))),
            "WCAG 3.3.2",
            True,
        ),
    ],
)
def test_words_that_shut_people_out_are_found(asked: FieldSchema, rule: str, stops: bool) -> None:
    assert (rule, stops) in found(asked)


@pytest.mark.parametrize(
    "text",
    [
        "Hur arbetar ni med grön omställning?",
        "Vilka höger- och vänstertrafikregler gäller?",
        "Texten får vara lång.",
        "Beskriv grupperna: röda tråden, målen och tiden.",
        "Läs mer om kursen i bilagan.",
        "Skriv ESF",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    """The control: a gate that cries at everything is switched off by its users."""
    assert {rule for rule, stops in found(field(help=text)) if stops} == set()


def test_labels_that_are_the_same_are_told_apart() -> None:
    one, two = field(key="a"), field(key="b")
    assert ("WCAG 3.3.2", True) in found(one, two)
    apart = FormSchema(
        steps=(StepSchema("s", "Före", fields=(one,)), StepSchema("t", "Efter", fields=(two,)))
    )
    assert [f.rule for f in gate.findings(apart, today=TODAY) if f.stops] == []
    same_title = FormSchema(
        steps=(StepSchema("s", "Före", fields=(one,)), StepSchema("t", "Före", fields=(two,)))
    )
    assert ("WCAG 2.4.6", True) in {
        (f.rule, f.stops) for f in gate.findings(same_title, today=TODAY)
    }


@pytest.mark.parametrize("title", ["Steg 2", "Sida", "1", "Rubrik"])
def test_a_step_says_what_it_is_about(title: str) -> None:
    assert ("WCAG 2.4.6", True) in found(field(), title=title)


@pytest.mark.parametrize(
    "asked",
    [
        field("Har du någon sjukdom som vi bör känna till?"),
        field("Behov", help="Till exempel allergi eller funktionsnedsättning."),
        field("Är du medlem i facket?"),
        field("Facklig tillhörighet"),
        field("Vilken religion har du?"),
        field("Etnisk bakgrund"),
        field("Partitillhörighet"),
        field("Sexuell läggning"),
        field("Fingeravtryck"),
        field("Övrigt", key="halsotillstand"),
        field("Hur mår du?", key="ohalsa", kind="choice"),
    ],
)
def test_sensitive_questions_need_a_basis_in_article_9(asked: FieldSchema) -> None:
    rules = found(asked)
    assert {("GDPR 13", True), ("GDPR 6", True), ("GDPR 9", True), ("GDPR 5", True)} <= rules
    # With purpose and an article 6 basis alone it is still refused …
    half = FieldSchema(**{**vars(asked), "privacy": GIVEN, "retention": KEPT})
    assert {rule for rule, stops in found(half) if stops and rule.startswith("GDPR")} == {"GDPR 9"}
    # … and with the exception it passes.
    whole = Privacy("För att anpassa lokalen.", "6-1-c", "9-2-b")
    full = FieldSchema(**{**vars(asked), "privacy": whole, "retention": KEPT})
    assert not {rule for rule, stops in found(full) if stops and rule.startswith("GDPR")}


@pytest.mark.parametrize(
    "asked",
    [
        field("Vem gäller det?", kind="person"),
        field("E-post", kind="email", autocomplete="off"),
        field("Telefon", autocomplete="off"),
    ],
)
def test_personal_data_needs_a_purpose_and_a_basis(asked: FieldSchema) -> None:
    assert {("GDPR 13", True), ("GDPR 6", True)} <= found(asked)
    given = FieldSchema(**{**vars(asked), "privacy": GIVEN})
    assert not {rule for rule, stops in found(given) if stops}


@pytest.mark.parametrize("label", ["Personnummer", "Ditt person-nr", "Samordningsnummer"])
def test_a_personal_number_is_never_typed(label: str) -> None:
    asked = field(label, privacy=GIVEN, retention=KEPT)
    assert ("GDPR 87", True) in found(asked)
    # A person question is the way.
    person = field(label, kind="person", privacy=GIVEN, retention=KEPT)
    assert not {rule for rule, stops in found(person) if stops}


@pytest.mark.parametrize(
    "asked",
    [
        field("Bilaga", help="Inga personnummer och inget om hälsa.", kind="file"),
        field("Vilken facklitteratur behövs?"),
        field("Hur arbetar ni med kulturpolitik?"),
        field("Vilka sjunger?"),
    ],
)
def test_what_is_not_asked_for_is_not_found(asked: FieldSchema) -> None:
    assert not {rule for rule, stops in found(asked) if rule.startswith("GDPR")}


def test_the_builder_may_say_that_nobody_is_meant_and_why() -> None:
    asked = field("Arbetsplatsens sjukfrånvaro i procent")
    said = Privacy("Ett tal för hela enheten.", "none")
    assert {rule for rule, stops in found(asked) if stops}
    meant = FieldSchema(**{**vars(asked), "privacy": said})
    assert found(meant) == {("GDPR 6", False)}
    assert said.words() == ""
    # Not for a question whose answer is a person.
    person = field("Vem?", kind="person", privacy=said)
    assert ("GDPR 6", True) in found(person)


def test_two_times_that_meet_are_shown_and_keeping_wins() -> None:
    kept = Retention(delete_after_days=90, keep_until="2035-12-31", keep_decision="ESF dnr 2026/1")
    said = gate.findings(form(field(), retention=kept), today=TODAY)
    assert [(one.rule, one.stops) for one in said] == [("GDPR 5", False)]
    assert "2035-12-31" in said[0].message
    assert "ESF dnr 2026/1" in said[0].message
    # The control: no conflict when the later of the two is the deletion.
    late = Retention(delete_after_days=9000, keep_until="2035-12-31", keep_decision="x")
    assert gate.findings(form(field(), retention=late), today=TODAY) == []


def test_keeping_names_its_decision() -> None:
    kept = Retention(keep_until="2035-12-31")
    assert ("GDPR 5", True) in found(field(retention=kept))


@pytest.fixture
def builder(room: Room) -> User:
    with transaction.atomic(), operation("test.setup"):
        return builders.user("bea", room.north, Capability.MANAGE_DEFINITIONS)


def save(*fields: FieldSchema) -> FormDefinition:
    with transaction.atomic(), operation("test.setup"):
        made = FormDefinition.objects.create(
            key="gate", name="Prov", steps=stream_of(form(*fields))
        )
    return FormDefinition.objects.get(pk=made.pk)


def test_publishing_is_refused_in_words_with_a_link_to_the_question(
    builder: User, client: Client
) -> None:
    definition = save(field(), field("Personnummer", key="p"))
    client.force_login(builder)
    page = client.post(reverse("forms_app_publish", args=[definition.pk]))
    assert page.status_code == 422
    block = definition.steps[0].value["fields"][1]
    text = page.content.decode()
    assert f"#block-{block.id}-section" in text
    assert "valvet" in text
    assert "GDPR 87" in text
    assert not definition.versions.exists()
    with pytest.raises(actions.CannotPublish):
        actions.publish_form(definition=definition, actor=builder)


def test_without_the_gate_it_would_be_published(
    builder: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same form when nobody looks."""
    definition = save(field("Personnummer", key="p"))
    monkeypatch.setattr(gate, "findings", lambda schema, today: [])
    assert actions.publish_form(definition=definition, actor=builder).number == 1


def test_advice_is_shown_and_stops_nothing(builder: User, client: Client) -> None:
    definition = save(field("Antal deltagare", kind="number", maximum="20"))
    client.force_login(builder)
    page = client.get(reverse("forms_app_publish", args=[definition.pk])).content.decode()
    assert "Råd" in page
    assert "20" in page
    assert client.post(reverse("forms_app_publish", args=[definition.pk])).status_code == 302


def test_questions_inside_a_group_are_looked_at_too() -> None:
    group = FieldSchema(
        key="rows", label="Deltagare", kind="group", fields=(field("Religion", key="r"),)
    )
    assert ("GDPR 9", True) in found(group)


def test_the_person_who_answers_reads_the_purpose(room: Room, client: Client) -> None:
    client.force_login(room.alice)
    with transaction.atomic():
        draft = actions.start_draft(owner=room.alice, version=room.version)
    with pytest.MonkeyPatch.context():
        from django.test import override_settings

        with override_settings(ROOT_URLCONF="tests.forms_app.urls"):
            page = client.get(f"/prov/{draft.public_id}/who/").content.decode()
    assert "För att pröva nomineringen." in page
    assert "artikel 6.1 e" in page


def test_care_survives_the_editor_and_the_version(room: Room) -> None:
    asked = field(
        privacy=Privacy("Syfte", "6-1-e", "9-2-b"),
        retention=Retention(delete_after_days=30, keep_until="2030-01-01", keep_decision="dnr 1"),
        autocomplete="tel",
        show_if=None,
        require_if=Rule("q", "is_filled"),
    )
    definition = save(asked)
    from forms_app.building import schema_of

    built = schema_of(definition).steps[0].fields[0]
    assert built == asked
    assert FieldSchema.from_plain(built.to_plain()) == asked


def asks_among(*labels: str, label: str = "Vad behöver du?", **more: Any) -> FieldSchema:
    choices = tuple(Choice(f"v{at}", one) for at, one in enumerate(labels))
    return field(label, kind="choice", choices=choices, **more)


@pytest.mark.parametrize(
    "telling", ["Allergi mot gluten", "Rullstol på grund av funktionsnedsättning", "Facklig tid"]
)
def test_alternatives_that_tell_something_sensitive_are_found(telling: str) -> None:
    asked = asks_among("Parkering", telling)
    assert found(asked) == {("GDPR 9", False)}
    (one,) = gate.findings(form(asked), today=TODAY)
    assert f"«{telling}»" in one.message
    assert "«Vad behöver du?»" in one.message
    # Once the builder has taken a stand there is nothing more to say.
    kept = Privacy("För att kunna ordna lokalen.", "6-1-e", "9-2-b")
    assert found(asks_among("Parkering", telling, privacy=kept, retention=KEPT)) == set()


@pytest.mark.parametrize("calm", ["Telefon", "Ingen specialkost", "Inga allergier"])
def test_other_alternatives_are_left_alone(calm: str) -> None:
    assert found(asks_among("Parkering", calm)) == set()


def test_a_question_that_gives_itself_away_is_not_said_twice() -> None:
    asked = asks_among("Parkering", "Allergi mot gluten", label="Har du någon allergi?")
    said = [one.message for one in gate.findings(form(asked), today=TODAY)]
    assert any("«Har du någon allergi?»" in one for one in said)
    assert not any("Allergi mot gluten" in one for one in said)
