"""What rooms above do when a locked month changes: they register here."""

from collections.abc import Callable

from programme.models import Month

Follower = Callable[[Month], None]
_FOLLOWERS: list[Follower] = []


def follow(follower: Follower) -> None:
    """Call the function, in the same transaction, whenever a locked month changes."""
    if follower not in _FOLLOWERS:
        _FOLLOWERS.append(follower)


def tell(month: Month) -> None:
    """The locked month has changed: what was made from it, or from a later one, is old."""
    for follower in _FOLLOWERS:
        follower(month)
