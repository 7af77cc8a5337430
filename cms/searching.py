"""Search in the published pages, by PostgreSQL's own word forms of their language."""

import unicodedata
from typing import Any

from wagtail.models import Locale, Page
from wagtail.search.backends import get_search_backend

LONGEST = 80


def clean(words: str) -> str:
    """What was written, without controls and of a length that makes sense."""
    plain = "".join(c for c in words if unicodedata.category(c)[0] != "C" or c in "\t ")
    return " ".join(plain.split())[:LONGEST]


def public_pages(words: str, locale: Locale) -> list[Any]:
    """Published pages in the language that anyone may read, the best first.

    Pages behind a restriction are left out, also for those who may open them.
    """
    pages = Page.objects.live().public().filter(locale=locale, depth__gt=1)
    backend = get_search_backend().speaking(locale.language_code)
    found = backend.search(words, pages, operator="and")
    hits = list(found[:200])
    specific = {
        page.pk: page for page in Page.objects.filter(pk__in=[h.pk for h in hits]).specific()
    }
    return [specific[hit.pk] for hit in hits]
