"""Questions that every visit asks in the same words, worked out once and asked many times.

On a page made anew most of the time goes to putting the same SQL together again, not to the
database. Only for what is asked that often: a plain queryset is easier to read. For rows of one
model, and for writing, there is ``core.lean``; this is for querysets with joins and annotations.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


class Slot(Expression):
    """The place of a value that is given each time the question is asked."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """A place for the value; the slot itself stands among the parameters until then."""
        return "%s", [self]


class Prepared(Generic[Row]):
    """A queryset whose SQL is put together the first time it is asked.

    :param question: makes the queryset, with a :class:`Slot` for each value that differs
        between visits. Nothing else in it may differ: not the language, not the time.
    """

    def __init__(self, question: Callable[[], QuerySet[Row]]) -> None:
        self.question = question

    def __call__(self, **values: Any) -> list[Row]:
        """The rows for these values.

        :raises KeyError: if a slot is given no value.
        """
        queryset, compiler, sql, places = self._put_together
        asked = copy(compiler)
        asked.connection = connections[queryset.db]
        params = tuple(
            place.output_field.get_db_prep_value(values[place.name], asked.connection)
            if isinstance(place, Slot)
            else place
            for place in places
        )
        asked.as_sql = lambda *args, **kwargs: (sql, params)  # type: ignore[method-assign]
        ready: QuerySet[Row] = QuerySet(queryset.model, _Ready(asked), queryset.db)
        return list(ModelIterable(ready))

    @cached_property
    def _put_together(self) -> tuple[QuerySet[Row], SQLCompiler, str, tuple[Any, ...]]:
        queryset = self.question()
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, places = compiler.as_sql()
        return queryset, compiler, sql, tuple(places)


class _Ready(Query):
    """A query that is asked by a compiler that knows its text already."""

    def __init__(self, compiler: SQLCompiler) -> None:
        super().__init__(compiler.query.model)
        self.compiler_made = compiler

    def get_compiler(self, *args: Any, **kwargs: Any) -> SQLCompiler:
        """The one that was made."""
        return self.compiler_made
