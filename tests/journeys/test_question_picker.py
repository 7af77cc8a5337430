"""Building a condition in a browser: earlier questions are chosen by their text, live."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from audit.operations import operation
from core.conditions import Rule
from forms_app.building import schema_of, stream_of
from forms_app.calculations import Calculation
from forms_app.models import FormDefinition
from forms_app.schema import Choice, FieldSchema, FormSchema, StepSchema, key_from
from people.models import Capability
from tests.forms_app import builders
from tests.journeys.browser import hindrances, open_page, sign_in

PASSWORD = "long-enough-password"
ROWS = (FieldSchema("sum", "Belopp", "number"), FieldSchema("what", "Vad?", "text"))
FORM = FormSchema(
    steps=(
        StepSchema(
            "a",
            "Om kursen",
            fields=(
                FieldSchema(
                    "how",
                    "Hur ofta?",
                    "choice",
                    choices=(Choice("often", "Ofta"), Choice("never", "Aldrig")),
                ),
                FieldSchema("many", "Antal deltagare", "number"),
                FieldSchema("costs", "Kostnader", "group", fields=ROWS),
            ),
        ),
        StepSchema(
            "b",
            "Om lokalen",
            fields=(
                FieldSchema("where", "Var?", "text", show_if=Rule("how", "equals", "often")),
                FieldSchema(
                    "total",
                    "Summa",
                    "calculated",
                    calculation=Calculation("sum_rows", "costs", "sum"),
                ),
                FieldSchema("last", "Något mer?", "text"),
            ),
        ),
    )
)
MANY = "steps-0-value-fields-1-value"
RULE = "steps-1-value-fields-0-value-show_if-rules-0-value"
CALCULATION = "steps-1-value-fields-1-value-calculation"


@dataclass
class Desk:
    """The editor of a form that is being built."""

    page: Page
    definition: FormDefinition
    url: str

    def field(self, name: str) -> Locator:
        """The input with the name."""
        return self.page.locator(f"[name='{name}']")

    def picker(self, name: str) -> Locator:
        """What stands before the key's input."""
        return self.field(name).locator("xpath=preceding-sibling::select")

    def offered(self, name: str) -> list[str]:
        """The keys that may be chosen."""
        found = self.picker(name).evaluate("one => [...one.options].map(each => each.value)")
        return [each for each in found if each]

    def says(self, name: str, words: str) -> None:
        """What the picker shows as chosen."""
        expect(self.picker(name).locator("option:checked")).to_have_text(words)

    def open(self) -> None:
        """Load the page, and unfold everything."""
        self.page.goto(self.url)
        self.page.wait_for_load_state("networkidle")


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, ground: None) -> Iterator[Desk]:
    """Somebody who builds forms, with one of them open."""
    with transaction.atomic(), operation("test.setup"):
        user = builders.user("bea", builders.organisation("desk"), Capability.MANAGE_DEFINITIONS)
        definition = FormDefinition.objects.create(key="wip", name="Kurs", steps=stream_of(FORM))
    page = open_page(browser)
    sign_in(page, live_server.url, user.email, PASSWORD)
    edit = reverse("wagtailsnippets_forms_app_formdefinition:edit", args=[definition.pk])
    yield Desk(page, definition, f"{live_server.url}{edit}")
    page.context.close()


