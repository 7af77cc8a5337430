"""Search finds the word forms of each language, and only what anyone may read."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from audit.operations import operation
from cms import search_backend
from cms.models import HomePage, StandardPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def page(title: str, *, lead: str = "", live: bool = True, language: str = "sv") -> StandardPage:
    with operation("test.page"):
        home = HomePage.objects.get(locale__language_code=language)
        made = StandardPage(title=title, lead=lead, live=live, locale=home.locale)
        home.add_child(instance=made)
        revision = made.save_revision()
        if live:
            revision.publish()
    return made


def search(words: str, path: str = "/sok/") -> str:
    return Client().get(path, {"q": words}).content.decode()


@pytest.mark.parametrize(
    "words", ["föreläsning", "föreläsningar", "föreläsningarna", "Föreläsningen"]
)
def test_word_forms_find_each_other(words: str) -> None:
    page("Föreläsningar för alla")
    assert "Föreläsningar för alla" in search(words)


def test_another_word_does_not() -> None:
    page("Föreläsningar för alla")
    assert "Föreläsningar för alla" not in search("upphandling")


# Swedish forms of English words leave «studies» and «study» apart, and the other way about.
@pytest.mark.parametrize("words", ["study", "studies", "studying"])
def test_english_word_forms_find_each_other(words: str) -> None:
    page("The studies of care", language="en")
    assert "The studies of care" in search(words, "/en/search/")


def test_swedish_forms_alone_would_not_find_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setitem(search_backend.CONFIGS, "en", "swedish")
    page("The studies of care", language="en")
    assert "The studies of care" not in search("study", "/en/search/")


def test_english_forms_would_not_find_swedish_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setitem(search_backend.CONFIGS, "sv", "english")
    page("Föreläsningar för alla")
    assert "Föreläsningar för alla" not in search("föreläsningarna")


def test_editors_find_pages_of_both_languages() -> None:
    english = page("The studies of care", language="en")
    swedish = page("Föreläsningar för alla")
    for words, made in (("study", english), ("föreläsningarna", swedish)):
        assert made.pk in [hit.pk for hit in Page.objects.all().search(words)]


def _restricted() -> StandardPage:
    made = page("Sekretessprovet", lead="gåtfullt")
    with operation("test.restrict"):
        PageViewRestriction.objects.create(page=made, restriction_type=PageViewRestriction.LOGIN)
    return made


@pytest.mark.parametrize(
    "make", [lambda: page("Sekretessprovet", live=False), _restricted], ids=["draft", "restricted"]
)
def test_what_is_not_public_is_not_found(make: Callable[[], StandardPage]) -> None:
    make()
    assert "Sekretessprovet" not in search("Sekretessprovet").replace('value="Sekretessprovet"', "")


def test_each_language_finds_its_own() -> None:
    assert "About the project" in search("project", "/en/search/")
    assert "About the project" not in search("project")


@pytest.mark.parametrize(
    "words", ["", " ", "\x01", "a'b\"c", "<script>", "%_\\", "ö" * 300, "& | !"]
)
def test_nonsense_is_answered(words: str) -> None:
    answer = Client().get("/sok/", {"q": words})
    assert answer.status_code == 200
    assert b"<script>" not in answer.content


def test_the_price_does_not_follow_the_hits() -> None:
    def price() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            search("kompetensprov")
        return len(captured)

    page("Kompetensprov ett")
    price()
    few = price()
    for number in range(8):
        page(f"Kompetensprov nummer {number}")
    assert price() == few
