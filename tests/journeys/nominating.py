"""A manager's hands: the wizard and the file, as the journeys use them."""

import csv
import io

from playwright.sync_api import Page, expect

from tests.journeys.visitors import Visitor, forward

MOTIVATION = "Gruppen tar emot fler ärenden där flera insatser måste samordnas."


def begin(chief: Visitor) -> Page:
    """From what waits to the first step of the wizard."""
    page = chief.go("/arbete/")
    page.locator("main").get_by_role("link", name="Nominera", exact=True).click()
    chief.look()
    page.locator(".kind-card button").first.click()
    chief.look()
    return page


def leave_out_and_correct(chief: Visitor, page: Page, person: str) -> None:
    """A question left out: the summary says so, and what was typed is kept."""
    page.locator("[name=person]").select_option(person)
    forward(page)
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    expect(page.locator("[name=person]")).to_have_value(person)
    chief.look()
    page.locator(".govuk-error-summary a").first.click()
    assert page.evaluate("document.activeElement.name") == "key_function"
    page.locator("[name=key_function][value=no]").check(force=True)
    forward(page)
    page.locator("[name=motivation]").fill(MOTIVATION)
    page.locator("[name=priority]").fill("2")
    forward(page)
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    expect(page.locator("[name=motivation]")).to_have_value(MOTIVATION)
    chief.look()


def back_and_forward(page: Page, person: str) -> None:
    """Neither the wizard's back, the browser's nor a refresh loses a word."""
    page.locator("button[name=wizard_goto_step]").click()
    expect(page.locator("[name=person]")).to_have_value(person)
    forward(page)
    expect(page.locator("[name=motivation]")).to_have_value(MOTIVATION)
    page.go_back()
    expect(page.locator("[name=person]")).to_have_value(person)
    page.go_forward()
    page.reload()
    expect(page.locator("[name=motivation]")).to_have_value(MOTIVATION)
    expect(page.locator("[name=priority]")).to_have_value("2")


def second_draft_stays_apart(chief: Visitor, page: Page, person: str, other: str) -> None:
    """A second draft in a second tab is another nomination."""
    tab = chief.second_tab()
    tab.goto(f"{chief.portal.url}/nominera/")
    tab.locator(".kind-card button").first.click()
    expect(tab.locator("[name=person]")).to_have_value("")
    tab.locator("[name=person]").select_option(other)
    tab.locator("[name=key_function][value=yes]").check(force=True)
    forward(tab)
    expect(tab.locator("[name=motivation]")).to_have_value("")
    assert tab.url != page.url
    page.reload()
    expect(page.locator("[name=motivation]")).to_have_value(MOTIVATION)
    page.locator("button[name=wizard_goto_step]").click()
    expect(page.locator("[name=person]")).to_have_value(person)
    forward(page)
    # The draft is thrown away from the list of drafts; the first one stays there.
    address = tab.url.rsplit("/", 2)[0]
    tab.locator("button[name=save-exit]").click()
    chief.look(tab)
    draft = tab.locator(".draft-list__item").filter(
        has=tab.locator(f"a[href*='{address.rsplit('/', 1)[1]}']")
    )
    draft.locator("button").click()
    expect(tab.locator(".draft-list__item")).to_have_count(1)
    tab.close()


def fill_the_rest(chief: Visitor, page: Page) -> None:
    """The rest of the questions, with one that only a certain answer raises."""
    page.locator("[name=service_area]").first.wait_for(state="attached")
    if page.locator("select[name=service_area]").count():
        page.locator("[name=service_area]").select_option("ifo")
    else:
        page.locator("[name=service_area][value=ifo]").check(force=True)
    page.locator("[name=needs][value=samtal]").check(force=True)
    forward(page)
    # A question that only a «no» raises.
    expect(page.locator("[name=release_note]")).to_be_hidden()
    page.locator("[name=released_time][value=no]").check(force=True)
    expect(page.locator("[name=release_note]")).to_be_visible()
    chief.look()
    page.locator("[name=released_time][value=yes]").check(force=True)
    expect(page.locator("[name=release_note]")).to_be_hidden()
    forward(page)


def send_twice(page: Page) -> None:
    """Two requests at the same moment, as an impatient hand sends them; then a double click.

    A browser may drop the second of two clicks, so the race itself is run by the page.
    """
    ends = page.evaluate(
        """async () => {
          const form = document.querySelector("main form");
          const send = () => fetch(location.href, {method: "POST", body: new FormData(form)});
          return (await Promise.all([send(), send()])).map(answer => answer.url);
        }"""
    )
    assert len(ends) == 2
    assert "/nominera/kvitto/" in ends[0]
    assert ends[0] == ends[1]
    page.locator("main form .govuk-button-group button").dblclick()
    page.wait_for_url(ends[0])


def upload(chief: Visitor, page: Page, addresses: list[str]) -> None:
    """A file made from the portal's own template, with a row for each address."""
    template = page.request.get(f"{chief.portal.url}/nominera/flera/mall/medarbetare.csv").body()
    headings = next(csv.reader(io.StringIO(template.decode("utf-8-sig")), delimiter=";"))
    out = io.StringIO()
    writer = csv.DictWriter(out, headings, delimiter=";")
    writer.writeheader()
    for place, address in enumerate(addresses, start=3):
        writer.writerow(
            {
                "E-post i arbetet": address,
                "Är personen en nyckelfunktion?": "Nej",
                "Varför ska personen gå just nu?": MOTIVATION,
                "Vilken plats har nomineringen i enhetens prioritering?": place,
                "Verksamhetsområde": "Individ- och familjeomsorg",
                "Vilka behov ska utbildningen möta?": "Yrkesrollen",
                "Frigörs tid för ungefär 26 timmar?": "Ja",
            }
        )
    page.get_by_label("Medarbetare till utbildningsserien").check(force=True)
    page.locator("input[type=file]").set_input_files(
        {"name": "nominera.csv", "mimeType": "text/csv", "buffer": out.getvalue().encode()}
    )
    page.locator("main form .govuk-button").click()
    page.wait_for_url(lambda url: not url.endswith("/flera/"))
