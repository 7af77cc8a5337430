"""From a course's template to a closed and reported month, and what a correction sets going.

One group in a portal of its own: made from the template, filled, checked in to by code, by
meeting report and by thumb, attested, checked, locked, sent, corrected and sent again.
"""

import datetime
import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browser import open_page, sign_in
from tests.journeys.group_story import (
    BEGAN,
    CHECKED,
    EARLIER,
    EARLIER_MONTH,
    ECONOMIST,
    FILES,
    GROUP,
    HERE,
    LEADER,
    MEMBER,
    MONTH,
    OFFICE,
    PAST,
    WRITTEN,
    Journey,
    attest,
    change,
    check,
    decide,
    make_file,
    on_paper,
    report_of,
    send_file,
    too_small,
    width_of,
)
from tests.journeys.portal import running_portal
from tests.journeys.visitors import PHONE, rows, scanned


@pytest.fixture(scope="module")
def journey(browser: Browser, tables: str) -> Iterator[Journey]:
    """A portal with people and nominations, and no groups yet."""
    with running_portal(os.environ["DATABASE_URL"], tables) as portal:
        told = Journey(portal, browser)
        yield told
        for visitor in told.visitors.values():
            visitor.close()


def test_the_office_makes_a_group_from_the_template(journey: Journey) -> None:
    page = journey.at(OFFICE, "/grupper/ny/")
    page.fill("[name=name]", GROUP)
    page.select_option("[name=course]", "serie")
    chosen = page.locator("[name=district] option", has_text="Hägersten").get_attribute("value")
    page.select_option("[name=district]", chosen)
    page.fill("[name=first_day]", (BEGAN + datetime.timedelta(days=1)).isoformat())
    page.fill("[name=time]", "09:00")
    page.locator("main .card form button").click()
    expect(page.locator("h1")).to_have_text(GROUP)
    expect(page.locator("input[name^=day-]")).to_have_count(6)
    page.click("button[name=save]")
    expect(page.locator("a[href^='/tillfallen/']", has_text="Yrkesrollen")).to_have_count(1)
    journey.group = page.url.removeprefix(journey.portal.url)
    journey.end("made")


def test_those_who_wait_are_placed_and_invited(journey: Journey) -> None:
    journey.needs("made")
    page = journey.at(OFFICE, "/grupper/placera/?kurs=serie")
    choices = page.locator("select[name^=grupp-]")
    expect(choices).to_have_count(len(journey.members()))
    for choice in choices.all():
        wanted = choice.locator("option", has_text=GROUP).get_attribute("value")
        choice.select_option(wanted)
    page.locator("main form[method=post] button").last.click()
    expect(page.locator("select[name^=grupp-]")).to_have_count(0)
    page = journey.at(OFFICE, journey.group)
    links = page.locator(".group-table a[href^='/tillfallen/']")
    expect(links).to_have_count(6)
    for unit in ("Yrkesrollen", "Samtal som leder"):
        link = page.locator("main a[href^='/tillfallen/']", has_text=unit)
        journey.occasions.append(link.get_attribute("href") or "")
    others = [link.get_attribute("href") or "" for link in links.all()]
    journey.occasions.append(next(one for one in others if one not in journey.occasions))
    page.goto(f"{journey.portal.url}{journey.now}")
    page.locator(f"form[action='{journey.now}bjud-in/'] button").click()
    # The demo's lectures have guests of their own.
    sent = rows(
        journey.portal,
        "SELECT count(*) FROM programme_invitation JOIN programme_occasion AS o"
        " ON o.id = occasion_id WHERE invited_at IS NOT NULL AND o.kind = 'training'",
    )
    assert sent[0][0] == len(journey.members())
    journey.end("placed")


def test_a_participant_checks_in_by_the_code_on_the_screen(journey: Journey) -> None:
    journey.needs("placed")
    now = datetime.datetime.now(HERE)
    begins = max(now - datetime.timedelta(minutes=20), now.replace(hour=0, minute=0))
    ends = min(now + datetime.timedelta(hours=3), now.replace(hour=23, minute=59))
    page = journey.at(OFFICE, f"{journey.now}andra/")
    change(
        page,
        day=now.date().isoformat(),
        starts=f"{begins:%H:%M}",
        ends=f"{ends:%H:%M}",
        breaks="",
        reason="Gruppen ses i dag.",
    )
    screen = journey.at(OFFICE, f"{journey.now}kod/")
    expect(screen.locator("main svg").first).to_be_visible()
    written = WRITTEN.search(screen.locator("main").inner_text())
    assert written
    address = scanned(screen.locator("main svg.qr"))
    # Whoever cannot use a camera writes the same code.
    assert address.rstrip("/").endswith(written.group().replace(" ", ""))
    member = journey.at(MEMBER, address.removeprefix(journey.portal.url))
    member.locator("main form button").click()
    # The page sends itself on with JavaScript.
    expect(member.locator("main .card--tint")).to_have_count(1)
    member.wait_for_load_state("networkidle")
    here = rows(
        journey.portal,
        "SELECT s.source, s.ended_at FROM programme_segment s JOIN people_person p"
        " ON p.id = s.person_id WHERE p.email = %s",
        MEMBER,
    )
    assert [(source, ended) for source, ended in here] == [("screen", None)]
    journey.end("checked in")


