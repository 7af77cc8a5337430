"""Cards that other parts put on the first page: the next lecture, the latest documents.

A part registers a function when it starts. It answers with a card, or with None
when there is nothing to show; what it costs is paid once each time the page is made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Panel:
    """One card: its template and what the template shows."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Maker = Callable[[HttpRequest], Panel | None]
_makers: dict[str, tuple[int, Maker]] = {}


def register(key: str, maker: Maker, *, order: int = 100) -> None:
    """Offer a card to the first page; the same key again replaces it."""
    _makers[key] = (order, maker)


def shown(request: HttpRequest) -> list[Panel]:
    """The cards that have something to show, in order."""
    made = [maker(request) for _order, maker in sorted(_makers.values(), key=lambda one: one[0])]
    return [panel for panel in made if panel is not None]
