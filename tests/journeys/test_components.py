"""Every shared component, on one page, in a browser."""

import pytest
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.journeys.browser import ROOT, SCHEMES, WIDTHS, Scheme, hindrances, open_page, too_wide


@pytest.fixture
def kitchen_sink(settings: Settings, live_server: LiveServer, transactional_db: None) -> str:
    """The address of the page; it exists only here."""
    settings.ROOT_URLCONF = "tests.journeys.kitchen_sink"
    templates = [dict(settings.TEMPLATES[0])]
    templates[0]["DIRS"] = [*templates[0]["DIRS"], ROOT / "tests" / "journeys" / "templates"]
    settings.TEMPLATES = templates
    return f"{live_server.url}/komponenter/"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [*WIDTHS, 375])
def test_nothing_hinders_anyone(
    browser: Browser, kitchen_sink: str, width: int, scheme: Scheme
) -> None:
    page = open_page(browser, width=width, scheme=scheme)
    page.goto(kitchen_sink)
    found = hindrances(page) + too_wide(page)
    page.context.close()
    assert found == []


def test_the_summary_of_errors_leads_to_each_field(browser: Browser, kitchen_sink: str) -> None:
    page = open_page(browser)
    page.goto(kitchen_sink)
    links = page.locator(".govuk-error-summary__list a")
    targets = [link.get_attribute("href") or "" for link in links.all()]
    assert len(targets) > 5
    lost = [target for target in targets if page.locator(target).count() != 1]
    page.context.close()
    assert lost == []


def test_no_typeface_that_is_not_ours_is_fetched(browser: Browser, kitchen_sink: str) -> None:
    page = open_page(browser)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(kitchen_sink)
    page.wait_for_load_state("networkidle")
    page.context.close()
    assert any("source-sans-3" in url for url in fetched)
    assert [url for url in fetched if "/assets/fonts/" in url] == []


@pytest.mark.parametrize(("width", "folded"), [(375, True), (1280, False)])
def test_a_fold_is_closed_on_a_telephone_and_open_at_a_desk(
    browser: Browser, kitchen_sink: str, width: int, *, folded: bool
) -> None:
    page = open_page(browser, width=width)
    page.goto(kitchen_sink)
    summary, inside = page.locator(".fold > summary"), page.locator("#folded")
    assert (summary.is_visible(), inside.is_visible()) == (folded, not folded)
    if folded:
        summary.click()
        assert inside.is_visible()
    page.context.close()


# A name of a unit as they are, and one that takes three lines.
@pytest.mark.parametrize(
    ("where", "lines"),
    [
        ("Mottagningsenheten, Hägersten-Älvsjö", 2),
        ("Enheten för dagverksamhet och förebyggande stöd, Enskede-Årsta-Vantör", 4),
    ],
)
def test_a_long_unit_stays_within_the_bar(
    browser: Browser, kitchen_sink: str, where: str, lines: int
) -> None:
    page = open_page(browser)
    page.goto(kitchen_sink)
    over, under, height = page.evaluate(
        """where => {
          const bar = document.createElement("div");
          bar.className = "bar";
          bar.innerHTML = `<div class="bar__inner"><div class="bar__account"><a class="bar__who">`
            + `Selam Lundmark<span class="bar__where">${where}</span></a></div></div>`;
          document.body.prepend(bar);
          const range = document.createRange();
          range.selectNodeContents(bar.querySelector(".bar__who"));
          const text = range.getBoundingClientRect(), box = bar.getBoundingClientRect();
          return [text.top - box.top, box.bottom - text.bottom, text.height];
        }""",
        where,
    )
    page.context.close()
    assert height < lines * 24
    assert min(over, under) >= 4


@pytest.mark.parametrize("width", [320, 375])
def test_a_tag_in_a_long_list_is_not_broken_within_its_word(
    browser: Browser, kitchen_sink: str, width: int
) -> None:
    page = open_page(browser, width=width)
    page.goto(kitchen_sink)
    lines, over = page.evaluate(
        """() => {
          const card = document.createElement("div");
          card.className = "card";
          card.innerHTML = `<div class="table-wrap"><table class="data-table data-table--stack`
            + ` data-table--brief data-table--brief-three"><tbody><tr><th scope="row"`
            + ` data-label="Person"><span><a class="govuk-link" href="#">Skyddad identitet</a>`
            + `<span class="sub">Mottagningsenheten, Hägersten-Älvsjö</span></span></th>`
            + ["1", "13 tim 20 min", "11 807,00 kr"].map(figure =>
                `<td class="numeric" data-label="Tillfällen">${figure}</td>`).join("")
            + `<td class="beside" data-label="Läge"><span><span class="tag">Kontrollerat</span>`
            + `</span></td></tr></tbody></table></div>`;
          document.querySelector("main").prepend(card);
          const range = document.createRange();
          range.selectNodeContents(card.querySelector(".tag"));
          const row = card.querySelector("tr");
          return [range.getClientRects().length, row.scrollWidth - row.clientWidth];
        }"""
    )
    page.context.close()
    assert (lines, over) == (1, 0)
