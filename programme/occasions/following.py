"""What parts above do when an occasion is changed or cancelled: they register here."""

from collections.abc import Callable
from enum import StrEnum

from programme.models import Occasion


class Change(StrEnum):
    """What has happened to an occasion that people see."""

    CHANGED = "changed"
    CANCELLED = "cancelled"


Follower = Callable[[Occasion, Change], int]
_FOLLOWERS: list[Follower] = []


def follow(follower: Follower) -> None:
    """Call the function, in the same transaction, whenever an occasion changes.

    :param follower: returns how many it told.
    """
    if follower not in _FOLLOWERS:
        _FOLLOWERS.append(follower)


def tell(occasion: Occasion, change: Change) -> int:
    """The occasion has changed: whoever is concerned without an invitation is told too.

    :returns: how many were.
    """
    return sum(follower(occasion, change) for follower in _FOLLOWERS)
