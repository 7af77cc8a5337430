"""A new kind of case from nothing, in the browsers of those who make, use and audit it.

An administrator builds a form, a case type and a workflow, is refused twice for
reasons that a person must put right, and takes the type into use. A manager starts
two cases, one on each side of the workflow's limit; they are asked about, answered
and decided, and the auditor reads the story. Everything is clicked and typed; the
order is the one in docs/guide-ny-arendetyp.md.
"""

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import building
from tests.journeys.portal import running_portal
from tests.journeys.story import Story
from tests.journeys.visitors import Visitor, forward, rows

BUILDER = "administrator@example.org"
CHIEF = "chef.farsta@example.org"
HEAD = "avdelningschef.farsta@example.org"
HIGHER = "hogre_chef@example.org"
AUDITOR = "revisor@example.org"

NAME, FLOW = "Lån av utrustning", "Utlåning"
WHAT, USE, COURSE = (
    "Vad vill du låna?",
    "Vad ska det användas till?",
    "Vilken utbildning gäller det?",
)
WORTH, DAYS, CALL = (
    "Vad är utrustningen värd i kronor?",
    "Hur många dagar?",
    "Telefon till den som hämtar",
)
FIRST, SECOND = "Avdelningschefen godkänner", "Dyr utrustning godkänns"
QUESTION, ANSWER = "Räcker inte fem dagar?", "5"
NUMBER = re.compile(r"\bL-\d{4}-\d{4}\b")
VERSIONS = """
    SELECT count(*) FROM workflows_workflowversion version
      JOIN workflows_workflowdefinition definition ON definition.id = version.definition_id
     WHERE definition.name = %s"""
FORM_VERSIONS = """
    SELECT count(*) FROM forms_app_formversion version
      JOIN forms_app_formdefinition definition ON definition.id = version.definition_id
     WHERE definition.name = %s"""


@pytest.fixture(scope="module")
def story(browser: Browser, tables: str) -> Iterator[Story]:
    """A portal with the demo's people, where nobody has heard of the new kind."""
    with running_portal(os.environ["DATABASE_URL"], tables) as portal:
        told = Story(portal, browser)
        yield told
        for visitor in told.visitors.values():
            visitor.close()


def test_the_form_is_built(story: Story) -> None:
    builder = story.who(BUILDER)
    page = building.open_editor(builder, "Formulär", "Lägg till formulär")
    building.write(page, "name", NAME)
    first = building.add_block(page, "steps")
    building.write(page, f"{first}-title", "Vad du vill låna")
    building.add_question(page, first, "text", WHAT)
    use = building.add_question(page, first, "ett val", USE)
    building.add_choices(page, use, ["Utbildning", "Distansarbete"])
    course = building.add_question(page, first, "text", COURSE)
    building.add_rule(
        page, f"{course}-show_if-rules", "vad_ska_det_anvandas_till", "är", "utbildning"
    )
    second = building.add_block(page, "steps")
    building.write(page, f"{second}-title", "Värde och tid")
    building.add_question(page, second, "tal", WORTH)
    building.add_question(page, second, "tal", DAYS)
    building.add_question(page, second, "text", CALL, required=False)
    building.save(page)
    story.end("form")


def test_the_form_is_refused_without_legal_basis_and_then_published(story: Story) -> None:
    story.needs("form")
    builder = story.who(BUILDER)
    page = builder.page
    page.get_by_role("link", name="Publicera", exact=True).first.click()
    builder.look_inside()
    expect(page.locator("main")).to_contain_text("Rätta det här först")
    expect(page.get_by_role("button", name="Publicera", exact=True)).to_have_count(0)
    assert rows(story.portal, FORM_VERSIONS, NAME) == [(0,)]

    page.get_by_role("link", name=f"«{CALL}» frågar efter personuppgifter. Välj rättslig").click()
    page.wait_for_load_state("networkidle")
    question = page.locator(page.url[page.url.index("#") :])
    expect(question).to_be_in_viewport()
    block = "steps-1-value-fields-2-value"
    expect(question.locator(f"[name='{block}-label']")).to_have_value(CALL)
    building.unfold(page, f"{block}-privacy-legal_basis")
    building.write(page, f"{block}-privacy-purpose", "Den som lämnar ut ringer när det är klart.")
    building.write(
        page, f"{block}-privacy-legal_basis", "Uppgift av allmänt intresse (artikel 6.1 e)"
    )
    building.save(page)
    page.get_by_role("link", name="Publicera", exact=True).first.click()
    builder.look_inside()
    page.get_by_role("button", name="Publicera", exact=True).click()
    expect(page.locator(".messages .success")).to_be_visible()
    assert rows(story.portal, FORM_VERSIONS, NAME) == [(1,)]
    story.end("published form")


