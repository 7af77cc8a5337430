"""What the steering group's page says. Everything of participants here is a sum.

The figures are those of co-financing and of the monthly roll-up, read as somebody who sees
totals alone, whoever asks: so the page cannot show more to some of its readers.
"""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import User
from programme.evaluation.access import reports_seen_by
from programme.governance import queries
from programme.governance.papers import Paper, papers_of
from programme.governance.queries import Choice, Told
from programme.models import AgendaItem, BodyDecision, EvaluationReport, Meeting, Programme
from programme.queries import settings_on
from programme.venues.needs import counts
from reports.economy import tables
from reports.economy.access import Sight
from reports.economy.tables import Page
from reports.follow_up.reading import page as roll_up
from reports.steering.rules import Figure, figure


@dataclass(frozen=True)
class Dashboard:
    """Sums of the whole project, and of administrations where they are not too few."""

    money: Page
    began: Figure
    completed: Figure
    # What participants needed to take part: counts that outlive the needs themselves.
    needs: list[tuple[str, Figure]]
    limit: int


@dataclass(frozen=True)
class Room:
    """Everything the page of one body says."""

    told: Told
    agenda: list[AgendaItem]
    coming_papers: list[Paper]
    meetings: list[tuple[Meeting, list[Paper]]]
    decisions: list[BodyDecision]
    waiting: int
    overdue: int
    reports: list[EvaluationReport]
    others: list[Told]


def dashboard(programme: Programme, user: User, now: datetime.datetime | None = None) -> Dashboard:
    """The sums, with small groups hidden for everybody."""
    at = now or timezone.now()
    limit = int(settings_on(programme, timezone.localdate(at))["small_number_limit"])
    whole = roll_up(programme, at).whole.count
    planned = sum(each.planned_persons for each in programme.categories.all())
    return Dashboard(
        money=tables.page(programme, Sight(user, rows=False)),
        began=figure(len(whole.began), planned, limit),
        completed=figure(len(whole.completed), planned, limit),
        needs=_needs(programme, limit),
        limit=limit,
    )


def _needs(programme: Programme, limit: int) -> list[tuple[str, Figure]]:
    found = counts(programme)
    return [
        (words, figure(number, found.told, limit))
        for words, number in (
            (_("Told"), found.told),
            (_("Arranged"), found.arranged),
            (_("Could not be arranged"), found.not_arranged),
        )
    ]


def room(programme: Programme, user: User, public_id: str = "") -> Room | None:
    """The page of the body, or of the first one that decides; nothing when there is none.

    The number of queries does not follow the number of meetings or decisions.
    """
    today = timezone.localdate()
    every = queries.bodies(programme, today)
    told = _chosen(every, public_id)
    if told is None:
        return None
    held = [one for one in told.body.meetings.all() if one.state == Meeting.State.HELD][:6]
    asked = [one.pk for one in held] + ([told.coming.pk] if told.coming else [])
    papers = papers_of(asked)
    mine = Choice(body=told.body.public_id)
    return Room(
        told=told,
        agenda=list(told.coming.items.all()) if told.coming else [],
        coming_papers=papers[told.coming.pk] if told.coming else [],
        meetings=[(one, papers[one.pk]) for one in held],
        decisions=list(queries.decisions(programme, today, mine)[:6]),
        waiting=queries.decisions(programme, today, Choice(told.body.public_id, "waiting")).count(),
        overdue=queries.decisions(programme, today, Choice(told.body.public_id, "overdue")).count(),
        reports=list(reports_seen_by(user)[:4]),
        others=[one for one in every if one.body.pk != told.body.pk],
    )


def _chosen(every: list[Told], public_id: str) -> Told | None:
    if public_id:
        return next((one for one in every if one.body.public_id == public_id), None)
    return next((one for one in every if one.body.kind.decides), None)