def test_it_says_what_a_key_means_and_offers_what_is_asked_before(desk: Desk) -> None:
    desk.open()
    desk.says(f"{RULE}-field", "Hur ofta?")
    assert desk.offered(f"{RULE}-field") == ["how", "many", "costs"]
    for typed, words in (
        ("many", "Antal deltagare"),
        ("last", "«Något mer?» går inte att fråga om här"),
        ("nothing", "Ingen fråga har nyckeln «nothing»"),
        ("", "Välj en fråga"),
    ):
        desk.field(f"{RULE}-field").evaluate(
            "(one, text) => { one.value = text;"
            " one.dispatchEvent(new Event('input', {bubbles: true})); }",
            typed,
        )
        desk.says(f"{RULE}-field", words)
    # The answers that may be compared with are suggested for the question at hand.
    desk.picker(f"{RULE}-field").evaluate(
        "one => { one.value = 'how'; one.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    expect(desk.field(f"{RULE}-field")).to_have_value("how")
    value = desk.field(f"{RULE}-value")
    expect(value).to_have_attribute("list", f"{RULE}-value-alternatives")
    suggested = desk.page.locator(f"datalist[id='{RULE}-value-alternatives'] option")
    expect(suggested).to_have_count(2)
    values = "all => all.map(each => each.value)"
    assert suggested.evaluate_all(values) == ["often", "never"]


def test_calculations_are_offered_what_they_can_take(desk: Desk) -> None:
    desk.open()
    desk.says(f"{CALCULATION}-first", "Kostnader")
    assert desk.offered(f"{CALCULATION}-first") == ["costs"]
    assert desk.offered(f"{CALCULATION}-second") == ["sum", "what"]
    desk.field(f"{CALCULATION}-operation").evaluate(
        "one => { one.value = 'sum'; one.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    desk.says(f"{CALCULATION}-first", "«Kostnader» går inte att fråga om här")
    assert desk.offered(f"{CALCULATION}-first") == ["many"]


@pytest.mark.parametrize(
    "label", ["Vilken ort? – å, ä & ö!", "  --_Två  ord_ ", "½ dag (3 h)", "Lång fråga " * 9, "?!"]
)
def test_a_question_that_is_not_saved_gets_the_key_it_is_chosen_by(desk: Desk, label: str) -> None:
    desk.open()
    set_to = (
        "(one, text) => { one.value = text;"
        " one.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    desk.field(f"{MANY}-key").evaluate(set_to, "")
    desk.field(f"{MANY}-label").evaluate(set_to, label)
    key = key_from(label)
    expect(desk.picker(f"{RULE}-field").locator(f"option[value='{key}']")).to_have_count(1)
    desk.picker(f"{RULE}-field").evaluate(
        "(one, key) => { one.value = key;"
        " one.dispatchEvent(new Event('change', {bubbles: true})); }",
        key,
    )
    expect(desk.field(f"{RULE}-field")).to_have_value(key)
    expect(desk.field(f"{MANY}-key")).to_have_value(key)


def test_without_the_script_the_key_is_typed_and_saved(desk: Desk) -> None:
    desk.page.route("**/forms-editor*.js", lambda route: route.abort())
    desk.open()
    expect(desk.field(f"{RULE}-field")).to_have_value("how")
    expect(desk.page.locator("[data-question-picker]")).to_have_count(0)
    desk.field(f"{RULE}-field").evaluate("one => { one.value = 'many' }")
    desk.page.locator("#w-editor-form button[type=submit]").first.click()
    desk.page.wait_for_load_state("networkidle")
    desk.definition.refresh_from_db()
    assert schema_of(desk.definition).field("where").show_if == Rule("many", "equals", "often")


def test_nothing_in_it_hinders_anyone(desk: Desk) -> None:
    for width in (1280, 375):
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.open()
        desk.page.evaluate(
            "() => document.querySelectorAll('[data-panel-toggle][aria-expanded=false]')"
            ".forEach(one => one.click())"
        )
        desk.page.evaluate(
            "name => { document.getElementsByName(name)[0].closest('.w-field').id = 'ours' }",
            f"{RULE}-field",
        )
        expect(desk.picker(f"{RULE}-field")).to_be_visible()
        assert hindrances(desk.page, "#ours") == []
    # The control: without its name axe would say so.
    desk.picker(f"{RULE}-field").evaluate("one => one.removeAttribute('aria-label')")
    assert hindrances(desk.page, "#ours") != []