def test_a_meeting_report_is_read_and_two_names_are_decided(journey: Journey) -> None:
    journey.needs("placed")
    page = journey.at(OFFICE, f"{journey.past}andra/")
    page.check("[name=online]")
    change(
        page,
        day=PAST.isoformat(),
        join_address="https://mote.example.org/resan",
        deviation_reason="Flera stadsdelar.",
        reason="Hölls digitalt.",
    )
    page = journey.at(OFFICE, f"{journey.past}rapport/")
    page.set_input_files(
        "input[type=file]",
        {"name": "motet.csv", "mimeType": "text/csv", "buffer": report_of(journey)},
    )
    page.locator("main form[enctype] button").click()
    expect(page.locator(".mark-row")).to_have_count(2)
    assert journey.minutes() == {}
    page.locator("section.card--tint form button").click()
    member = next(name for email, name, _key in journey.members() if email == MEMBER)
    decide(page, "Köksplattan", member, "Sade sitt namn i mötet.")
    decide(page, "Konferensrum 4", "", "Lokalens utrustning.")
    page.get_by_role("button", name="Avgör de valda").click()
    expect(page.locator(".mark-row")).to_have_count(0)
    first, second = [email for email, _, _ in journey.members() if email != MEMBER][:2]
    # Ten minutes away, and an hour early home; the lunch of forty minutes is no training.
    assert journey.minutes() == {first: 250, second: 260, MEMBER: 200}
    journey.end("read")


def test_attendance_is_marked_by_thumb_on_a_phone(journey: Journey) -> None:
    journey.needs("placed")
    page = journey.at(OFFICE, f"{journey.earlier}andra/")
    change(page, day=EARLIER.isoformat(), reason="Hölls tidigare.")
    phone = open_page(journey.browser, width=PHONE, has_touch=True, is_mobile=True)
    sign_in(phone, journey.portal.url, OFFICE)
    phone.goto(f"{journey.portal.url}{journey.earlier}narvaro/")
    list_of = phone.locator(".mark-row")
    expect(list_of).to_have_count(len(journey.members()))
    assert width_of(phone) <= PHONE
    assert too_small(phone) == []
    for email, _name, key in journey.members():
        mark = "absent" if email == MEMBER else "present"
        phone.locator(f"input[name=mark-{key}][value={mark}]").tap()
    phone.locator(".save-bar button").tap()
    saved = phone.get_by_text(re.compile(f"{len(journey.members())} personer är sparade"))
    expect(saved.first).to_be_visible()
    assert width_of(phone) <= PHONE
    # What was pressed is what is saved, and what the page shows when it is opened anew.
    phone.goto(f"{journey.portal.url}{journey.earlier}narvaro/")
    for email, _name, key in journey.members():
        mark = "absent" if email == MEMBER else "present"
        expect(phone.locator(f"input[name=mark-{key}][value={mark}]")).to_be_checked()
    marks = rows(
        journey.portal,
        "SELECT a.mark, count(*) FROM programme_attendance a JOIN programme_occasion o"
        " ON o.id = a.occasion_id WHERE o.starts_at::date = %s GROUP BY 1 ORDER BY 1",
        EARLIER,
    )
    assert marks == [("absent", 1), ("present", len(journey.members()) - 1)]
    # The control: smaller targets and a wide row would both be seen.
    phone.add_style_tag(
        content=".segmented__one, .segmented__one label { height: 30px; min-height: 0 }"
        " .segmented__one label { min-block-size: 0 } .mark-row { width: 600px }"
    )
    assert too_small(phone)
    assert width_of(phone) > PHONE
    phone.context.close()
    journey.end("marked")


def test_hours_are_attested_checked_and_the_month_locked(journey: Journey) -> None:
    journey.needs("read")
    journey.needs("marked")
    attest(journey, MONTH)
    for month in (EARLIER_MONTH, MONTH):
        on_paper(journey, month)
        check(journey, month)
    everyone = len(journey.members())
    for first_day, number in (
        (EARLIER.replace(day=1), everyone - 1),
        (PAST.replace(day=1), everyone),
    ):
        assert rows(journey.portal, CHECKED, first_day) == [(number,)]
    for month in (EARLIER_MONTH, MONTH):
        page = journey.at(ECONOMIST, f"/manader/{month}/las/")
        page.locator("main form[method=post] button").click()
    state = rows(
        journey.portal,
        "SELECT state, summary->>'minutes' FROM programme_month WHERE first_day = %s",
        PAST.replace(day=1),
    )
    assert state == [("locked", "710")]
    journey.end("locked")


def test_the_months_are_exported_and_sent(journey: Journey) -> None:
    journey.needs("locked")
    for month in (EARLIER_MONTH, MONTH):
        make_file(journey, month)
        send_file(journey, month)
    assert rows(journey.portal, FILES) == [
        (EARLIER_MONTH, 1, "sent", 2, 520, False),
        (MONTH, 1, "sent", 3, 710, False),
    ]
    journey.end("sent")


