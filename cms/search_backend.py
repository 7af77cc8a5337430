"""Search with each thing's own word forms: Swedish pages in Swedish, English ones in English.

Wagtail's PostgreSQL search knows one language for everything. Here an object is indexed in
the language it is written in. A search may name its language, as the public one does;
the editors' search, which lists both, is asked in every language.
"""

import copy
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import groupby
from operator import or_
from typing import Any, Self

from modelsearch.backends.database.postgres.postgres import (
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)

# PostgreSQL's own configurations, by our languages.
CONFIGS = {"sv": "swedish", "en": "english"}
USUAL = "sv"


def language_of(thing: Any) -> str:
    """The language that the thing is written in; Swedish where it does not say."""
    locale = getattr(thing, "locale", None)
    found = getattr(locale, "language_code", None) or getattr(thing, "language", None)
    return found if found in CONFIGS else USUAL


class LanguageIndex(PostgresIndex):
    """Each thing's words in their own language's forms."""

    def add_items(self, model: Any, objs: Iterable[Any]) -> None:
        """Index the things, language by language."""
        for language, group in groupby(sorted(objs, key=language_of), key=language_of):
            PostgresIndex(self.backend.speaking(language)).add_items(model, list(group))


class LanguageCompiler(PostgresSearchQueryCompiler):
    """A search in one language, or in all of them."""

    def build_tsquery(self, query: Any, config: Sequence[str] | str | None = None) -> Any:
        """The words in the forms of the language, or of any of them."""
        configs = [config] if isinstance(config, str) else list(config or CONFIGS.values())
        build = super().build_tsquery
        return reduce(or_, (build(query, config=each) for each in configs))


class SearchBackend(PostgresSearchBackend):
    """What Wagtail calls."""

    index_class = LanguageIndex
    query_compiler_class = LanguageCompiler

    def speaking(self, language: str) -> Self:
        """The same, in one language."""
        found = copy.copy(self)
        found.config = CONFIGS[language]
        return found
