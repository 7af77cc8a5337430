"""The portal's main job from end to end, in the browsers of those who do it.

A manager nominates three employees, the department head asks about one, the
project office admits them, one of them accepts the place, and the auditor reads
all of it. The tests follow one another over one portal, which is started for
them as in production: web server, worker and scheduler in processes of their own.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.chapters import ensure_told
from tests.journeys import nominating
from tests.journeys.nominating import MOTIVATION
from tests.journeys.portal import Portal, running_portal
from tests.journeys.visitors import (
    REFERENCE,
    Visitor,
    eventually,
    forward,
    in_a_list,
    mail_to,
    rows,
)

CHIEF = "chef.farsta@example.org"
HEAD = "avdelningschef.farsta@example.org"
OFFICE = "administrator@example.org"
AUDITOR = "revisor@example.org"
QUESTION = "Hur ska kunskapen föras vidare i gruppen?"
ANSWER = "Hon leder en genomgång på arbetsplatsträffen efter varje tillfälle."
PASSWORD = "korall-fönster-tisdag-9"
FREE_EMPLOYEES = """
    SELECT person.public_id, person.email, person.first_name || ' ' || person.last_name
      FROM people_person person
      JOIN people_person chief ON chief.unit_id = person.unit_id AND chief.email = %s
     WHERE NOT person.is_manager AND NOT person.protected AND person.user_id IS NULL
       AND NOT EXISTS (SELECT 1 FROM programme_nomination WHERE person_id = person.id)
     ORDER BY person.id LIMIT 4"""
NOMINATIONS = "SELECT count(*) FROM programme_nomination"


@dataclass
class Story:
    """What the chapters hand on to one another."""

    portal: Portal
    browser: Browser
    persons: list[tuple[str, str, str]]
    references: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def who(self, email: str) -> Visitor:
        """The same person in the same browser through all chapters."""
        if email not in self.visitors:
            self.visitors[email] = Visitor(self.browser, self.portal, email)
        return self.visitors[email]

    def needs(self, chapter: str) -> None:
        """Fail what cannot be told because an earlier chapter has not been."""
        ensure_told(self.told, chapter)

    def end(self, chapter: str) -> None:
        """The chapter is told; nothing may have been wrong with its pages."""
        self.told.append(chapter)
        found = [each for visitor in self.visitors.values() for each in visitor.found]
        for visitor in self.visitors.values():
            visitor.found.clear()
        assert not found, in_a_list(found)

    def nominations(self) -> int:
        """How many there are in the database."""
        return int(rows(self.portal, NOMINATIONS)[0][0])


@pytest.fixture(scope="module")
def story(browser: Browser, tables: str) -> Iterator[Story]:
    """A portal with the demo's people, and four employees that nobody has nominated."""
    with running_portal(os.environ["DATABASE_URL"], tables) as portal:
        told = Story(portal, browser, rows(portal, FREE_EMPLOYEES, CHIEF))
        yield told
        for visitor in told.visitors.values():
            visitor.close()


def test_the_manager_nominates_one(story: Story) -> None:
    chief = story.who(CHIEF)
    before = story.nominations()
    person, _address, name = story.persons[0]
    page = nominating.begin(chief)
    nominating.leave_out_and_correct(chief, page, person)
    nominating.back_and_forward(page, person)
    nominating.second_draft_stays_apart(chief, page, person, story.persons[3][0])
    nominating.fill_the_rest(chief, page)

    assert page.url.endswith("/granska/")
    chief.look()
    expect(page.locator("main")).to_contain_text(name)
    expect(page.locator("main")).to_contain_text(MOTIVATION)
    assert story.nominations() == before

    nominating.send_twice(page)
    assert story.nominations() == before + 1
    page.reload()
    expect(page.locator(".govuk-panel--confirmation")).to_be_visible()
    chief.look()
    reference = REFERENCE.search(page.locator(".govuk-panel").inner_text())
    assert reference
    story.references.append(reference.group())
    page.get_by_role("link", name="Följ ärendet").click()
    assert page.url.endswith(f"/arenden/{reference.group()}/")
    chief.look()
    story.end("one")