def test_a_correction_by_two_makes_the_file_old_and_a_new_version_is_sent(
    journey: Journey,
) -> None:
    journey.needs("sent")
    email, _name, key = next(one for one in journey.members() if one[0] != MEMBER)
    occasion = journey.past.strip("/").split("/")[-1]
    page = journey.at(OFFICE, f"/rattelser/ny/{occasion}/{key}/")
    page.check("[name=mark][value=present]", force=True)
    page.fill("[name=times]", "9.00–12.10")
    page.fill("[name=reason]", "Gick hem till lunchen.")
    page.locator("button[name=action][value=preview]").click()
    expect(page.locator("main")).to_contain_text("kr")
    page.locator("button[name=action][value=propose]").click()
    assert journey.minutes()[email] == 250

    number = rows(journey.portal, "SELECT public_id FROM programme_correction")[0][0]
    page = journey.at(LEADER, f"/rattelser/{number}/")
    page.locator("button[name=action][value=approve]").click()
    page.wait_for_load_state("networkidle")
    # Nine to ten past twelve, with the lunch from half past eleven.
    assert journey.minutes()[email] == 150
    # The month before is not touched by it.
    assert [row[5] for row in rows(journey.portal, FILES)] == [False, True]

    page = journey.at(OFFICE, f"/manader/{MONTH}/{key}/")
    page.fill("[name=note]", "Pärm 3, blad 2.")
    page.locator("main form[action$='/papper/'] button").click()
    page = journey.at(ECONOMIST, f"/manader/{MONTH}/")
    page.locator("input[name=person]").first.check(force=True)
    page.locator("form[action$='/kontrollera/'] button").click()
    page = journey.at(ECONOMIST, "/scb/skicka-om/")
    page.fill("[name=reason]", "Rättelse av en deltagares tid.")
    page.locator("main form[method=post] button").click()
    page.wait_for_load_state("networkidle")
    send_file(journey, MONTH)
    assert rows(journey.portal, FILES) == [
        (EARLIER_MONTH, 1, "sent", 2, 520, False),
        (MONTH, 1, "replaced", 3, 710, True),
        (MONTH, 2, "sent", 3, 610, False),
    ]
    journey.end("corrected")


def test_a_correction_of_the_earlier_month_lists_both_with_what_differs(journey: Journey) -> None:
    """Who was there after all began a month earlier: the line there is new, and here it changes."""
    journey.needs("corrected")
    name, key = next((name, key) for email, name, key in journey.members() if email == MEMBER)
    occasion = journey.earlier.strip("/").split("/")[-1]
    page = journey.at(OFFICE, f"/rattelser/ny/{occasion}/{key}/")
    page.check("[name=mark][value=present]", force=True)
    page.fill("[name=times]", "9.00–12.10")
    page.fill("[name=reason]", "Satt längst bak.")
    page.locator("button[name=action][value=preview]").click()
    page.locator("button[name=action][value=propose]").click()
    number = rows(
        journey.portal, "SELECT public_id FROM programme_correction ORDER BY id DESC LIMIT 1"
    )[0][0]
    page = journey.at(LEADER, f"/rattelser/{number}/")
    page.locator("button[name=action][value=approve]").click()
    page.wait_for_load_state("networkidle")

    page = journey.at(ECONOMIST, "/scb/skicka-om/")
    sections = page.locator("main section[aria-labelledby^='m-']")
    expect(sections.locator("h2")).to_have_text([EARLIER_MONTH, MONTH])
    # Hours that nobody has attested are in no file.
    expect(sections.nth(0).locator("tbody tr")).to_have_count(0)
    attest(journey, EARLIER_MONTH)
    check(journey, EARLIER_MONTH)
    page = journey.at(ECONOMIST, "/scb/skicka-om/")
    for section, before, after in (
        (sections.nth(0), "ingen rad", f"2,50 h {EARLIER}"),
        (sections.nth(1), f"3,33 h {PAST}", "3,33 h"),
    ):
        expect(section.locator("tbody tr")).to_have_count(1)
        expect(section.locator("tbody th")).to_have_text(name)
        expect(section.locator("tbody td")).to_have_text([before, after])

    page.fill("[name=reason]", "En deltagare till.")
    page.locator("main form[method=post] button").click()
    expect(page.locator("main ol.govuk-list--number a")).to_have_text([EARLIER_MONTH, MONTH])
    for month in (EARLIER_MONTH, MONTH):
        send_file(journey, month)
    assert rows(journey.portal, FILES) == [
        (EARLIER_MONTH, 1, "replaced", 2, 520, True),
        (EARLIER_MONTH, 2, "sent", 3, 670, False),
        (MONTH, 1, "replaced", 3, 710, True),
        (MONTH, 2, "replaced", 3, 610, True),
        (MONTH, 3, "sent", 3, 610, False),
    ]
    page = journey.at(ECONOMIST, "/scb/skicka-om/")
    expect(sections).to_have_count(0)
    journey.end("cascaded")
