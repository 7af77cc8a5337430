"""Rows of questions, calculated values and fetched answers, from the builder to the answer."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.operations import operation
from core.conditions import AllOf, AnyOf, Rule
from forms_app import actions, answers, fetching, prefill
from forms_app.building import schema_of, stream_of
from forms_app.calculations import Calculation
from forms_app.models import Draft, FormDefinition, FormVersion, Submission
from forms_app.schema import FieldSchema, FormSchema, StepSchema, digest_of
from people.models import User

from . import builders
from .urls import TestWizard

pytestmark = pytest.mark.urls("tests.forms_app.urls")

LINES = FieldSchema(
    key="lines",
    label="Kostnader",
    kind="group",
    min_rows=1,
    max_rows=3,
    fields=(
        FieldSchema(key="what", label="Vad", kind="text", required=True),
        FieldSchema(key="amount", label="Belopp", kind="number", decimals=2, required=True),
        FieldSchema(
            key="why",
            label="Varför så dyrt?",
            kind="text",
            show_if=Rule("amount", "at_least", "1000"),
            require_if=Rule("amount", "at_least", "5000"),
        ),
    ),
)
TOTAL = FieldSchema(
    key="total",
    label="Summa",
    kind="calculated",
    decimals=2,
    calculation=Calculation("sum_rows", "lines", "amount"),
)
FORM = FormSchema(
    name="Utlägg",
    steps=(
        StepSchema(
            key="costs",
            title="Kostnader",
            fields=(
                FieldSchema(
                    key="payee", label="Vem ska ha pengarna", kind="text", prefill="own_name"
                ),
                FieldSchema(
                    key="sent_from",
                    label="Adress",
                    kind="email",
                    prefill="own_email",
                    prefill_locked=True,
                ),
                LINES,
                TOTAL,
                FieldSchema(
                    key="approval",
                    label="Vem har godkänt",
                    kind="text",
                    show_if=Rule("total", "greater_than", "2 000"),
                    required=True,
                ),
            ),
        ),
        StepSchema(
            key="trip",
            title="Resan",
            show_if=Rule("total", "at_least", "100"),
            fields=(
                FieldSchema(key="left", label="Avresa", kind="date"),
                FieldSchema(key="home", label="Hemresa", kind="date"),
                FieldSchema(
                    key="days",
                    label="Dagar",
                    kind="calculated",
                    calculation=Calculation("days_between", "left", "home"),
                ),
            ),
        ),
    ),
)


@pytest.fixture
def alice(db: None) -> User:
    """Somebody who answers."""
    with transaction.atomic(), operation("test.setup"):
        return builders.user("alice", builders.organisation("north"))


@pytest.fixture
def version(alice: User) -> FormVersion:
    """The form, published without its gate: what it asks is not the subject here."""
    return publish(FORM)


def publish(schema: FormSchema, key: str = "costs") -> FormVersion:
    with transaction.atomic(), operation("test.setup"):
        definition = FormDefinition.objects.create(key=key, name="Utlägg", steps=stream_of(schema))
        plain = schema.to_plain()
        return FormVersion.objects.create(
            definition=definition,
            number=1,
            schema=plain,
            digest=digest_of(plain),
            published_at="2026-01-01T00:00Z",
            published_by_name="B",
        )


@pytest.fixture
def client(alice: User) -> Client:
    made = Client()
    made.force_login(alice)
    TestWizard.finished.clear()
    return made


def url(draft: Draft, step: str) -> str:
    return f"/prov/{draft.public_id}/{step}/"


def rows(*given: tuple[str, ...], **more: str) -> dict[str, str]:
    """What a page with these rows sends."""
    data = {"lines.rows": str(len(given)), **more}
    for at, cells in enumerate(given):
        data |= {
            f"lines.{at}.{key}": cell
            for key, cell in zip(("what", "amount", "why"), cells, strict=False)
        }
    return data


def text(response: Any) -> str:
    return str(response.content.decode())


# Building


def test_the_stream_and_the_schema_say_the_same(version: FormVersion) -> None:
    built = schema_of(version.definition)
    assert built.steps == FormSchema.from_plain(version.schema).steps == FORM.steps
    assert built.to_plain()["steps"] == version.schema["steps"]


def test_a_nested_condition_survives_the_editor(alice: User) -> None:
    nested = AllOf(
        [
            Rule("payee", "is_filled"),
            AnyOf([Rule("sent_from", "contains", "a"), Rule("sent_from", "is_empty")]),
        ]
    )
    step = StepSchema("s", "S", show_if=None, fields=(*FORM.steps[0].fields[:2],))
    asked = FieldSchema(key="q", label="Q", kind="text", show_if=nested, require_if=nested)
    schema = FormSchema(steps=(step, StepSchema("t", "T", show_if=nested, fields=(asked,))))
    built = schema_of(publish(schema).definition)
    assert built.steps[1].show_if == nested
    assert built.field("q").require_if == nested


# Answering


def test_rows_are_added_and_removed_without_losing_anything(
    client: Client, version: FormVersion, alice: User
) -> None:
    draft = actions.start_draft(owner=alice, version=version)
    half = rows(("Tåg", "fel"), payee="Någon annan")
    added = client.post(url(draft, "costs"), {**half, "add-row": "lines"})
    assert added["Location"] == url(draft, "costs") + "#lines"
    page = text(client.get(url(draft, "costs")))
    assert 'name="lines.1.what"' in page
    assert 'value="fel"' in page
    assert 'value="Någon annan"' in page
    more = rows(("Tåg", "fel"), ("Buss", "20"), ("Taxi", "300"))
    client.post(url(draft, "costs"), {**more, "remove-row": "lines.1"})
    draft.refresh_from_db()
    assert [row["what"] for row in draft.data["costs"]["lines"]] == ["Tåg", "Taxi"]
    # From the review page the way back there is kept.
    again = client.post(f"{url(draft, 'costs')}?till=granska", {**more, "add-row": "lines"})
    assert again["Location"] == f"{url(draft, 'costs')}?till=granska#lines"


@pytest.mark.parametrize(
    "button", ["lines.99", "lines.", "lines", "nothing.0", "payee.0", "²", f"lines.{'9' * 5000}"]
)
def test_odd_buttons_change_nothing(
    client: Client, version: FormVersion, alice: User, button: str
) -> None:
    draft = actions.start_draft(owner=alice, version=version)
    client.post(url(draft, "costs"), {**rows(("Tåg", "1")), "remove-row": button})
    draft.refresh_from_db()
    assert [row["what"] for row in draft.data["costs"]["lines"]] == ["Tåg"]


def test_a_page_cannot_send_rows_without_end(
    client: Client, version: FormVersion, alice: User
) -> None:
    draft = actions.start_draft(owner=alice, version=version)
    for count in ("9" * 5000, "999999999", "-1", "²", "x"):
        client.post(url(draft, "costs"), {"lines.rows": count})
    draft.refresh_from_db()
    assert len(draft.data["costs"]["lines"]) <= 100


def test_errors_name_the_row_and_stand_at_the_question(
    client: Client, version: FormVersion, alice: User
) -> None:
    draft = actions.start_draft(owner=alice, version=version)
    page = client.post(url(draft, "costs"), rows(("Tåg", "10"), ("", ""), ("Buss", "")))
    assert page.status_code == 422
    assert "Rad 3:" in text(page)
    assert "Rad 2:" not in text(page)
    assert 'href="#id_lines.2.amount"' in text(page)
    assert 'id="id_lines.2.amount_error"' in text(page)
    empty = client.post(url(draft, "costs"), rows(("", "")))
    assert "Fyll i minst 1 rad." in text(empty)
    many = client.post(url(draft, "costs"), rows(*[("Tåg", "1")] * 4))
    assert "Fyll i högst 3 rader." in text(many)


def test_a_question_in_a_row_depends_on_the_row(
    client: Client, version: FormVersion, alice: User
) -> None:
    draft = actions.start_draft(owner=alice, version=version)
    page = client.post(
        url(draft, "costs"), rows(("Flyg", "6000", ""), ("Tåg", "10", ""), approval="Bo")
    )
    assert page.status_code == 422
    assert "Rad 1: Svara på frågan «Varför så dyrt?»" in text(page)
    assert (
        client.post(
            url(draft, "costs"),
            rows(("Flyg", "6000", "Enda vägen"), ("Tåg", "10", "x"), approval="Bo"),
        ).status_code
        == 302
    )
    client.post(url(draft, "trip"), {})
    client.post(url(draft, "granska"))
    assert Submission.objects.get().answers["lines"] == [
        {"what": "Flyg", "amount": 6000, "why": "Enda vägen"},
        {"what": "Tåg", "amount": 10},
    ]


def test_sums_decide_questions_and_steps_and_are_never_taken_from_the_page(
    client: Client, version: FormVersion, alice: User
) -> None:
    draft = actions.start_draft(owner=alice, version=version)
    step = url(draft, "costs")
    little = client.post(step, rows(("Frimärke", "15,50"), total="99999", approval="x"))
    assert little["Location"] == url(draft, "granska")
    much = client.post(step, rows(("Tåg", "1 500"), ("Hotell", "700,25")))
    assert much.status_code == 422
    assert ">2\xa0200,25<" in text(much)
    done = client.post(step, rows(("Tåg", "1 500"), ("Hotell", "700,25"), approval="Bo"))
    assert done["Location"] == url(draft, "trip")
    client.post(url(draft, "trip"), {"left": "2026-02-27", "home": "2026-03-02"})
    review = text(client.get(url(draft, "granska")))
    assert "1. Vad: Tåg · Belopp: 1\xa0500" in review
    assert "2\xa0200,25" in review
    client.post(url(draft, "granska"))
    client.post(url(draft, "granska"))
    kept = Submission.objects.get()
    assert kept.answers["total"] == "2200.25"
    assert kept.answers["days"] == 3
    groups = answers.in_words(kept, alice)
    assert groups[0].rows[2].value.splitlines()[1] == "2. Vad: Hotell · Belopp: 700,25"


def test_a_draft_goes_on_from_stored_rows(version: FormVersion, alice: User) -> None:
    raw = {"lines": [{"what": "Tåg", "amount": 12.5}], "total": 7, "payee": "Bo"}
    first = actions.submit_answers(version=version, raw=raw, actor=alice)
    assert first.answers["total"] == "12.50"
    draft = actions.start_draft(owner=alice, version=version, replaces=first)
    assert draft.data["costs"]["lines"] == [{"what": "Tåg", "amount": "12.5"}]
    assert "total" not in draft.data["costs"]


def test_the_price_of_a_page_does_not_grow_with_the_rows(
    client: Client, version: FormVersion, alice: User
) -> None:
    draft = actions.start_draft(owner=alice, version=version)

    def price(count: int) -> int:
        client.post(url(draft, "costs"), rows(*[("Tåg", "1")] * count))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(draft, "costs")).status_code == 200
        return len(captured)

    price(2)
    assert price(2) == price(20)


# Fetched answers


def test_what_is_fetched_is_shown_with_its_source_and_kept(
    client: Client, version: FormVersion, alice: User
) -> None:
    draft = actions.start_draft(owner=alice, version=version)
    page = text(client.get(url(draft, "costs")))
    assert 'value="Alice Test"' in page
    assert "Hämtat från ditt konto: namn. Rätta om det är fel" in page
    assert "Hämtat från ditt konto: e-postadress." in page
    client.post(
        url(draft, "costs"),
        rows(("Tåg", "1"), payee="Bo Ek", sent_from="thief@example.org"),
    )
    review = text(client.get(url(draft, "granska")))
    assert "Rättat här; från ditt konto: namn hämtades «Alice Test»." in review
    client.post(url(draft, "granska"))
    kept = Submission.objects.get()
    assert kept.answers["sent_from"] == "alice@example.org"
    assert kept.fetched["payee"]["value"] == "Alice Test"
    assert kept.fetched["payee"]["changed"] is True
    assert kept.fetched["sent_from"]["changed"] is False
    draft.refresh_from_db()
    assert draft.fetched == {}


def test_a_locked_answer_cannot_be_put_in_the_draft(version: FormVersion, alice: User) -> None:
    draft = actions.start_draft(owner=alice, version=version)
    actions.save_step(
        draft_id=draft.pk,
        step_key="costs",
        typed={"lines": [{"what": "Tåg", "amount": "1"}], "sent_from": "thief@example.org"},
        next_step="costs",
        actor=alice,
    )
    kept = actions.submit_draft(draft_id=draft.pk, actor=alice)
    assert kept.answers["sent_from"] == "alice@example.org"


def test_the_guard_of_locked_answers_is_needed(
    version: FormVersion, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: without it the thief's address is handed in."""
    monkeypatch.setattr(fetching, "put_in", lambda schema, raw, fetched, **more: raw)
    draft = actions.start_draft(owner=alice, version=version)
    actions.save_step(
        draft_id=draft.pk,
        step_key="costs",
        typed={"lines": [{"what": "Tåg", "amount": "1"}], "sent_from": "thief@example.org"},
        next_step="costs",
        actor=alice,
    )
    kept = actions.submit_draft(draft_id=draft.pk, actor=alice)
    assert kept.answers["sent_from"] == "thief@example.org"


def test_what_does_not_pass_the_question_is_not_fetched(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        prefill.SOURCES,
        "odd",
        prefill.Source("odd", "udda", lambda user, context: "x" * 500, ("text",)),
    )
    schema = FormSchema(
        steps=(StepSchema("s", "S", fields=(FieldSchema("c", "C", "text", prefill="odd"),)),)
    )
    assert fetching.fetch(schema, alice, {}, {}) == {}


def test_a_source_is_registered_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        prefill.register(prefill.SOURCES["today"])


def test_the_own_sources_say_what_they_should(alice: User) -> None:
    with transaction.atomic(), operation("test.setup"):
        city = builders.organisation("town")
        district = builders.organisation("farsta", city)
        district.kind = "district"
        district.save()
        unit = builders.organisation("desk", district)
        builders.person("Alice", unit, user=alice)
    found = {key: source.fetch(alice, {}) for key, source in prefill.SOURCES.items()}
    assert (found["own_unit"], found["own_district"]) == ("Desk", "Farsta")
    assert found["own_email"] == "alice@example.org"
    assert len(found["today"]) == 10
