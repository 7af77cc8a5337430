"""What a rule by the clock would send, before anybody takes it into use; nothing is written."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from people.models import User
from workflows.mailing.actions import words_to
from workflows.mailing.audiences import Audience, Moment, Reader, clock
from workflows.mailing.words import Words
from workflows.models import MessageRule

# So far ahead the dated things are planned well enough to be worth looking at.
HORIZON = datetime.timedelta(days=120)
SHOWN, NAMED = 5, 5


@dataclass(frozen=True)
class Sending:
    """One of the coming times: when, about what, and who would be written to as it stands."""

    at: datetime.datetime
    about: str
    readers: Sequence[Reader]

    @property
    def named(self) -> Sequence[Reader]:
        """The first of them."""
        return self.readers[:NAMED]

    @property
    def others(self) -> int:
        """How many are not named."""
        return max(0, len(self.readers) - NAMED)


@dataclass(frozen=True)
class Foreseen:
    """The next times, and the first of the readers with the words as they would get them."""

    sendings: Sequence[Sending]
    first: Reader | None
    words: Words | None


def foresee(
    rule: MessageRule, audience: Audience, viewer: User, now: datetime.datetime
) -> Foreseen:
    """The next times that the rule would send, and to whom if it were now.

    :param rule: not saved yet. Names are as the viewer may know them.
    """
    subjects = dict(audience.subjects(viewer)) if audience.subjects else {}
    sendings = [
        Sending(at, subjects.get(moment.key, ""), audience.readers(moment.key, viewer))
        for at, moment in _coming(rule, now)[:SHOWN]
    ]
    first = next((reader for one in sendings for reader in one.readers), None)
    return Foreseen(sendings, first, words_to(rule, first) if first else None)


def _coming(rule: MessageRule, now: datetime.datetime) -> list[tuple[datetime.datetime, Moment]]:
    found = clock()
    if found is None:
        return []
    away = datetime.timedelta(hours=rule.hours)
    before = rule.side == MessageRule.Side.BEFORE
    start = now + away if before else now - away
    due = [
        (moment.begins - away if before else moment.ends + away, moment)
        for moment in found.between(start, start + HORIZON, rule.kinds)
    ]
    return sorted(
        ((at, moment) for at, moment in due if at > now), key=lambda one: (one[0], one[1].key)
    )


def draft_of(audience: Audience, values: Mapping[str, object]) -> MessageRule:
    """The rule as the form would make it."""
    return MessageRule(audience=audience.key, **values)
