"""The second language is a tree of its own: every kind of page, each once, bound to its other half."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from wagtail.models import Locale, Page

from audit.operations import operation
from cms import addresses
from cms.models import (
    EvaluationIndexPage,
    EventIndexPage,
    HomePage,
    LectureIndexPage,
    LecturePage,
    ProcurementIndexPage,
    ProcurementPage,
    StandardPage,
)
from cms.models.base import PortalPage
from tests.cms.kinds import put_up_every_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
ALONE = [LectureIndexPage, ProcurementIndexPage, EvaluationIndexPage, EventIndexPage]
SWITCH = re.compile(r'class="masthead__link" href="([^"]+)" lang="(\w\w)" hreflang')
ALTERNATE = re.compile(r'rel="alternate" hreflang="(\w\w)" href="https?://[^/"]+([^"]+)"')


def home(language: str) -> HomePage:
    found: HomePage = HomePage.objects.get(locale__language_code=language)
    return found


def translated(page: Page, **fields: object) -> Any:
    """The page copied into English as an editor's «translate» does, and published."""
    english = Locale.objects.get(language_code="en")
    with transaction.atomic(), operation("test.translate"):
        made = page.specific.copy_for_translation(english, copy_parents=False)
        for name, value in fields.items():
            setattr(made, name, value)
        made.save_revision().publish()
    return Page.objects.get(pk=made.pk).specific


@pytest.mark.parametrize("slug", sorted(addresses.ENGLISH))
def test_every_page_that_a_visitor_expects_leads_to_its_other_half(slug: str) -> None:
    swedish, english = addresses.path(slug, "sv"), addresses.path(slug, "en")
    for here, there, language in ((swedish, english, "en"), (english, swedish, "sv")):
        answer = Client().get(here)
        assert answer.status_code == 200, here
        html = answer.content.decode()
        assert SWITCH.search(html).groups() == (there, language)  # type: ignore[union-attr]
        assert dict(ALTERNATE.findall(html)) == {"sv": swedish, "en": english}


@pytest.mark.parametrize("kind", ALONE)
def test_there_is_one_of_each_list_in_each_language(kind: type[PortalPage]) -> None:
    assert {page.locale.language_code for page in kind.objects.all()} == {"sv", "en"}
    for language in ("sv", "en"):
        assert not kind.can_create_at(home(language))
    kind.objects.get(locale__language_code="en").delete()
    assert kind.can_create_at(home("en"))
    assert not kind.can_create_at(home("sv"))


def test_without_the_rule_there_could_be_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(LectureIndexPage, "one_per_language", False)
    assert LectureIndexPage.can_create_at(home("sv"))


def test_more_than_ten_pages_can_be_english() -> None:
    for number in range(15):
        with transaction.atomic(), operation("test.page"):
            swedish = StandardPage(title=f"Sida {number}", slug=f"sida-{number}")
            home("sv").add_child(instance=swedish)
            swedish.save_revision().publish()
        translated(swedish, title=f"Page {number}", slug=f"page-{number}")
    html = Client().get("/en/page-14/").content.decode()
    assert SWITCH.search(html).group(1) == "/sida-14/"  # type: ignore[union-attr]


def test_lists_in_english_lead_to_the_english_page_and_else_to_the_swedish() -> None:
    kinds = put_up_every_kind()
    for page, english_list in (
        (kinds.lecture, "/en/lectures/"),
        (kinds.procurement, "/en/procurement/"),
        (kinds.report, "/en/evaluation/"),
        (kinds.event, "/en/events/"),
    ):
        before = Client().get(english_list).content.decode()
        assert f'href="{page.url}"' in before, english_list
        made = translated(page, title="In English", slug=f"in-english-{page.pk}")
        assert made.url.startswith("/en/")
        after = Client().get(english_list).content.decode()
        assert f'href="{made.url}"' in after, english_list
        assert Client().get(made.url).status_code == 200
        # And the Swedish list goes on leading to the Swedish page.
        swedish_list = str(page.get_parent().url)
        assert f'href="{page.url}"' in Client().get(swedish_list).content.decode()
    english = f"/en/documents/{kinds.document.public_id}/"
    html = Client().get(english).content.decode()
    assert SWITCH.search(html).group(1) == f"/handlingar/{kinds.document.public_id}/"  # type: ignore[union-attr]
    # What is cited is one address, and it is there.
    cited = re.search(r"http://testserver(/handlingar/\w+/version/1/)", html)
    assert cited is not None
    assert Client().get(cited[1]).status_code == 200


def test_one_page_in_each_language_tells_of_a_procurement() -> None:
    kinds = put_up_every_kind()
    page = kinds.procurement
    twin = ProcurementPage(title="En till", procurement=page.procurement, locale=page.locale)
    with pytest.raises(ValidationError), transaction.atomic(), operation("test.twin"):
        page.get_parent().add_child(instance=twin)
    assert translated(page, slug="other").specific.procurement == page.procurement
    assert LecturePage.objects.count() == 1


def test_a_new_lecture_is_drafted_in_the_swedish_catalogue() -> None:
    kinds = put_up_every_kind()
    assert kinds.lecture.get_parent().locale.language_code == "sv"
    assert kinds.lecture.url.startswith("/forelasningar/")
