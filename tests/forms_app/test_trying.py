"""«Why is the question shown?»: traces in words, and samples that are run at publishing."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from audit.operations import operation
from core.conditions import AllOf, AnyOf, Rule
from forms_app import actions, samples
from forms_app.building import stream_of
from forms_app.calculations import Calculation
from forms_app.models import FormDefinition, FormSample
from forms_app.schema import Choice, FieldSchema, FormSchema, StepSchema
from forms_app.trial import Outcome, Told, differences, try_form
from people.access import NotAllowed
from people.models import Capability, User

from . import builders

FORM = FormSchema(
    steps=(
        StepSchema(
            key="need",
            title="Behov",
            fields=(
                FieldSchema(
                    key="colour",
                    label="Färg",
                    kind="choice",
                    choices=(Choice("r", "Röd"), Choice("b", "Blå")),
                    required=True,
                ),
                FieldSchema(key="count", label="Antal", kind="number"),
                FieldSchema(
                    key="reason",
                    label="Skäl",
                    kind="text",
                    show_if=AllOf(
                        [
                            Rule("colour", "equals", "r"),
                            AnyOf([Rule("count", "at_least", "10"), Rule("count", "is_empty")]),
                        ]
                    ),
                    require_if=Rule("count", "at_least", "100"),
                ),
                FieldSchema(
                    key="twice",
                    label="Dubbelt",
                    kind="calculated",
                    calculation=Calculation("sum", "count", "count"),
                ),
            ),
        ),
        StepSchema(
            key="extra",
            title="Mer",
            show_if=Rule("twice", "greater_than", "50"),
            fields=(FieldSchema(key="note", label="Anteckning", kind="text"),),
        ),
    )
)


@pytest.fixture
def builder(db: None) -> User:
    """Somebody who may build."""
    with transaction.atomic(), operation("test.setup"):
        return builders.user("bea", builders.organisation("north"), Capability.MANAGE_DEFINITIONS)


@pytest.fixture
def editor(builder: User) -> Client:
    """Their browser."""
    client = Client()
    client.force_login(builder)
    return client


@pytest.fixture
def definition(builder: User) -> FormDefinition:
    """The form under construction."""
    with transaction.atomic(), operation("test.setup"):
        return FormDefinition.objects.create(
            key="trial", name="Beställning", introduction="Hej", steps=stream_of(FORM)
        )


def page_of(definition: FormDefinition) -> str:
    return reverse("forms_app_try", args=[definition.pk])


def flat(told: Told | None) -> list[tuple[str, bool]]:
    if told is None:
        return []
    return [(told.words, told.met), *(line for part in told.parts for line in flat(part))]


def test_the_trace_says_which_rule_which_answer_and_whether_it_is_true() -> None:
    with translation.override("en"):
        trial = try_form(FORM, {"colour": "r", "count": "30"})
    need, extra = trial.steps
    assert flat(need.fields[2].why_shown) == [
        ("All of these must be true", True),
        ("Färg is Röd – the answer is «Röd»", True),
        ("One of these must be true", True),
        ("Antal is at least 10 – the answer is «30»", True),
        ("Antal is not filled in – the answer is «30»", False),
    ]
    assert flat(need.fields[2].why_demanded) == [
        ("Antal is at least 100 – the answer is «30»", False)
    ]
    assert flat(extra.why_shown) == [("Dubbelt is greater than 50 – the answer is «60»", True)]
    assert trial.outcome == Outcome(
        frozenset({"colour", "count", "reason", "twice", "note"}), frozenset({"colour"}), True
    )


def test_a_hidden_step_hides_its_questions_and_an_error_is_not_valid() -> None:
    trial = try_form(FORM, {"colour": "g", "count": "3"})
    assert not trial.steps[1].shown
    assert trial.outcome == Outcome(
        frozenset({"colour", "count", "twice"}), frozenset({"colour"}), False
    )


def test_what_differs_is_said_in_words() -> None:
    one = Outcome(frozenset({"reason"}), frozenset({"count"}), True)
    other = Outcome(frozenset({"note"}), frozenset({"note"}), False)
    with translation.override("en"):
        said = " ".join(differences(FORM, one, other))
    for part in (
        "«Skäl» should be shown",
        "«Anteckning» should be hidden",
        "«Antal» should have to be",
        "«Anteckning» should not have to be",
        "should pass the checks",
    ):
        assert part in said
    assert differences(FORM, one, one) == []


def keep(definition: FormDefinition, actor: User, **expected: Any) -> FormSample:
    outcome = try_form(FORM, {"colour": "r", "count": "5"}).outcome.to_plain()
    return samples.save_sample(
        definition=definition,
        name="Få röda",
        raw={"colour": "r", "count": "5"},
        expected=Outcome.from_plain({**outcome, **expected}),
        actor=actor,
    )


def test_a_sample_that_comes_out_right_does_not_stop_publishing(
    definition: FormDefinition, builder: User
) -> None:
    keep(definition, builder)
    assert actions.publish_form(definition=definition, actor=builder).number == 1


def test_a_failing_sample_stops_publishing_with_words_and_a_link(
    definition: FormDefinition, builder: User, editor: Client
) -> None:
    sample = keep(definition, builder, shown=["colour", "count", "reason", "twice"])
    with pytest.raises(actions.CannotPublish, match="Få röda"):
        actions.publish_form(definition=definition, actor=builder)
    publish = reverse("forms_app_publish", args=[definition.pk])
    page = editor.get(publish).content.decode()
    assert "«Skäl» borde visas men är dold." in page
    assert f"{page_of(definition)}?prov={sample.pk}" in page
    assert editor.post(publish).status_code == 422
    assert not definition.versions.exists()
    # The negative control: without the sample the same form is published.
    samples.remove_sample(definition=definition, sample_id=sample.pk, actor=builder)
    assert editor.post(publish).status_code == 302
    assert definition.versions.exists()


def test_a_form_that_is_changed_is_held_to_its_samples(
    definition: FormDefinition, builder: User
) -> None:
    keep(definition, builder)
    step, *rest = FORM.steps
    colour = FieldSchema(key="colour", label="Färg", kind="text")
    with transaction.atomic(), operation("test.setup"):
        definition.steps = stream_of(
            FormSchema(
                steps=(StepSchema("need", "Behov", fields=(colour, *step.fields[1:])), *rest)
            )
        )
        definition.save()
    with pytest.raises(actions.CannotPublish, match="Färg"):
        actions.publish_form(definition=definition, actor=builder)


def test_the_page_tries_keeps_and_removes(
    definition: FormDefinition, editor: Client, builder: User
) -> None:
    page = editor.get(page_of(definition)).content.decode()
    assert 'name="colour"' in page
    assert "govuk-radios" not in page
    tried = editor.post(page_of(definition), {"colour": "r", "count": "120", "try": "1"})
    text = tried.content.decode()
    assert "Antal är minst 100 – svaret är «120»" in text
    assert "Måste besvaras" in text
    assert not FormSample.objects.exists()
    for name in ("", " ", "\x00"):
        nameless = editor.post(page_of(definition), {"colour": "r", "save": "1", "name": name})
        assert nameless.status_code == 422
    kept = editor.post(
        page_of(definition),
        {
            "colour": "b",
            "count": "2",
            "save": "1",
            "name": "Blå",
            "expecting": "1",
            "expect-shown": ["colour", "count", "twice", "nothing"],
            "expect-demanded": "colour",
            "expect-valid": "yes",
        },
    )
    sample = FormSample.objects.get()
    assert kept["Location"] == f"{page_of(definition)}?prov={sample.pk}"
    assert sample.expected["shown"] == ["colour", "count", "twice"]
    assert samples.run_samples(definition, FORM)[0].passes
    assert 'value="2"' in editor.get(kept["Location"]).content.decode()
    editor.post(page_of(definition), {"remove": str(sample.pk)})
    assert not FormSample.objects.exists()
    for odd in ("²", "-1", "x", "999", "9" * 19, "9" * 5000):
        assert editor.get(f"{page_of(definition)}?prov={odd}").status_code == 200


def test_trying_takes_the_capability(definition: FormDefinition, builder: User) -> None:
    with transaction.atomic(), operation("test.setup"):
        other = builders.user("alice", builders.organisation("south"))
    client = Client()
    client.force_login(other)
    assert client.get(page_of(definition)).status_code == 403
    assert client.post(page_of(definition), {"save": "1", "name": "x"}).status_code == 403
    assert not FormSample.objects.exists()
    with pytest.raises(NotAllowed):
        keep(definition, other)
    with pytest.raises(NotAllowed):
        samples.remove_sample(definition=definition, sample_id=1, actor=other)


def test_the_price_of_the_page_does_not_grow_with_the_samples(
    definition: FormDefinition, editor: Client, builder: User
) -> None:
    def price() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert editor.get(page_of(definition)).status_code == 200
        return len(captured)

    keep(definition, builder)
    price()
    few = price()
    for number in range(20):
        samples.save_sample(
            definition=definition,
            name=f"Nr {number}",
            raw={},
            expected=try_form(FORM, {}).outcome,
            actor=builder,
        )
    assert price() == few
