"""What a participant's own page is made of; the number of queries never follows the rows."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from people.models import Person
from programme.attendance import checking
from programme.models import (
    Booking,
    CountedTime,
    HomeworkDone,
    Invitation,
    LearningUnit,
    Material,
    Occasion,
    Participation,
    Statement,
    Venue,
)
from programme.staff import progress, words
from programme.staff.rules import UnitLine

# How long after its day a homework is still asked for.
ASKED_FOR = datetime.timedelta(days=14)


@dataclass(frozen=True)
class Coming:
    """An occasion that I am expected at."""

    invitation: Invitation
    venue: Venue | None
    # When I checked in, while I am there: whoever is in the room is not asked whether they come.
    inside: datetime.datetime | None = None

    @property
    def occasion(self) -> Occasion:
        """The occasion itself."""
        return self.invitation.occasion


@dataclass(frozen=True)
class Now:
    """An occasion that I can check in to or out from at this moment."""

    occasion: Occasion
    # When I checked in; nothing until then.
    inside: datetime.datetime | None


@dataclass(frozen=True)
class Homework:
    """Something to do between two occasions, with its day when there is one."""

    participation: Participation
    unit: LearningUnit
    due_on: datetime.date | None
    done: bool
    # Done, or due so long ago that it is no longer asked for.
    earlier: bool = False


@dataclass(frozen=True)
class MyUnit:
    """One line of the course: where I stand, and what there is to read."""

    line: UnitLine
    word: words.Word
    materials: Sequence[Material]


@dataclass(frozen=True)
class MyCourse:
    """One course that I take."""

    standing: progress.Standing
    state: words.Word
    units: Sequence[MyUnit]
    missing: Sequence[str]
    members: int

    @property
    def participation(self) -> Participation:
        """My participation in it."""
        return self.standing.participation

    @property
    def ongoing(self) -> bool:
        """Whether there is anything left to do."""
        return self.participation.state in (
            Participation.State.ADMITTED,
            Participation.State.STARTED,
        )


@dataclass(frozen=True)
class MyMonth:
    """A month with counted hours that I have not attested."""

    first_day: datetime.date
    minutes: int

    @property
    def key(self) -> str:
        """As it stands in addresses: 2026-03."""
        return f"{self.first_day:%Y-%m}"


@dataclass(frozen=True)
class Mine:
    """Everything about my training."""

    courses: Sequence[MyCourse] = ()
    coming: Sequence[Coming] = ()
    now: Sequence[Now] = ()
    homework: Sequence[Homework] = ()
    months: Sequence[MyMonth] = ()
    placed_ids: frozenset[int] = field(default_factory=frozenset)

    @property
    def asked(self) -> list[Homework]:
        """Homework that waits to be done."""
        return [each for each in self.homework if not each.earlier]

    @property
    def earlier(self) -> list[Homework]:
        """Homework that is done or old."""
        return [each for each in self.homework if each.earlier]


def of_person(person: Person, now: datetime.datetime | None = None) -> Mine:
    """My training as it stands now."""
    now = now or timezone.now()
    taken = list(
        Participation.objects.filter(person=person)
        .select_related("course__programme", "category", "person")
        .order_by("admitted_on", "pk")
    )
    invitations = _invitations(person)
    open_now = _open_now(person, now)
    return Mine(
        courses=_courses(taken, now),
        coming=_coming(invitations, now, {each.occasion.pk: each.inside for each in open_now}),
        now=open_now,
        homework=_homework(
            [p for p in taken if p.state != Participation.State.DROPPED], invitations, now
        ),
        months=_months(person, now),
        placed_ids=frozenset(p.place_id for p in taken if p.place_id is not None),
    )


def _open_now(person: Person, now: datetime.datetime) -> list[Now]:
    found = []
    for occasion in checking.open_for(person, now):
        if occasion.kind == Occasion.Kind.RECORDING:
            continue
        segment = checking.inside(occasion, person)
        found.append(Now(occasion, segment.began_at if segment is not None else None))
    return found


def _invitations(person: Person) -> list[Invitation]:
    held = Booking.objects.filter(cancelled_at__isnull=True).select_related("venue")
    return list(
        Invitation.objects.filter(person=person, withdrawn_at__isnull=True)
        .exclude(occasion__state=Occasion.State.CANCELLED)
        .select_related("occasion__unit", "occasion__district", "occasion__group")
        .prefetch_related(Prefetch("occasion__bookings", queryset=held, to_attr="held"))
        .order_by("occasion__starts_at", "pk")
    )


def _coming(
    invitations: Sequence[Invitation],
    now: datetime.datetime,
    inside: Mapping[int, datetime.datetime | None],
) -> list[Coming]:
    found = []
    for each in invitations:
        if each.occasion.ends_at <= now or each.occasion.kind == Occasion.Kind.RECORDING:
            continue
        held: list[Booking] = each.occasion.held  # type: ignore[attr-defined]
        found.append(Coming(each, held[0].venue if held else None, inside.get(each.occasion.pk)))
    return found


def _courses(taken: Sequence[Participation], now: datetime.datetime) -> list[MyCourse]:
    standings = progress.of_many(taken, now=now)
    materials: dict[int, list[Material]] = defaultdict(list)
    for row in Material.objects.shown().filter(unit__course__in={p.course_id for p in taken}):
        materials[row.unit_id].append(row)
    members = _members({s.group.pk for s in standings.values() if s.group})
    return [_course(standings[each.pk], materials, members) for each in taken]


def _members(group_ids: set[int]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    rows = Participation.objects.filter(
        memberships__group__in=group_ids, memberships__to_date__isnull=True
    )
    for pk in rows.order_by().values_list("memberships__group_id", flat=True):
        found[pk] += 1
    return found


def _course(
    standing: progress.Standing, materials: dict[int, list[Material]], members: dict[int, int]
) -> MyCourse:
    units = [
        MyUnit(line, words.STANDINGS[line.standing], materials[line.unit.id])
        for line in standing.progress.lines
    ]
    return MyCourse(
        standing=standing,
        state=words.STATES[Participation.State(standing.participation.state)],
        units=units,
        missing=words.lackings(standing.progress),
        members=members.get(standing.group.pk, 0) if standing.group else 0,
    )


def _homework(
    taken: Sequence[Participation], invitations: Sequence[Invitation], now: datetime.datetime
) -> list[Homework]:
    """Homework of units whose occasion has begun, the soonest due first."""
    done = set(
        HomeworkDone.objects.filter(participation__in=taken).values_list(
            "participation_id", "unit_id"
        )
    )
    by_course = {p.course_id: p for p in taken}
    found: list[Homework] = []
    for at, each in enumerate(invitations):
        unit = each.occasion.unit
        if unit is None or not unit.homework or each.occasion.starts_at > now:
            continue
        participation = by_course.get(unit.course_id)
        if participation is None or any(h.unit.pk == unit.pk for h in found):
            continue
        due = _due(unit, invitations[at + 1 :])
        is_done = (participation.pk, unit.pk) in done
        old = due is not None and due + ASKED_FOR < timezone.localdate(now)
        found.append(Homework(participation, unit, due, is_done, is_done or old))
    return sorted(found, key=lambda each: (each.done, each.due_on or datetime.date.max))


def _due(unit: LearningUnit, later: Sequence[Invitation]) -> datetime.date | None:
    """Some days before the course's next occasion."""
    for each in later:
        if each.occasion.unit is not None and each.occasion.unit.course_id == unit.course_id:
            day = timezone.localdate(each.occasion.starts_at)
            return day - datetime.timedelta(days=unit.homework_days_before)
    return None


def _months(person: Person, now: datetime.datetime) -> list[MyMonth]:
    """Months that have ended, with hours that are not attested as they stand."""
    this_month = timezone.localdate(now).replace(day=1)
    sums = (
        CountedTime.objects.filter(current=True, person=person, day__lt=this_month, minutes__gt=0)
        .annotate(first=TruncMonth("day"))
        .order_by("first")
        .values_list("first")
        .annotate(minutes=Sum("minutes"))
    )
    attested = dict(
        Statement.objects.filter(
            person=person, replaced_at__isnull=True, attested_at__isnull=False
        ).values_list("month__first_day", "minutes")
    )
    return [MyMonth(first, minutes) for first, minutes in sums if attested.get(first) != minutes]
