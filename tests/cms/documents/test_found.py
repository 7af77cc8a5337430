"""Search finds what is public among the documents, by all their words, and nothing else."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.operations import operation
from cms import findable, searching
from cms.documents import actions, words
from cms.documents.gate import pdf
from cms.models import Publication, RegisteredDocument
from tests.cms.documents import builders as make
from tests.cms.documents.conftest import Desk
from tests.cms.documents.test_leaks import HIDING, change
from tests.cms.kept import Change

TITLE = "Granatäpplen"


def finds(words: str, path: str = "/sok/") -> bool:
    """Whether a visitor who looks for the words is led to the document."""
    html = Client().get(path, {"q": words}).content.decode()
    return f">{TITLE}</a>" in html


def published(desk: Desk, committed: Change, **fields: Any) -> RegisteredDocument:
    document = make.document(by=desk.writer, title=TITLE, **fields)
    committed(lambda: make.let_out(document, by=desk.writer, second=desk.second))
    return document


@pytest.fixture(name="committed")
def _committed(django_capture_on_commit_callbacks: Callable[..., object]) -> Change:
    def doing(something: Callable[[], object]) -> None:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            something()

    return doing


@pytest.mark.parametrize("words", ["granatäpple", "beslutet mars", "SOF 2026/77", "trädgården"])
def test_it_is_found_by_title_text_number_and_description(
    desk: Desk, committed: Change, words: str
) -> None:
    published(desk, committed, description="Om trädgårdar.")
    assert finds(words)
    assert not finds("rymdfart")


def test_a_draft_is_found_by_nothing_and_its_text_is_not_indexed(
    desk: Desk, committed: Change
) -> None:
    document = make.document(by=desk.writer, title=TITLE)
    assert not finds("granatäpplen")
    assert document.words_let_out() == ""


@pytest.mark.parametrize("hide", HIDING)
def test_what_is_no_longer_public_is_not_found(
    desk: Desk, committed: Change, hide: Callable[[RegisteredDocument], None]
) -> None:
    document = published(desk, committed)
    assert finds("mars")
    hide(document)
    assert not finds("mars")
    assert not finds("granatäpplen")


def test_the_word_on_what_is_public_is_what_hides(
    desk: Desk, committed: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the guard off, the same search finds it."""
    document = published(desk, committed)
    change(document, public_from=timezone.now() + datetime.timedelta(hours=1))

    def everything(self: QuerySet[RegisteredDocument]) -> QuerySet[RegisteredDocument]:
        return self.all()

    assert not finds("mars")
    monkeypatch.setattr(type(RegisteredDocument.objects.all()), "public", everything)
    assert finds("mars")


def test_the_text_and_the_line_of_a_newer_version_replace_those_of_the_earlier(
    desk: Desk, committed: Change
) -> None:
    document = published(desk, committed)
    with transaction.atomic(), operation("test.replace"):
        make.replace(document, make.tagged("Om rymdfart."), by=desk.writer, change="Satelliter")
    assert finds("mars")
    assert not finds("rymdfart")
    committed(lambda: make.let_out(document, by=desk.writer, second=desk.second))
    assert finds("rymdfart")
    assert finds("satelliter")
    assert not finds("mars")
    newest = Publication.objects.filter(state="published").order_by("-pk")[0]
    committed(
        lambda: actions.withdraw(
            publication_id=newest.pk, reason="Fel fil lades ut.", actor=desk.second
        )
    )
    assert finds("mars")
    assert not finds("rymdfart")


def test_without_the_listener_only_the_title_is_found(desk: Desk, committed: Change) -> None:
    """The control of the last one."""
    post_save.disconnect(sender=Publication, dispatch_uid="cms.findable")
    try:
        published(desk, committed)
    finally:
        findable.connect()
    assert finds("granatäpplen")
    assert not finds("mars")


@pytest.mark.parametrize(
    ("language", "words", "other", "said"),
    [
        ("en", "studies", "study", "På engelska"),
        ("sv", "trädgårdar", "trädgården", "In Swedish"),
    ],
)
def test_a_document_is_found_in_both_languages_by_its_own_word_forms(
    desk: Desk, committed: Change, language: str, words: str, other: str, said: str
) -> None:
    published(desk, committed, language=language, description=f"Om {words}.")
    for path in ("/sok/", "/en/search/"):
        assert finds(words, path)
        assert finds(other, path)
    foreign = {"en": "/sok/", "sv": "/en/search/"}[language]
    html = Client().get(foreign, {"q": other}).content.decode()
    assert said.lower() in html.lower()
    assert f'lang="{language}">{TITLE}</a>' in html
    own = {"sv": "/sok/", "en": "/en/search/"}[language]
    assert said.lower() not in Client().get(own, {"q": other}).content.decode().lower()


def test_in_the_readers_language_alone_it_would_not_be_found(
    desk: Desk, committed: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the forms of the page's language find nothing in the other's words."""
    published(desk, committed, language="en", description="Om studies.")
    best = searching._best
    monkeypatch.setattr(
        searching, "_best", lambda words, _language, among: best(words, "sv", among)
    )
    assert not finds("study")


def test_a_broken_file_is_found_by_its_title(
    desk: Desk, committed: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> str:
        raise ValueError

    monkeypatch.setattr("cms.documents.gate.pdf.words", broken)
    published(desk, committed)
    assert finds("granatäpplen")


def test_a_text_is_read_once_however_often_it_is_indexed(
    desk: Desk, committed: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    as_before = pdf.words

    def noting(content: bytes, most: int) -> str:
        read.append(len(content))
        return as_before(content, most)

    monkeypatch.setattr(pdf, "words", noting)
    words._text_of.cache_clear()
    document = published(desk, committed)
    assert document.words_let_out()
    assert document.words_let_out()
    assert len(read) == 1


def test_the_price_does_not_follow_the_documents(desk: Desk, committed: Change) -> None:
    def price() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert finds("granatäpplen")
        return len(captured)

    published(desk, committed)
    price()
    few = price()
    for _number in range(4):
        published(desk, committed)
    # Where pages lie is asked anew when something has been published.
    price()
    assert price() == few