def test_the_manager_nominates_two_by_file(story: Story) -> None:
    story.needs("one")
    chief = story.who(CHIEF)
    before = story.nominations()
    page = chief.go("/nominera/flera/")
    addresses = [email for _person, email, _name in story.persons[1:3]]

    nominating.upload(chief, page, [addresses[0], "ingen.alls@example.org"])
    expect(page.locator(".govuk-error-summary")).to_contain_text("Ingen har nominerats")
    refused = page.locator("tbody tr").nth(1)
    expect(refused).to_contain_text("Ingen i de enheter som du nominerar från")
    assert page.locator("form[action$='/bekrafta/']").count() == 0
    assert story.nominations() == before
    chief.look()

    page.locator("main a.govuk-button").click()
    nominating.upload(chief, page, addresses)
    chief.look()
    assert story.nominations() == before
    page.locator("form[action$='/bekrafta/'] button").click()
    page.wait_for_url("**/nominera/mina/")
    assert story.nominations() == before + 2
    chief.look()
    for _person, _email, name in story.persons[1:3]:
        row = page.locator("tbody tr").filter(has_text=name)
        reference = REFERENCE.search(row.inner_text())
        assert reference
        story.references.append(reference.group())
    story.end("file")


def test_the_head_asks_and_approves(story: Story) -> None:
    story.needs("file")
    first, *others = story.references
    head, chief = story.who(HEAD), story.who(CHIEF)
    page = head.go("/arbete/")
    for reference in story.references:
        expect(_row(page, reference)).to_have_count(1)
    _ask(head, first)
    _decide_at_once(head, others)

    page = chief.go(f"/arenden/{first}/")
    expect(page.locator(".question")).to_contain_text(QUESTION)
    page.locator("main a.govuk-button").click()
    chief.look()
    page.locator("main form .govuk-button").click()
    chief.look()
    expect(page.locator("[name=motivation]")).to_be_editable()
    expect(page.locator("[name=priority]")).to_be_disabled()
    page.locator("[name=motivation]").fill(ANSWER)
    while not page.url.endswith("/granska/"):
        forward(page)
    chief.look()
    page.locator("main form .govuk-button-group button").click()
    page.wait_for_url(f"**/arenden/{first}/")
    chief.look()

    page = head.go(f"/arenden/{first}/")
    changed = page.locator(".summary__row--changed")
    expect(changed).to_have_count(1)
    expect(changed).to_contain_text(ANSWER)
    expect(changed).to_contain_text(MOTIVATION)
    _approve(page)
    head.look()
    story.end("head")


def _row(page: Page, reference: str) -> Locator:
    return page.locator("tbody tr").filter(has_text=reference)


def _ask(head: Visitor, reference: str) -> None:
    """Return the case with a question about one named answer."""
    page = head.go(f"/arenden/{reference}/")
    form = page.locator("form:has(input[name=verdict][value=return])")
    page.locator("details:has(input[name=verdict][value=return]) summary").click()
    form.locator("button[type=submit]").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    head.look()
    form.locator("[name=asked_fields][value=motivation]").check(force=True)
    form.locator("[name=reason]").fill(QUESTION)
    form.locator("button[type=submit]").click()
    expect(page.locator(".question")).to_contain_text(QUESTION)
    head.look()


def _decide_at_once(visitor: Visitor, references: list[str]) -> None:
    """Tick the rows, look at what would be decided, approve them."""
    page = visitor.go("/arbete/")
    for reference in references:
        _row(page, reference).locator("input[name=chosen]").check(force=True)
    page.locator("[data-inbox-decide]").click()
    expect(page.locator("tbody tr")).to_have_count(len(references))
    visitor.look()
    page.locator("[name=verdict][value=approve]").check(force=True)
    page.locator("button[name=confirm]").click()
    page.wait_for_url("**/arbete/")
    for reference in references:
        expect(_row(page, reference)).to_have_count(0)


def _approve(page: Page) -> None:
    page.locator("form:has(input[name=verdict][value=approve]) button[type=submit]").click()
    expect(page.locator("input[name=verdict]")).to_have_count(0)


def test_the_project_office_admits(story: Story) -> None:
    story.needs("head")
    first, *others = story.references
    office = story.who(OFFICE)
    page = office.go("/arbete/")
    _row(page, first).get_by_role("link").click()
    office.look()
    _approve(page)
    office.look()
    _decide_at_once(office, others)
    states = rows(
        story.portal,
        "SELECT p.state FROM programme_place p JOIN programme_nomination n ON n.id = p.nomination_id"
        " JOIN workflows_case c ON c.id = n.case_id WHERE c.reference = ANY(%s)",
        story.references,
    )
    assert states == [("offered",)] * 3
    story.end("office")


