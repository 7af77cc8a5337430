"""Fetched answers that somebody has corrected: a room above makes it a task for whoever keeps them."""

from collections.abc import Callable, Sequence

from forms_app.models import Submission
from forms_app.prefill import SOURCES

#: Called in the transaction of the submission, with the keys of what was corrected.
Listener = Callable[[Submission, Sequence[str]], None]

_LISTENERS: list[Listener] = []


def register(listener: Listener) -> None:
    """Be told of corrections; a room above does this when it starts."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def corrected_in(submission: Submission) -> list[str]:
    """The answers that were fetched from a register and corrected here for the first time.

    What is carried over from the submission that this one replaces was told then.
    """
    earlier = submission.replaces.fetched if submission.replaces else {}
    found = []
    for key, one in submission.fetched.items():
        source = SOURCES.get(one.get("source", ""))
        if source is None or not source.register or not one.get("changed"):
            continue
        if not earlier.get(key, {}).get("changed"):
            found.append(key)
    return found


def tell(submission: Submission) -> None:
    """Tell whoever listens; for the action that has just written the submission."""
    keys = corrected_in(submission)
    if keys:
        for listener in _LISTENERS:
            listener(submission, keys)
