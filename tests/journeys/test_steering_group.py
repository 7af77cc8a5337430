"""The project leader calls a meeting and records a decision; a member reads it on a phone."""

import datetime
import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browser import hindrances, too_wide
from tests.journeys.portal import Portal, running_portal
from tests.journeys.visitors import HEIGHT, PHONE, Visitor, in_a_list, rows

LEADER = "projektledare@example.org"
MEMBER = "styrgrupp@example.org"
MATTER = "Förslag till tider för nästa år"
DECISION = "Två nya lokaler får hyras"
BODY = "SELECT public_id FROM programme_body WHERE code = 'SG'"
HELD = """
    SELECT m.public_id FROM programme_meeting m JOIN programme_body b ON b.id = m.body_id
     WHERE b.code = 'SG' AND m.state = 'held' ORDER BY m.starts_at DESC
"""


@pytest.fixture(scope="module")
def portal(tables: str) -> Iterator[Portal]:
    """The demo with its steering group."""
    with running_portal(os.environ["DATABASE_URL"], tables) as found:
        yield found


def test_the_leader_calls_and_records_and_a_member_reads(portal: Portal, browser: Browser) -> None:
    ((body,), *_rest) = rows(portal, BODY)
    ((held,), *_earlier) = rows(portal, HELD)
    leader = Visitor(browser, portal, LEADER)
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)

    leader.go(f"/styrning/{body}/kalla/")
    page = leader.page
    page.fill("[name=on]", tomorrow.isoformat())
    page.fill("[name=begins]", "09:00")
    page.fill("[name=ends]", "10:30")
    page.fill("[name=place]", "Digitalt möte")
    page.get_by_role("button", name="Kalla till mötet").click()
    page.get_by_role("link", name=f"{tomorrow} kl. 9.00").first.click()
    page.get_by_role("link", name="Lägg till en punkt på dagordningen").click()
    page.fill("[name=title]", MATTER)
    page.get_by_label("Beslut", exact=True).check()
    page.get_by_role("button", name="Spara").click()
    expect(page.locator("main")).to_contain_text(MATTER)

    leader.go(f"/styrning/mote/{held}/beslut/")
    page.fill("[name=title]", DECISION)
    page.fill("[name=text]", "Lokalerna får hyras till årets slut.")
    page.select_option("[name=responsible]", label="Projektledare")
    page.fill("[name=follow_up_on]", (tomorrow + datetime.timedelta(days=60)).isoformat())
    page.get_by_role("button", name="Skriv in beslutet").click()
    page.get_by_role("link", name=DECISION).first.click()
    expect(page.locator("main")).to_contain_text("Lokalerna får hyras till årets slut.")
    # It is put right in the open.
    page.get_by_role("link", name="Rätta").click()
    page.fill("[name=text]", "Lokalerna får hyras till juni.")
    page.fill("[name=reason]", "Fel slutdatum skrevs av")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator("main")).to_contain_text("Fel slutdatum skrevs av")

    member = Visitor(browser, portal, MEMBER)
    member.go("/styrgruppen/")
    member.page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    main = member.page.locator("main")
    expect(main).to_contain_text("Digitalt möte")
    expect(main).to_contain_text(MATTER)
    expect(main).to_contain_text(DECISION)
    expect(main).to_contain_text("Så går det för projektet")
    assert not hindrances(member.page)
    assert not too_wide(member.page)
    main.get_by_role("link", name=DECISION).click()
    expect(main).to_contain_text("Lokalerna får hyras till juni.")
    # A member reads; the buttons are the office's.
    expect(main.get_by_role("link", name="Rätta")).to_have_count(0)
    assert not [*leader.found, *member.found], in_a_list([*leader.found, *member.found])
