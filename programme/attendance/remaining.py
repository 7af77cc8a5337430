"""What meeting reports leave to be done: rows that wait, and marks that they contradict."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from people.models import Person, User
from programme.attendance import access
from programme.attendance.queries import AWAY
from programme.hours.closed import locked_among
from programme.models import Attendance, Evidence, Occasion, ReportRow, Segment


@dataclass(frozen=True)
class Left:
    """A report that somebody still has to do something about."""

    evidence: Evidence
    occasion: Occasion
    # Rows that wait for a decision; none when the report itself is not counted yet.
    waiting: int


def with_waiting(reports: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """The reports without their bytes, each with how many rows wait (`waiting`)."""
    waits = Q(rows__how=ReportRow.How.WAITING)
    return reports.defer("content").annotate(waiting=Count("rows", filter=waits))


def reports_left(user: User) -> list[Left]:
    """Reports not counted and reports with rows that wait, where the user marks; two queries."""
    found = (
        with_waiting(Evidence.objects.filter(kind=Evidence.Kind.MEETING_REPORT))
        .filter(
            Q(summary__state="received") | Q(waiting__gt=0),
            occasion__in=_standing(user).values("pk"),
        )
        .select_related("occasion__group", "occasion__district")
        .order_by("occasion__starts_at", "pk")
    )
    left = [Left(each, each.occasion, each.waiting) for each in found]  # type: ignore[attr-defined]
    open_ones = _in_open_months([each.occasion for each in left])
    return [each for each in left if each.occasion.pk in open_ones]


def contradicted(user: User) -> list[tuple[Occasion, int]]:
    """Occasions with how many are marked as away although a report has them; three queries."""
    at = {"occasion": OuterRef("occasion")}
    whose = Q(person=OuterRef("person")) | Q(person=OuterRef("person__merged_into"))
    rows = dict(
        Segment.objects.filter(
            Exists(Attendance.objects.filter(whose, **at, mark__in=AWAY)),
            occasion__in=_standing(user).values("pk"),
            source=Segment.Source.REPORT,
            voided_at__isnull=True,
        )
        .order_by()
        .values_list("occasion")
        .annotate(persons=Count(Coalesce("person__merged_into", "person"), distinct=True))
    )
    if not rows:
        return []
    found = list(Occasion.objects.filter(pk__in=list(rows)).select_related("group", "district"))
    open_ones = _in_open_months(found)
    return [(each, rows[each.pk]) for each in found if each.pk in open_ones]


def _standing(user: User) -> QuerySet[Occasion]:
    return access.marked_by(user).exclude(state=Occasion.State.CANCELLED)


def _in_open_months(occasions: Iterable[Occasion]) -> set[int]:
    """Those where something can still be done: of a locked month only a correction helps."""
    days: dict[int, dict[int, datetime.date]] = {}
    kept = list(occasions)
    for each in kept:
        days.setdefault(each.programme_id, {})[each.pk] = timezone.localdate(each.starts_at)
    found: set[int] = set()
    for programme, of_each in days.items():
        locked = locked_among(programme_id=programme, days=of_each.values())
        found |= {pk for pk, day in of_each.items() if day not in locked}
    return found


def marks_of(occasion: Occasion, persons: Iterable[int]) -> dict[int, str]:
    """How each of the persons is marked at the occasion, when anyhow; one query."""
    return dict(
        Attendance.objects.filter(occasion=occasion, person__in=list(persons))
        .exclude(mark="")
        .values_list("person_id", "mark")
    )


def against(rows: Iterable[ReportRow], marks: dict[int, str]) -> list[tuple[Person, str]]:
    """Persons whom the report has and who are marked as away, each with the mark.

    :param rows: with their persons.
    """
    found = {row.person for row in rows if row.person and marks.get(row.person.pk) in AWAY}
    return [(person, marks[person.pk]) for person in sorted(found, key=lambda one: one.pk)]