def test_the_case_type_is_saved_and_cannot_be_used_yet(story: Story) -> None:
    story.needs("published form")
    builder = story.who(BUILDER)
    page = building.open_editor(builder, "Ärendetyper", "Lägg till ärendetyp")
    building.write(page, "name", NAME)
    building.write(page, "description", "När någon behöver låna en dator eller projektor.")
    building.write(page, "prefix", "L")
    building.write(page, "form", NAME)
    building.save(page)
    page = building.open_editor(builder, "Ärendetyper", NAME)
    building.tick(page.get_by_label("Närmaste chef", exact=True).first)
    building.write(page, "title_field", WHAT)
    building.save(page)
    _to_use(builder)
    expect(page.locator("main")).to_contain_text("Det här saknas")
    expect(page.get_by_role("button", name="Ta i bruk")).to_have_count(0)
    # Nobody is offered what is not in use.
    chief = story.who(CHIEF)
    expect(chief.go("/arenden/nytt/").locator("main")).not_to_contain_text(NAME)
    story.end("type")


def test_the_workflow_is_drawn(story: Story) -> None:
    story.needs("type")
    page = building.open_editor(story.who(BUILDER), "Arbetsflöden", "Lägg till arbetsflöde")
    building.write(page, "name", FLOW)
    building.write(page, "case_kind", NAME)
    for name in (FIRST, SECOND):
        step = building.add_block(page, "steps")
        building.write(page, f"{step}-name", name)
        building.write(page, f"{step}-role", "Avdelningschef")
    building.add_rule(page, f"{step}-rules", f"{WORTH} ({NAME})", "är minst", "20000")
    # The picture follows what is written, before anything is saved.
    picture = page.locator("[data-workflow-picture]")
    expect(picture).to_contain_text(FIRST)
    expect(picture).to_contain_text(f"Steget gäller bara när {WORTH} är minst 20\xa0000.")
    building.save(page)
    story.end("drawn")


def test_the_workflow_is_tried_and_a_test_case_stored(story: Story) -> None:
    story.needs("drawn")
    builder = story.who(BUILDER)
    page = builder.page
    page.get_by_role("link", name="Provkör", exact=True).first.click()
    builder.look_inside()
    for worth, path in (("19999", [FIRST]), ("20000", [FIRST, SECOND])):
        page.get_by_role("link", name="Vad händer om").click()
        page.get_by_label(WORTH).fill(worth)
        for at, name in enumerate(path, start=1):
            page.get_by_label(f"Svar {at}", exact=True).select_option(label=f"{name}: godkänna")
        page.get_by_role("button", name="Visa vad som händer").click()
        outcome = page.locator(".wf-live")
        expect(outcome).to_contain_text(f"Kommer till: {' → '.join(path)}")
        assert (SECOND in outcome.inner_text()) is True  # it is reached, or named as not needed
        builder.look_inside()
        page.get_by_label("Testfallets namn").fill(f"Värt {worth} kronor")
        page.get_by_role("button", name="Spara testfallet").click()
        expect(page.locator("tr", has_text=f"Värt {worth} kronor")).to_contain_text("Stämmer")
    story.end("tried")


