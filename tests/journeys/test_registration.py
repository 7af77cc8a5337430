"""A participant registers, waits, gets the seat and takes it on a phone; a guest comes from outside."""

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from programme.registrations.demo import EVENT, FULL_LECTURE
from tests.journeys.portal import Portal, running_portal
from tests.journeys.visitors import (
    HEIGHT,
    PHONE,
    Visitor,
    eventually,
    in_a_list,
    mail_to,
    rows,
)

WAITING = "chef.skarholmen@example.org"
LEAVING = ("deltagare.hagersten-alvsjo@example.org", "chef.hagersten-alvsjo@example.org")
OFFICE = "administrator@example.org"
GUEST = "signe.gast@sundbyberg.example"
OCCASION = "SELECT public_id FROM programme_occasion WHERE title = %s"
STATES = """
    SELECT u.email, r.state FROM programme_registration r
      JOIN people_person p ON p.id = r.person_id JOIN people_user u ON u.id = p.user_id
      JOIN programme_seatplan s ON s.id = r.plan_id JOIN programme_occasion o ON o.id = s.occasion_id
     WHERE o.title = %s
"""


@pytest.fixture(scope="module")
def portal(tables: str) -> Iterator[Portal]:
    """A portal with the demo's two lectures and two events."""
    with running_portal(os.environ["DATABASE_URL"], tables) as found:
        yield found


def state_of(portal: Portal, email: str) -> str:
    return str(dict(rows(portal, STATES, FULL_LECTURE)).get(email, ""))


def on_a_phone(visitor: Visitor) -> Page:
    visitor.page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    return visitor.page


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).click()


def test_a_participant_waits_and_takes_the_seat_on_a_phone(
    portal: Portal, browser: Browser
) -> None:
    ((place,),) = rows(portal, OCCASION, FULL_LECTURE)
    me = Visitor(browser, portal, WAITING)
    me.go("/mina-anmalningar/")
    page = on_a_phone(me)
    page.get_by_role("link", name=FULL_LECTURE).click()
    page.get_by_text("Lämna kön", exact=True).click()
    expect(page.locator(".registration")).to_contain_text("Du förlorar din plats i kön")
    assert state_of(portal, WAITING) == "waiting"
    me.look()
    press(page, "Ja, lämna kön")
    expect(page.locator("main")).to_contain_text("Alla platser är tagna")
    press(page, "Ställ mig i kö")
    expect(page.locator(".registration")).to_contain_text("Du står på väntelistan")
    me.look()
    assert state_of(portal, WAITING) == "waiting"
    for email in LEAVING:
        other = Visitor(browser, portal, email)
        other.go(f"/anmalan/{place}/")
        other.page.get_by_text("Lämna platsen", exact=True).click()
        press(other.page, "Ja, lämna platsen")
        expect(other.page.locator("main")).to_contain_text("Du är inte längre anmäld")
        assert not other.found, in_a_list(other.found)
        other.close()
    # The first in line was offered the first seat; the second seat is ours.
    assert eventually(lambda: state_of(portal, WAITING) == "offered", 10)
    assert mail_to(portal, WAITING, f"/anmalan/{place}/")
    me.go("/mina-sidor/")
    page = on_a_phone(me)
    page.get_by_role("link", name=FULL_LECTURE).first.click()
    me.look()
    press(on_a_phone(me), "Ja, jag tar platsen")
    expect(page.locator(".registration")).to_contain_text("Du har en plats")
    page.get_by_role("link", name=re.compile("Tillfällets sida")).click()
    expect(page.locator("main")).to_contain_text("ics-fil")
    assert not me.found, in_a_list(me.found)
    me.close()


def test_a_guest_from_another_municipality_registers(portal: Portal, browser: Browser) -> None:
    ((place,),) = rows(portal, OCCASION, EVENT)
    guest = Visitor(browser, portal)
    page = guest.go("/handelser/")
    page.locator(f"main a[href$='/evenemang-{place}/']").click()
    guest.look()
    page.get_by_role("link", name="Anmäl dig som gäst").click()
    press(page, "Anmäl dig som gäst")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    guest.look()
    page.fill("[name=name]", "Signe Gäst")
    page.fill("[name=email]", GUEST)
    page.select_option("[name=municipality]", label="Sundbyberg")
    press(page, "Anmäl dig som gäst")
    expect(page.locator("h1")).to_have_text("Titta i din e-post")
    guest.look()
    link = mail_to(portal, GUEST, r"/gast/[^\s\"]+")
    guest.go(link)
    press(page, "Ja, jag kommer")
    expect(page.locator("main")).to_contain_text("Du är anmäld")
    guest.look()
    office = Visitor(browser, portal, OFFICE)
    office.go(f"/tillfallen/{place}/gaster/")
    expect(office.page.locator("main")).to_contain_text("Signe Gäst")
    expect(office.page.locator("main")).to_contain_text("Sundbyberg")
    office.go("/spridningstillfallen/")
    expect(office.page.locator("main")).to_contain_text("Planerat i tid")
    assert not guest.found + office.found, in_a_list(guest.found + office.found)
    office.close()
    guest.close()
