"""Lists in pages: a page number from an address never breaks anything."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property


class _Known(Paginator):  # type: ignore[type-arg]
    """Pages of a list whose length is known, or is counted no further than need be."""

    total: int | None = None
    most: int | None = None

    @cached_property
    def count(self) -> int:
        """The number of rows that have a page."""
        if self.total is not None:
            return self.total if self.most is None else min(self.total, self.most)
        return len(self.object_list) if isinstance(self.object_list, list) else self._counted()

    def _counted(self) -> int:
        rows: Any = self.object_list
        return int(rows.count() if self.most is None else rows.order_by()[: self.most].count())


def paginate(
    request_page: str | None,
    queryset: "QuerySet[Any] | list[Any]",
    per_page: int = 25,
    *,
    total: int | None = None,
    most: int | None = None,
) -> "Page[Any]":
    """The page asked for; the first when the number is nonsense, the last when it is too large.

    :param total: how many rows there are, when the caller knows already.
    :param most: rows beyond this many have no page, so counting them all is spared.
    """
    paginator = _Known(queryset, per_page)
    paginator.total, paginator.most = total, most
    return paginator.get_page(request_page)
