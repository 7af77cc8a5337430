"""Reads shaped for the pages of governance; no number of queries follows the number of rows."""

import datetime
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from audit.models import Operation
from programme.governance.actions import seats_on
from programme.governance.rules import Met, Missing, Rhythm, missing, months_later
from programme.models import AgendaTopic, Body, BodyDecision, BodyRules, Meeting, Programme, Seat


@dataclass(frozen=True)
class Told:
    """A body with what the pages say of it on a day."""

    body: Body
    seats: list[Seat]
    rules: BodyRules | None
    missing: list[Missing]
    # The next that is called, and the last that was held.
    coming: Meeting | None
    latest: Meeting | None
    decisions: int
    topics: dict[str, str] = field(default_factory=dict)

    @property
    def voting(self) -> int:
        """How many members have a vote."""
        return sum(seat.votes for seat in self.seats)


def bodies(programme: Programme, today: datetime.date) -> list[Told]:
    """Every body of the programme; six queries however many there are."""
    found = list(
        Body.objects.filter(programme=programme)
        .select_related("kind", "programme")
        .prefetch_related(
            Prefetch("seats", Seat.objects.select_related("organisation")),
            "rules",
            Prefetch("meetings", Meeting.objects.prefetch_related("items")),
        )
        .annotate(recorded=Count("decisions"))
        .order_by("kind__order", "name", "pk")
    )
    topics = list(AgendaTopic.objects.all())
    return [_told(body, topics, today) for body in found]


def _told(body: Body, topics: Sequence[AgendaTopic], today: datetime.date) -> Told:
    now = timezone.now()
    meetings = sorted(body.meetings.all(), key=lambda one: one.starts_at)
    held = next((one for one in body.rules.all() if one.valid_from <= today), None)
    called = [one for one in meetings if one.state == Meeting.State.CALLED and one.ends_at >= now]
    been = [one for one in meetings if one.state == Meeting.State.HELD]
    return Told(
        body=body,
        seats=seats_on(body, today),
        rules=held,
        missing=_missing(body, held, meetings, topics, today),
        coming=called[0] if called else None,
        latest=been[-1] if been else None,
        decisions=getattr(body, "recorded", 0),
        topics={one.key: one.name for one in topics},
    )


def _missing(
    body: Body,
    held: BodyRules | None,
    meetings: Sequence[Meeting],
    topics: Sequence[AgendaTopic],
    today: datetime.date,
) -> list[Missing]:
    """What the meetings lack, by the rules that hold today."""
    if held is None:
        return []
    first = max(body.starts_on, body.programme.starts_on)
    last = min(body.ends_on or body.programme.ends_on, body.programme.ends_on)
    within = held.first_within_months
    rhythm = Rhythm(
        first_day=first,
        last_day=last,
        least=held.least_meetings,
        period_months=held.period_months,
        first_by=months_later(first, within) if within is not None else None,
        first_topics=frozenset(
            one.key for one in topics if one.first_meeting_of_id == body.kind_id
        ),
    )
    met = [
        Met(
            timezone.localdate(one.starts_at),
            one.state == Meeting.State.HELD,
            frozenset(item.topic_id for item in one.items.all() if item.topic_id),
        )
        for one in meetings
        if one.state != Meeting.State.CANCELLED
    ]
    return missing(rhythm, met, today)


def unnoted(programme: Programme, now: datetime.datetime) -> int:
    """Meetings that are over and of which nobody has noted who was there."""
    return Meeting.objects.filter(
        body__programme=programme, state=Meeting.State.CALLED, ends_at__lt=now
    ).count()


@dataclass(frozen=True)
class Choice:
    """Which decisions: of a body, those that wait, those with the words."""

    body: str = ""
    state: str = ""
    words: str = ""


def overdue(today: datetime.date) -> Q:
    """Decisions that should have been followed up by now."""
    return Q(follow_up_on__lt=today, followed_up_on=None)


def decisions(
    programme: Programme, today: datetime.date, choice: Choice = Choice()
) -> "QuerySet[BodyDecision]":
    """The register, the latest first."""
    found = BodyDecision.objects.filter(body__programme=programme).select_related(
        "body", "responsible", "organisation", "meeting"
    )
    if choice.body:
        found = found.filter(body__public_id=choice.body)
    if choice.state == "overdue":
        found = found.filter(overdue(today))
    elif choice.state == "waiting":
        found = found.filter(follow_up_on__isnull=False, followed_up_on=None)
    elif choice.state == "done":
        found = found.filter(followed_up_on__isnull=False)
    if choice.words:
        found = found.filter(
            Q(title__icontains=choice.words)
            | Q(text__icontains=choice.words)
            | Q(record_number__icontains=choice.words)
        )
    return found


@dataclass(frozen=True)
class Earlier:
    """How a decision read before it was corrected, and why it was."""

    until: datetime.datetime
    who: str
    why: str
    title: str
    text: str
    record_number: str


def earlier_words(decision: BodyDecision) -> list[Earlier]:
    """The earlier wordings, the latest first; each says who changed it and why; two queries."""
    history: Any = BodyDecision.history
    rows = list(history.filter(id=decision.pk).order_by("history_id"))
    told = Operation.objects.in_bulk([row.operation_id for row in rows if row.operation_id])
    found = []
    for before, after in itertools.pairwise(rows):
        by = told.get(after.operation_id)
        if by is None or by.name != "decision.correct":
            continue
        found.append(
            Earlier(
                after.history_date,
                by.actor_name,
                by.reason,
                before.title,
                before.text,
                before.record_number,
            )
        )
    return found[::-1]


def decision_numbers(programme: Programme, limit: int = 100) -> list[str]:
    """The latest decisions' numbers with what they are about, to refer to."""
    rows = BodyDecision.objects.filter(body__programme=programme).select_related("body")
    return [f"{row.number}, {row.title}"[:120] for row in rows[:limit]]