def test_the_workflow_is_refused_corrected_and_published(story: Story) -> None:
    """The head would approve twice, which nobody may; the words say so and lead to the step."""
    story.needs("tried")
    builder = story.who(BUILDER)
    page = builder.page
    page.get_by_role("link", name="Kontrollera och publicera").first.click()
    builder.look_inside()
    refused = page.locator(".wf__problems")
    expect(refused).to_contain_text("ingen godkänner två gånger i ett ärende")
    expect(page.get_by_role("button", name="Publicera", exact=True)).to_have_count(0)
    assert rows(story.portal, VERSIONS, FLOW) == [(0,)]

    refused.get_by_role("link", name="Farsta stadsdelsförvaltning").first.click()
    page.wait_for_load_state("networkidle")
    step = page.locator(page.url[page.url.index("#") :])
    expect(step).to_be_in_viewport()
    expect(step.locator("[name='steps-1-value-name']")).to_have_value(SECOND)
    building.write(page, "steps-1-value-role", "Högre chef för attest")
    building.save(page)
    page.get_by_role("link", name="Kontrollera och publicera").first.click()
    expect(refused).to_have_count(0)
    builder.look_inside()
    page.get_by_role("button", name="Publicera", exact=True).click()
    expect(page.locator(".messages .success")).to_be_visible()
    assert rows(story.portal, VERSIONS, FLOW) == [(1,)]
    story.end("published flow")


def test_a_failing_test_case_stops_publishing_and_undoing_it_does_not(story: Story) -> None:
    """The negative control: only the fault is what stops the same page."""
    story.needs("published flow")
    builder = story.who(BUILDER)
    for limit, sound in (("15000", False), ("20000", True)):
        page = building.open_editor(builder, "Arbetsflöden", FLOW)
        building.write(page, "steps-1-value-rules-0-value-value", limit)
        building.save(page)
        page.get_by_role("link", name="Kontrollera och publicera").first.click()
        button = page.get_by_role("button", name="Publicera", exact=True)
        expect(button).to_have_count(1 if sound else 0)
        said = page.locator(".wf__problems a")
        expect(said).to_have_count(0 if sound else 1)
        if not sound:
            expect(said).to_contain_text("Värt 19999 kronor")
    story.end("control")


def test_the_case_type_is_taken_into_use(story: Story) -> None:
    story.needs("published flow")
    builder = story.who(BUILDER)
    page = building.open_editor(builder, "Ärendetyper", NAME)
    building.write(page, "workflow", FLOW)
    building.save(page)
    _to_use(builder)
    page.get_by_role("button", name="Ta i bruk").click()
    expect(page.get_by_role("button", name="Ta ur bruk")).to_be_visible()
    builder.look_inside()
    story.end("in use")


def _to_use(builder: Visitor) -> None:
    builder.page.get_by_role("link", name="Kontrollera och ta i bruk").first.click()
    builder.look_inside()


@pytest.mark.parametrize(("name", "worth"), [("cheap", "19999"), ("dear", "20000")])
def test_the_manager_starts_a_case(story: Story, name: str, worth: str) -> None:
    story.needs("in use")
    chief = story.who(CHIEF)
    page = chief.go("/arenden/nytt/")
    page.locator("h2").get_by_role("link", name=NAME, exact=True).click()
    chief.look()
    page.get_by_role("button", name="Börja").click()
    page.get_by_label(WHAT).fill("Projektor")
    expect(page.get_by_label(COURSE)).to_be_hidden()
    use = "Utbildning" if name == "dear" else "Distansarbete"
    page.get_by_role("radio", name=use, exact=True).check(force=True)
    if name == "dear":
        page.get_by_label(COURSE).fill("Grundkurs i svåra samtal")
    else:
        expect(page.get_by_label(COURSE)).to_be_hidden()
    chief.look()
    forward(page)
    page.get_by_label(WORTH).fill(worth)
    page.get_by_label(DAYS).fill("10")
    chief.look()
    forward(page)
    assert page.url.endswith("/granska/")
    chief.look()
    shown = page.locator("main").inner_text()
    assert (COURSE in shown) is (name == "dear")
    page.get_by_role("button", name="Skicka ärendet").click()
    expect(page.locator(".govuk-panel--confirmation")).to_be_visible()
    chief.look()
    reference = NUMBER.search(page.locator(".govuk-panel").inner_text())
    assert reference
    story.references[name] = reference.group()
    story.end(name)


