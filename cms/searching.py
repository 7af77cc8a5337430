"""Search in what is public, pages and documents, by PostgreSQL's own word forms of their language."""

import unicodedata
from typing import Any

from wagtail.models import Locale, Page
from wagtail.search.backends import get_search_backend

from cms.models.document import RegisteredDocument

LONGEST = 80
MOST = 200


def clean(words: str) -> str:
    """What was written, without controls and of a length that makes sense."""
    plain = "".join(c for c in words if unicodedata.category(c)[0] != "C" or c in "\t ")
    return " ".join(plain.split())[:LONGEST]


def found_in_public(words: str, locale: Locale) -> list[Any]:
    """Pages in the language, and documents in any, that anyone may read, the best first.

    Pages behind a restriction are left out, also for those who may open them. What is public
    is asked at each search, so that what was indexed earlier tells of nothing.
    """
    hits = [*_pages(words, locale), *_documents(words, locale)]
    return sorted(hits, key=lambda hit: -float(getattr(hit, "score", 0) or 0))[:MOST]


def _pages(words: str, locale: Locale) -> list[Any]:
    pages = Page.objects.live().public().filter(locale=locale, depth__gt=1)
    hits = _best(words, locale.language_code, pages)
    scores = {page.pk: page.score for page in hits}
    specific = {page.pk: page for page in Page.objects.filter(pk__in=scores).specific()}
    found = [specific[page.pk] for page in hits if page.pk in specific]
    for page in found:
        page.score = scores[page.pk]
    return found


def _documents(words: str, locale: Locale) -> list[Any]:
    """Documents of every language, each by the word forms of its own.

    Whoever reads the pages in one language may well read a document in another: most of them
    exist in one only. Two searches, however many documents there are.
    """
    # What is public rests on other tables, which the search's own filters do not follow.
    public: dict[str, list[int]] = {locale.language_code: []}
    rows = RegisteredDocument.objects.public().order_by().values_list("pk", "language")
    for pk, language in rows:
        public.setdefault(language, []).append(pk)
    return [
        hit
        for language, ids in public.items()
        if ids
        for hit in _best(words, language, RegisteredDocument.objects.filter(id__in=ids))
    ]


def _best(words: str, language: str, among: Any) -> list[Any]:
    backend = get_search_backend().speaking(language)
    found = backend.search(words, among, operator="and").annotate_score("score")
    return list(found[:MOST])
