"""The tree: its kinds of page, its languages, and what keeps it whole."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from audit.operations import operation
from cms import addresses, plan, serving
from cms.blocks import TEXT_FEATURES, BodyBlock, own_or_web_address
from cms.models import HomePage, NewsIndexPage, NewsPage, PortalPage, SectionPage, StandardPage
from cms.wagtail_hooks import why_it_must_stay
from people.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def public_addresses() -> list[str]:
    return [page.get_url() for page in Page.objects.live().public().filter(depth__gt=1)]


def add(page: PortalPage, below: Page | None = None) -> PortalPage:
    with operation("test.page"):
        (below or HomePage.objects.get(locale__language_code="sv")).add_child(instance=page)
        page.save_revision().publish()
    return page


def written(text: str) -> str:
    """What the editor's own field makes of what somebody writes in it."""
    block = {"key": "a", "text": text, "type": "unstyled", "depth": 0}
    block |= {"inlineStyleRanges": [], "entityRanges": []}
    whole = {"entityMap": {}, "blocks": [block]}
    html: str = ContentstateConverter(TEXT_FEATURES).to_database_format(json.dumps(whole))
    assert "script" in html
    return html


def superuser() -> Client:
    with operation("test.user"):
        user = User.objects.create_superuser("rot@example.org", "langt-losenord-som-ingen-vet")
    client = Client()
    client.force_login(user)
    return client


def test_every_planned_page_answers_with_the_emblem_in_its_language() -> None:
    found = public_addresses()
    slugs = {path.strip("/").split("/")[-1] for path in found}
    assert {planned.slug for planned in plan.pages()} <= slugs
    assert {planned.english for planned in plan.pages() if planned.english} <= slugs
    for path in found:
        answer = Client().get(path)
        assert answer.status_code == 200, path
        html = answer.content.decode()
        words = (
            "Co-funded by the European Union"
            if path.startswith("/en/")
            else "Medfinansieras av Europeiska unionen"
        )
        assert f'alt="{words}"' in html, path
        assert html.count("<h1") == 1, path


def test_fixed_addresses_exist_in_both_languages() -> None:
    for slug in addresses.FIXED:
        for language in ("sv", "en"):
            path = addresses.path(slug, language)
            assert Client().get(path).status_code == 200, path


def test_the_language_switch_leads_to_the_same_page() -> None:
    html = Client().get("/om-projektet/").content.decode()
    assert 'href="/en/about-the-project/" lang="en" hreflang="en">In English' in html
    html = Client().get("/en/about-the-project/").content.decode()
    assert 'href="/om-projektet/" lang="sv" hreflang="sv">På svenska' in html
    # Where there is no such page, to the first page.
    assert 'href="/en/" lang="en"' in Client().get("/om-projektet/tidslinje/").content.decode()


def test_the_address_decides_the_language_and_nothing_else() -> None:
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    assert "Så går det" in client.get("/").content.decode()
    assert client.get("/en/")["Content-Language"] == "en"


def test_english_pages_have_an_english_frame_and_menu() -> None:
    html = Client().get("/en/").content.decode()
    assert "Skip to the content" in html
    assert 'href="/en/for-managers/"' in html
    assert "För chefer" not in html


def test_a_section_lists_its_published_children() -> None:
    html = Client().get("/resultat/").content.decode()
    assert "Samtalet som metod" in html
    with operation("test.unpublish"):
        Page.objects.get(slug="samtalet-som-metod").unpublish()
    assert "Samtalet som metod" not in Client().get("/resultat/").content.decode()


def test_news_can_be_narrowed_to_an_audience() -> None:
    html = Client().get("/nyheter/?for=universities").content.decode()
    assert "Referensgruppen har träffats" in html
    assert "Nyckelfunktioner går" not in html
    assert Client().get("/nyheter/?for=nonsense").status_code == 200


def test_a_list_of_news_costs_the_same_however_long() -> None:
    def price() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            Client().get("/nyheter/")
        return len(captured)

    price()
    few = price()
    index = NewsIndexPage.objects.get(locale__language_code="sv")
    for number in range(3):
        add(NewsPage(title=f"Nyhet {number}"), index)
    assert price() == few


def test_groups_show_roles() -> None:
    html = Client().get("/om-projektet/styrgrupp/").content.decode()
    assert "Socialdirektör" in html
    assert "ordförande" in html


