"""Where a lecture's public page is: told by the room above, which keeps the pages.

A page can be moved or deleted; the lecture, its registrations and its hours cannot.
"""

from collections.abc import Callable
from dataclasses import dataclass

from people.models import User
from programme.models import Lecture


@dataclass(frozen=True)
class Face:
    """The public page of a lecture: where visitors read it, and where editors change it."""

    address: str = ""
    edit: str = ""
    live: bool = False


Finder = Callable[[Lecture], Face]
Maker = Callable[[Lecture, User], None]
_finders: list[Finder] = []
_makers: list[Maker] = []
_catalogues: list[Callable[[], str]] = []


def register(finder: Finder, maker: Maker, catalogue: Callable[[], str]) -> None:
    """Told once, when the room above starts."""
    _catalogues.append(catalogue)
    _finders.append(finder)
    _makers.append(maker)


def face_of(lecture: Lecture) -> Face:
    """The lecture's page, or an empty answer when it has none."""
    for finder in _finders:
        if (face := finder(lecture)).edit:
            return face
    return Face()


def catalogue() -> str:
    """Where the catalogue of lectures is."""
    return _catalogues[-1]() if _catalogues else "/"


def make_face(lecture: Lecture, actor: User) -> None:
    """Ask for a first draft of the page; one that is there already stays as it is."""
    for maker in _makers:
        maker(lecture, actor)
