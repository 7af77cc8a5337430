"""Answers that are fetched from elsewhere: a closed list of sources, and rooms above add theirs.

What is fetched is written down when a draft is begun, so looking at a page fetches
nothing; with the submission stays where each answer came from and whether it was changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.models import User

#: The draft's owner and what the room above remembers with the draft.
Fetch = Callable[[User, Mapping[str, Any]], str]


@dataclass(frozen=True)
class Source:
    """One thing that can be fetched."""

    key: str
    #: In a sentence after «Fetched from».
    label: str | Promise
    fetch: Fetch
    kinds: tuple[str, ...] = ("text", "long_text")
    #: Whether somebody keeps it about people, so that a correction is a task for them.
    register: bool = False


SOURCES: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a source; a room above does this when it starts.

    :raises ValueError: when the key is taken.
    """
    if source.key in SOURCES:
        raise ValueError(f"{source.key} is registered twice")
    SOURCES[source.key] = source


def choices() -> list[tuple[str, str | Promise]]:
    """The sources for the editor's list; asked for each time, as rooms above add theirs."""
    return [("", _("nothing")), *((one.key, one.label) for one in SOURCES.values())]


def words(key: str) -> str:
    """A source in words, also one that is no longer there."""
    return str(SOURCES[key].label) if key in SOURCES else key