def test_script_in_every_text_field_is_inert() -> None:
    body: list[dict[str, Any]] = [
        {"type": "heading", "value": EVIL},
        {"type": "paragraph", "value": written(EVIL)},
        {"type": "list", "value": [EVIL]},
        {"type": "steps", "value": {"steps": [{"title": EVIL, "text": EVIL}]}},
        {"type": "questions", "value": [{"question": EVIL, "answer": written(EVIL)}]},
        {"type": "call_out", "value": {"title": EVIL, "text": written(EVIL)}},
        {"type": "quote", "value": {"text": EVIL, "who": EVIL}},
        {"type": "facts", "value": {"title": EVIL, "facts": [{"label": EVIL, "value": EVIL}]}},
        {
            "type": "table",
            "value": {
                "caption": EVIL,
                "columns": [{"type": "text", "heading": EVIL}],
                "rows": [{"values": [EVIL]}],
            },
        },
        {"type": "timeline", "value": {"events": [{"when": EVIL, "title": EVIL, "text": EVIL}]}},
        {"type": "accordion", "value": {"parts": [{"title": EVIL, "text": written(EVIL)}]}},
        {"type": "cards", "value": [{"title": EVIL, "text": EVIL, "link_text": EVIL}]},
        {"type": "button", "value": {"text": EVIL, "address": "/"}},
        {
            "type": "video",
            "value": {
                "title": EVIL,
                "address": "https://example.org/",
                "transcript": written(EVIL),
            },
        },
    ]
    # Every block with words is in it: a new one has to be added here.
    assert set(BodyBlock().child_blocks) - {block["type"] for block in body} == {"picture"}
    page = StandardPage(
        title=EVIL, slug="elakt", lead=EVIL, search_description=EVIL, body=json.dumps(body)
    )
    add(page)
    for path in ("/elakt/", "/sok/?q=script", "/sitemap.xml"):
        html = Client().get(path).content.decode()
        assert "<script>alert" not in html, path
        assert "<img src=x" not in html, path
    # And were there one, the browser would not run it.
    policy = Client().get("/elakt/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.example", "data:text/html,x"])
def test_an_address_that_a_browser_would_run_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        own_or_web_address(address)


@pytest.mark.parametrize("address", ["/kontakt/", "https://example.org/a?b=c", "#mal"])
def test_an_ordinary_address_is_taken(address: str) -> None:
    own_or_web_address(address)


def test_a_picture_says_what_it_shows() -> None:
    with operation("test.picture"):
        picture = Image.objects.create(title="x", file=get_test_image_file())
    index = NewsIndexPage.objects.get(locale__language_code="sv")
    page = NewsPage(title="Med bild", picture=picture)
    with pytest.raises(ValidationError, match="bilden"):
        page.clean()
    page.picture_alt = "En grupp runt ett bord"
    page.clean()
    add(page, index)
    assert 'alt="En grupp runt ett bord"' in Client().get(page.get_url()).content.decode()


def test_a_table_without_a_caption_is_refused() -> None:
    block = BodyBlock()
    value = block.to_python(
        [
            {
                "type": "table",
                "value": {
                    "caption": " ",
                    "columns": [{"type": "text", "heading": "A"}],
                    "rows": [],
                },
            }
        ]
    )
    with pytest.raises(StreamBlockValidationError):
        block.clean(value)


# What others link to


def _linked() -> StandardPage:
    page = StandardPage(title="Länkad", slug="lankad")
    add(page)
    words = f'<p><a linktype="page" id="{page.pk}">Läs</a></p>'
    linking = StandardPage(
        title="Länkande", body=json.dumps([{"type": "paragraph", "value": words}])
    )
    add(linking)
    return page


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_a_page_that_others_link_to_cannot_vanish(action: str) -> None:
    page = _linked()
    answer = superuser().post(f"/cms/pages/{page.pk}/{action}/", follow=True)
    assert "Länkande" in answer.content.decode()
    assert Client().get("/lankad/").status_code == 200


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_nor_where_several_are_ticked(action: str) -> None:
    page = _linked()
    superuser().post(f"/cms/bulk/wagtailcore/page/{action}/?id={page.pk}")
    assert Client().get("/lankad/").status_code == 200


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_without_the_guard_it_would(action: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.wagtail_hooks.why_it_must_stay", lambda page: "")
    page = _linked()
    superuser().post(f"/cms/pages/{page.pk}/{action}/")
    assert Client().get("/lankad/").status_code == 404


def test_a_page_above_a_fixed_one_stays_too() -> None:
    section = add(SectionPage(title="Avsnitt", slug="avsnitt"))
    assert why_it_must_stay(section) == ""
    home = HomePage.objects.get(locale__language_code="sv")
    assert why_it_must_stay(home) != ""


def test_a_page_that_nobody_links_to_may_go() -> None:
    page = add(StandardPage(title="Ensam", slug="ensam"))
    superuser().post(f"/cms/pages/{page.pk}/delete/")
    assert Client().get("/ensam/").status_code == 404


def test_the_editor_opens_every_kind_of_page_and_previews_it() -> None:
    client = superuser()
    kinds: dict[type[Page], Page] = {}
    for page in Page.objects.filter(depth__gt=1).specific():
        kinds.setdefault(type(page), page)
    for page in kinds.values():
        assert client.get(f"/cms/pages/{page.pk}/edit/").status_code == 200, page
        assert client.get(f"/cms/pages/{page.pk}/view_draft/").status_code == 200, page


def test_wagtails_own_helpers_keep_their_addresses() -> None:
    """The pages' pattern takes any address, so it must stand last."""
    assert resolve("/_util/login/").url_name == "wagtailcore_login"
    assert resolve("/nyheter/").func is serving.serve
