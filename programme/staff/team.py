"""A manager's staff in the training: how each is doing, and who is away which week (R-047, 3.16)."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from people.access import below
from people.display import name_of
from people.models import Capability, User
from people.ordering import by_name
from programme.models import Invitation, Nomination, Occasion, Participation
from programme.staff import progress, words

SHOWN = ("alla", "risk", "pagar", "klara")
WEEKS = 12


@dataclass(frozen=True)
class Member:
    """One participation of a member of the staff, named as the manager may see it."""

    name: str
    standing: progress.Standing
    state: words.Word
    missing: Sequence[str]
    next_day: datetime.date | None

    @property
    def participation(self) -> Participation:
        """The participation."""
        return self.standing.participation

    @property
    def at_risk(self) -> bool:
        """Whether it will not be completed with what is booked now."""
        if self.participation.person.has_left(timezone.localdate()):
            # Nothing repairs it any more.
            return False
        return self.standing.progress.at_risk and self.participation.state in (
            Participation.State.ADMITTED,
            Participation.State.STARTED,
        )


@dataclass(frozen=True)
class Totals:
    """Figures above the list."""

    taking: int
    completed: int
    at_risk: int
    minutes: int
    planned_minutes: int


def staff_of(user: User) -> QuerySet[Participation]:
    """Participations of those who work in the manager's units today, ended early ones left out."""
    return (
        Participation.objects.filter(below(user, Capability.NOMINATE, "person__unit"))
        .exclude(state=Participation.State.DROPPED)
        .select_related("person__unit", "course__programme", "category")
        .order_by(*by_name("person__"), "pk")
    )


def members_of(user: User, now: datetime.datetime | None = None) -> list[Member]:
    """Everyone in the manager's units who takes a course."""
    rows = list(staff_of(user))
    found = progress.of_many(rows, now=now)
    return [_member(found[row.pk], user) for row in rows]


def _member(standing: progress.Standing, user: User) -> Member:
    participation = standing.participation
    days = [line.day for line in standing.progress.lines if line.standing.value == "booked"]
    return Member(
        name=name_of(participation.person, user),
        standing=standing,
        state=words.STATES[Participation.State(participation.state)],
        missing=words.lackings(standing.progress),
        next_day=min((day for day in days if day), default=None),
    )


def totals_of(members: Sequence[Member]) -> Totals:
    """The sums of everyone, whatever the list is narrowed to."""
    done = [m for m in members if m.participation.state == Participation.State.COMPLETED]
    return Totals(
        taking=len(members) - len(done),
        completed=len(done),
        at_risk=sum(m.at_risk for m in members),
        minutes=sum(m.standing.progress.minutes for m in members),
        planned_minutes=sum(m.standing.progress.planned_minutes for m in members),
    )


def narrowed(members: Sequence[Member], shown: str) -> list[Member]:
    """Those that the list is narrowed to."""
    done = Participation.State.COMPLETED
    if shown == "risk":
        return [m for m in members if m.at_risk]
    if shown == "pagar":
        return [m for m in members if m.participation.state != done]
    if shown == "klara":
        return [m for m in members if m.participation.state == done]
    return list(members)


def waiting_nominations(user: User) -> int:
    """Live nominations of the staff that have not led to a participation."""
    return (
        Nomination.objects.live()
        .filter(below(user, Capability.NOMINATE, "person__unit"))
        .filter(Q(place=None) | Q(place__participation=None))
        .count()
    )


@dataclass(frozen=True)
class Away:
    """One person at one occasion."""

    person_id: int
    name: str
    occasion: Occasion
    day: datetime.date
    minutes: int


@dataclass(frozen=True)
class Week:
    """One week's absence from ordinary work."""

    monday: datetime.date
    away: Sequence[Away]

    @property
    def number(self) -> int:
        """The week's number by ISO 8601."""
        return self.monday.isocalendar().week

    @property
    def minutes(self) -> int:
        """Minutes in all, breaks included: the person is away then too."""
        return sum(each.minutes for each in self.away)

    @property
    def persons(self) -> int:
        """How many different persons."""
        return len({each.person_id for each in self.away})


def monday_of(day: datetime.date) -> datetime.date:
    """The week's first day."""
    return day - datetime.timedelta(days=day.weekday())


def weeks_of(user: User, first: datetime.date, number: int = WEEKS) -> list[Week]:
    """So many weeks from the first Monday on; whoever has said no is not away."""
    start = monday_of(first)
    end = start + datetime.timedelta(weeks=number)
    zone = timezone.get_default_timezone()
    rows = (
        Invitation.objects.filter(
            below(user, Capability.NOMINATE, "person__unit"),
            withdrawn_at__isnull=True,
            occasion__starts_at__gte=datetime.datetime.combine(start, datetime.time.min, zone),
            occasion__starts_at__lt=datetime.datetime.combine(end, datetime.time.min, zone),
        )
        .exclude(answer=Invitation.Answer.NOT_COMING)
        .exclude(occasion__state=Occasion.State.CANCELLED)
        .exclude(occasion__kind=Occasion.Kind.RECORDING)
        .select_related("occasion__district", "person__unit")
        .order_by("occasion__starts_at", *by_name("person__"), "pk")
    )
    away: dict[datetime.date, list[Away]] = defaultdict(list)
    for row in rows:
        day = timezone.localdate(row.occasion.starts_at)
        length = row.occasion.ends_at - row.occasion.starts_at
        away[monday_of(day)].append(
            Away(
                row.person_id,
                name_of(row.person, user),
                row.occasion,
                day,
                int(length.total_seconds()) // 60,
            )
        )
    mondays = [start + datetime.timedelta(weeks=turn) for turn in range(number)]
    return [Week(monday, away[monday]) for monday in mondays]