def test_the_head_asks_and_the_manager_answers(story: Story) -> None:
    story.needs("dear")
    head, chief = story.who(HEAD), story.who(CHIEF)
    page = head.go("/arbete/")
    page.locator("tbody tr", has_text=story.references["dear"]).get_by_role("link").first.click()
    page.locator("summary", has_text="Fråga om något").click()
    form = page.locator("form:has(input[name=verdict][value=return])")
    form.get_by_label(DAYS).check(force=True)
    form.locator("[name=reason]").fill(QUESTION)
    form.locator("button[type=submit]").click()
    expect(page.locator(".question")).to_contain_text(QUESTION)
    head.look()

    page = chief.go(f"/arenden/{story.references['dear']}/")
    page.get_by_role("link", name="Svara på frågan").click()
    chief.look()
    page.locator("main form .govuk-button").click()
    while not page.get_by_label(DAYS).count():
        forward(page)
    chief.look()
    expect(page.get_by_label(WORTH)).to_be_disabled()
    page.get_by_label(DAYS).fill(ANSWER)
    forward(page)
    chief.look()
    page.get_by_role("button", name="Skicka svaren").click()
    page.wait_for_url(f"**/arenden/{story.references['dear']}/")
    story.end("answered")


def test_those_who_decide_approve_to_the_end(story: Story) -> None:
    story.needs("answered")
    head, higher = story.who(HEAD), story.who(HIGHER)
    for name in ("cheap", "dear"):
        page = head.go(f"/arenden/{story.references[name]}/")
        if name == "dear":
            expect(page.locator(".summary__row--changed")).to_contain_text("10")
        _approve(page)
        head.look()
    # Under the limit it ends there; over it the higher manager's step remains.
    assert _states(story) == {"cheap": "approved", "dear": "waiting"}
    page = higher.go("/arbete/")
    expect(page.locator("main")).not_to_contain_text(story.references["cheap"])
    page.locator("tbody tr", has_text=story.references["dear"]).get_by_role("link").first.click()
    higher.look()
    _approve(page)
    higher.look()
    assert _states(story) == {"cheap": "approved", "dear": "approved"}
    story.end("decided")


def _approve(page: Page) -> None:
    page.get_by_role("button", name="Godkänn", exact=True).click()
    expect(page.locator("input[name=verdict]")).to_have_count(0)


def _states(story: Story) -> dict[str, str]:
    found = dict(rows(story.portal, "SELECT reference, state FROM workflows_case"))
    return {name: found[reference] for name, reference in story.references.items()}


def test_the_auditor_reads_the_story_and_the_evidence(story: Story) -> None:
    story.needs("decided")
    auditor = story.who(AUDITOR)
    page = auditor.go(f"/revision/arenden/{story.references['dear']}/")
    told = [" ".join(each.split()) for each in page.locator(".timeline__item").all_inner_texts()]
    names = dict(
        rows(story.portal, "SELECT email, first_name || ' ' || last_name FROM people_person")
    )
    # Oldest first, and each after the one before it.
    rest = iter(told)
    for email in (CHIEF, HEAD, CHIEF, HEAD, HIGHER):
        assert any(names[email] in each for each in rest), f"{email} is missing in {told}"
    assert any(QUESTION in each for each in told)
    page.get_by_role("link", name="Underlag").first.click()
    auditor.look()
    for words in (FIRST, SECOND, WORTH, QUESTION):
        expect(page.locator("main")).to_contain_text(words)
    story.end("audit")


def test_those_without_the_right_find_no_page(story: Story) -> None:
    story.needs("in use")
    builder = story.who(BUILDER)
    page = building.open_editor(builder, "Arbetsflöden", FLOW)
    number = page.url.rstrip("/").rsplit("/", 1)[-1]
    pages = [f"/cms/arbetsfloden/{number}/publicera/", f"/cms/arbetsfloden/{number}/provkor/"]
    for email, statuses in ((BUILDER, {200}), (CHIEF, {302, 403, 404}), (AUDITOR, {302, 403, 404})):
        for path in pages:
            answer = story.who(email).page.request.get(f"{story.portal.url}{path}", max_redirects=0)
            assert answer.status in statuses, (email, path)
    # Whoever holds no role of the type is not offered it, and an address does not help.
    other = story.who(HEAD)
    expect(other.go("/arenden/nytt/").locator("main")).not_to_contain_text(NAME)
    answer = other.page.request.get(f"{story.portal.url}/arenden/nytt/lan-av-utrustning/")
    assert answer.status == 404
    story.end("rights")