def test_the_participant_accepts(story: Story) -> None:
    """She had no account: the offer's mail tells her how to get a password."""
    story.needs("office")
    address = story.persons[0][1]
    assert mail_to(story.portal, address, r"/mina-sidor/")
    participant = Visitor(story.browser, story.portal)
    story.visitors[address] = participant
    page = participant.go("/glomt-losenord/")
    page.locator("[name=email]").fill(address)
    page.locator("main form .govuk-button").click()
    participant.look()
    link = mail_to(story.portal, address, r"/glomt-losenord/nytt/[^\s]+")
    assert link
    participant.go(link)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    page.locator("main form .govuk-button").click()
    participant.look()
    page.goto(f"{story.portal.url}/logga-in/")
    page.locator("[name=login]").fill(address)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form .govuk-button").click()
    page.wait_for_url("**/mina-sidor/")
    participant.look()

    # Nobody accepts before having read how hours and data are handled.
    assert page.locator("[name=answer][value=accept]").count() == 0
    page.locator("form[action$='/information/'] button").click()
    page.locator("[name=answer][value=accept]").click()
    expect(page.locator("[name=answer][value=accept]")).to_have_count(0)
    participant.look()

    page = story.who(CHIEF).go(f"/arenden/{story.references[0]}/")
    expect(page.locator("main")).to_contain_text("Har tackat ja")
    story.end("participant")


def test_the_auditor_reads_every_step(story: Story) -> None:
    story.needs("participant")
    reference = story.references[0]
    auditor = story.who(AUDITOR)
    auditor.go("/revision/")
    page = auditor.go(f"/revision/arenden/{reference}/")
    told = [" ".join(each.split()) for each in page.locator(".timeline__item").all_inner_texts()]
    names = dict(
        rows(story.portal, "SELECT email, first_name || ' ' || last_name FROM people_person")
    )
    steps = [names[email] for email in (CHIEF, HEAD, CHIEF, HEAD, OFFICE, story.persons[0][1])]
    # Oldest first, and each step after the one before it.
    rest = iter(told)
    for name in steps:
        assert any(name in each for each in rest), f"{name} is missing in {told}"
    assert any(QUESTION in each for each in told)
    # The reading itself is on the page the next time.
    page = auditor.go("/revision/lasningar/")
    expect(page.locator("tbody tr").first).to_contain_text(reference)
    story.end("audit")


def test_the_mail_has_left(story: Story) -> None:
    story.needs("office")
    # What is nice to know waits for the next morning's summary, and a decline for a colleague.
    waiting = (
        "SELECT address, subject FROM workflows_message"
        " WHERE state NOT IN ('sent', 'draft') AND NOT in_digest"
    )
    drafts = "SELECT DISTINCT kind FROM workflows_message WHERE state = 'draft'"
    eventually(lambda: not rows(story.portal, waiting), 60)
    assert rows(story.portal, waiting) == []
    assert [kind for (kind,) in rows(story.portal, drafts)] == ["case.declined"]
    page = story.who(OFFICE).go("/demo/post/")
    page.locator("tbody a").first.click()
    story.who(OFFICE).look()
    # A participant reads only her own.
    page = story.visitors[story.persons[0][1]].go("/demo/post/")
    expect(page.locator("tbody tr")).not_to_have_count(0)
    for row in page.locator("tbody tr").all_inner_texts():
        assert story.persons[0][1] in row
    story.end("mail")


OTHER_PAGES = {
    CHIEF: ("/mina-sidor/",),
    HEAD: ("/nominera/", "/nominera/flera/", "/nominera/mina/", "/demo/post/"),
    OFFICE: (
        "/platser/",
        "/omgangar/",
        "/omgangar/ny/",
        "/arbete/utskick/",
        "/konton/",
        "/konton/nytt/",
    ),
    "projektledare@example.org": ("/arbete/", "/platser/", "/omgangar/"),
    "kommunikator@example.org": ("/arbete/",),
    "deltagare.farsta@example.org": ("/mina-sidor/", "/demo/post/"),
    AUDITOR: ("/arbete/",),
}
FIRST_OF = {"/platser/": "tbody a", "/omgangar/": "tbody a", "/konton/": "tbody th a"}


@pytest.mark.parametrize("email", OTHER_PAGES)
def test_the_other_pages_hinder_nobody(story: Story, email: str) -> None:
    visitor = story.who(email)
    for path in OTHER_PAGES[email]:
        page = visitor.go(path)
        if path in FIRST_OF:
            page.locator(FIRST_OF[path]).first.click()
            visitor.look()
    story.end(email)


def test_a_planted_fault_is_found(story: Story) -> None:
    """The negative control of every look above."""
    visitor = Visitor(story.browser, story.portal)
    page = visitor.go("/")
    assert visitor.found == []
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        " '<img src=x><p>Save the answers</p><div style=width:900px>x</div>')"
    )
    visitor.look()
    visitor.close()
    said = in_a_list(visitor.found)
    assert "image-alt" in said
    assert "too wide" in said
    assert "English): Save the answers" in said
