"""Copies of answers that lie elsewhere, and how they go when the answer goes.

What a room above copies out of a submission it erases itself: it registers an eraser, which
is called in the transaction and the operation of the erasure, after the mark has been put in
the answer's place. Were one to fail, nothing is erased, and it is tried again the next night.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from forms_app import answers
from forms_app.models import Draft, FormVersion, Submission
from forms_app.schema import FormSchema


@dataclass(frozen=True)
class Erased:
    """Some answers of one submission, which are gone."""

    submission_id: int
    #: The questions' keys; a group goes as a whole, so its columns are not named.
    keys: frozenset[str]
    day: datetime.date


Eraser = Callable[[Erased], None]
#: Throws away what was never handed in and lay untouched since the moment; how many.
Purger = Callable[[datetime.datetime, int], int]
_ERASERS: dict[str, Eraser] = {}
_PURGERS: dict[str, Purger] = {}


def register(name: str, eraser: Eraser) -> None:
    """Let a room above erase what it has copied.

    :raises ValueError: when something else bears the name.
    """
    if _ERASERS.get(name, eraser) is not eraser:
        raise ValueError(f"there is an eraser named {name} already")
    _ERASERS[name] = eraser


def register_purger(name: str, purger: Purger) -> None:
    """Let a room above throw away answers on their way, as old as drafts may be.

    :raises ValueError: when something else bears the name.
    """
    if _PURGERS.get(name, purger) is not purger:
        raise ValueError(f"there is a purger named {name} already")
    _PURGERS[name] = purger


def erase(erased: Erased) -> None:
    """Erase the copies in every room; inside the caller's operation."""
    for eraser in _ERASERS.values():
        eraser(erased)


def purge(before: datetime.datetime, limit: int) -> int:
    """Throw away what the rooms above keep like drafts; how much."""
    return sum(purger(before, limit) for purger in _PURGERS.values())


def lock_drafts(submission_id: int) -> list[Draft]:
    """Open drafts that began with the submission's answers; before the submission is locked.

    Whoever hands one in holds the draft while the submission is written, in that order.
    """
    found = Draft.objects.select_for_update(of=("self",)).filter(
        replaces=submission_id, submission=None
    )
    return list(found.order_by("pk"))


def erase_in_drafts(
    drafts: Iterable[Draft], before: Mapping[str, Any], keys: Iterable[str], version: FormVersion
) -> None:
    """Take the copied answers out of drafts; what somebody has written anew stays theirs."""
    wanted = set(keys)
    gone = {key: value for key, value in before.items() if key in wanted}
    copied = answers.typed(FormSchema.from_plain(version.schema), gone)
    for draft in drafts:
        data = {
            step: {
                key: value
                for key, value in typed.items()
                if key not in gone or copied.get(step, {}).get(key) != value
            }
            for step, typed in draft.data.items()
        }
        fetched = {key: value for key, value in draft.fetched.items() if key not in gone}
        if (data, fetched) != (draft.data, draft.fetched):
            # Not a sign of life: the draft is as old as its owner's last word.
            Draft.objects.filter(pk=draft.pk).update(data=data, fetched=fetched)


def newest_answers(replaces: Submission) -> Submission:
    """The submission as it is now, held until the draft that begins with it has been written.

    Otherwise an answer that is erased in the same moment could come back in the draft.
    """
    return (
        Submission.objects.select_for_update(of=("self",), no_key=True)
        .select_related("version")
        .get(pk=replaces.pk)
    )
