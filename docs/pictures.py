"""Take the pictures in docs/pictures/ from a running demo.

``python -m docs.pictures http://localhost:8000`` opens each page as the person
who would, at a desk and on a phone, and saves what they see. With ``guide`` after
the address it takes the pictures of ``docs/guide-ny-arendetyp.md`` instead.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page

from tests.journeys.browser import Scheme, open_page, sign_in, started

FOLDER = Path(__file__).resolve().parent / "pictures"


@dataclass(frozen=True)
class Shot:
    """One picture: which page, as whom, and how."""

    name: str
    path: str
    email: str = ""
    width: int = 1280
    scheme: Scheme = "light"
    height: int = 900
    # A link to follow from the list at the path, by its text; then the page beside what it
    # leads to, whose number stands in for {pk}; what to fill in, by the field's name; and the
    # button to press, by its name.
    follow: str = ""
    # What the editor is scrolled to, as a selector; by default it stands at the top.
    at: str = ""
    then: str = ""
    fill: tuple[tuple[str, str], ...] = ()
    press: str = ""


SHOTS = (
    Shot("start", "/"),
    Shot("start-mobil", "/", width=375),
    Shot("start-morkt", "/", scheme="dark"),
    Shot("om-projektet", "/om-projektet/"),
    Shot("for-chefer", "/for-chefer/"),
    Shot("mitt-arbete", "/arbete/", "avdelningschef.farsta@example.org"),
    Shot("arende", "/arenden/N-2026-0005/", "avdelningschef.farsta@example.org"),
    Shot("nominera", "/nominera/", "chef.farsta@example.org"),
    Shot("platser", "/platser/", "administrator@example.org"),
    Shot("omgangar", "/omgangar/", "administrator@example.org"),
    Shot("revision", "/revision/", "revisor@example.org"),
    Shot("mina-sidor-mobil", "/mina-sidor/", "deltagare.farsta@example.org", width=375),
)

BUILDER = "administrator@example.org"
FORMS = "/cms/snippets/forms_app/formdefinition/"
WORKFLOWS = "/cms/snippets/workflows/workflowdefinition/"
TYPES = "/cms/snippets/programme/casetype/"
COST_FLOW = "Godkännande och attest av kostnad"
GUIDE = (
    Shot(
        "guide-formular",
        FORMS,
        BUILDER,
        height=1700,
        follow="Kostnad",
        at="[name='steps-0-value-title']",
    ),
    Shot(
        "guide-formular-publicera",
        FORMS,
        BUILDER,
        height=1500,
        follow="Kostnad",
        then="/cms/formular/{pk}/publicera/",
    ),
    Shot(
        "guide-arendetyp-ny",
        f"{TYPES}add/",
        BUILDER,
        height=2700,
        fill=(
            ("name", "Lån av utrustning"),
            ("description", "När någon i arbetsgruppen behöver låna en dator eller projektor."),
            ("prefix", "L"),
        ),
    ),
    Shot("guide-arbetsflode", WORKFLOWS, BUILDER, height=2400, follow=COST_FLOW),
    Shot(
        "guide-arbetsflode-publicera",
        WORKFLOWS,
        BUILDER,
        height=1700,
        follow=COST_FLOW,
        then="/cms/arbetsfloden/{pk}/publicera/",
    ),
    Shot(
        "guide-provkor",
        WORKFLOWS,
        BUILDER,
        height=1400,
        follow=COST_FLOW,
        then="/cms/arbetsfloden/{pk}/provkor/nytt/",
        fill=(
            ("value_belopp", "150000"),
            ("turn_0", "godkannande:approve"),
            ("turn_1", "attest:approve"),
        ),
        press="try",
    ),
    Shot("guide-arendetyp", TYPES, BUILDER, height=3100, follow="Kostnad"),
    Shot(
        "guide-ta-i-bruk",
        TYPES,
        BUILDER,
        height=1000,
        follow="Kostnad",
        then="/cms/arendetyper/{pk}/kontroll/",
    ),
    Shot("guide-nytt-arende", "/arenden/nytt/", "ekonom@example.org"),
    Shot("guide-borja", "/arenden/nytt/kostnad/", "ekonom@example.org"),
    Shot("guide-arende", "/arenden/K-2026-0004/", "hogre_chef@example.org"),
    Shot("guide-arende-mobil", "/arenden/K-2026-0004/", "hogre_chef@example.org", width=375),
)


def take(browser: Browser, base: str, shot: Shot) -> Path:
    """Open the page and save it whole; the file written."""
    page = open_page(browser, width=shot.width, scheme=shot.scheme)
    # The editor scrolls inside its page, so a tall picture needs a tall window.
    page.set_viewport_size({"width": shot.width, "height": shot.height})
    if shot.email:
        sign_in(page, base, shot.email)
    page.goto(f"{base}{shot.path}")
    if shot.follow:
        link = page.get_by_role("link", name=shot.follow, exact=True).first
        page.goto(urljoin(page.url, link.get_attribute("href") or ""))
    if shot.then:
        number = page.url.rstrip("/").rsplit("/", 1)[-1]
        page.goto(base + shot.then.format(pk=number))
    for field, text in shot.fill:
        _fill(page, field, text)
    if shot.press:
        page.click(f"form button[name={shot.press}]")
    page.wait_for_load_state("networkidle")
    if shot.at:
        page.locator(shot.at).first.evaluate(
            "one => { one.style.scrollMarginTop = '9rem'; one.scrollIntoView(); }"
        )
        page.wait_for_timeout(300)
    target = FOLDER / f"{shot.name}.png"
    page.screenshot(path=str(target), full_page=True)
    page.context.close()
    return target


def _fill(page: Page, field: str, text: str) -> None:
    """Write in the field, or choose in it."""
    found = page.locator(f"form [name={field}]").first
    if found.evaluate("field => field.tagName") == "SELECT":
        found.select_option(text)
    else:
        found.fill(text)


def main(base: str, shots: Sequence[Shot] = SHOTS) -> None:
    """Take them all."""
    FOLDER.mkdir(exist_ok=True)
    with started() as browser:
        for shot in shots:
            print(take(browser, base.rstrip("/"), shot).name)


if __name__ == "__main__":
    main(
        sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000",
        GUIDE if sys.argv[2:] == ["guide"] else SHOTS,
    )
