"""What the pages «Capacity» and «Preparations» show; a handful of queries whatever the size."""

import datetime
from dataclasses import dataclass

from django.db.models import Min, Sum
from django.utils import timezone

from people.models import Organisation
from programme.access import ADMINISTRATIONS
from programme.groups import capacity_rules as rules
from programme.models import (
    Course,
    Group,
    Occasion,
    PreparationDone,
    PreparationPoint,
    Programme,
    Quota,
    Wave,
)
from programme.queries import plans_on, settings_on


@dataclass(frozen=True)
class CoursePlan:
    """A course's groups half-year by half-year against the plan (R-085)."""

    course: Course
    needed: int
    planned: int
    started: int
    # Groups without an occasion: they are in no half-year yet.
    without_days: int
    steps: list[rules.Step]

    @property
    def most(self) -> int:
        """What the picture's full width stands for."""
        return max([self.needed, 1, *(step.running_total for step in self.steps)])


def _first_days() -> dict[int, datetime.date]:
    """The day of each group's first standing occasion; one query."""
    rows = (
        Group.objects.exclude(state=Group.State.CANCELLED)
        .filter(occasions__state=Occasion.State.PLANNED)
        .values_list("pk")
        .annotate(first=Min("occasions__starts_at"))
    )
    return {pk: timezone.localtime(first).date() for pk, first in rows}


def course_plans(programme: Programme, today: datetime.date) -> list[CoursePlan]:
    """The courses that people are nominated to against the quota, with what they need."""
    size = int(settings_on(programme, today)["group_size"])
    courses = list(
        programme.courses.filter(in_use=True, kind__uses_quota=True).select_related(
            "kind__category"
        )
    )
    groups = list(
        Group.objects.filter(course__in=courses)
        .exclude(state=Group.State.CANCELLED)
        .values_list("pk", "course_id", "state")
    )
    first_days = _first_days()
    planned = plans_on(programme, today)
    plans = []
    for course in courses:
        assert course.kind is not None
        own = [(pk, state) for pk, course_id, state in groups if course_id == course.pk]
        days = [first_days[pk] for pk, _state in own if pk in first_days]
        needed = rules.groups_needed(planned[course.kind.category_id].persons, size)
        plans.append(
            CoursePlan(
                course=course,
                needed=needed,
                planned=len(own),
                started=sum(_has_started(pk, state, first_days, today) for pk, state in own),
                without_days=len(own) - len(days),
                steps=rules.steps(days, programme.starts_on, programme.ends_on, needed),
            )
        )
    return plans


def _has_started(
    pk: int, state: str, first_days: dict[int, datetime.date], today: datetime.date
) -> bool:
    begun = state in (Group.State.STARTED, Group.State.FINISHED)
    return begun or (pk in first_days and first_days[pk] <= today)


@dataclass(frozen=True)
class DistrictRow:
    """An administration on its way to a first group (R-010)."""

    district: Organisation
    places: int
    started: int
    planned: int
    first_day: datetime.date | None
    coverage: rules.Coverage


def district_rows(programme: Programme, today: datetime.date) -> list[DistrictRow]:
    """Every administration of today, those without a group too."""
    alarm_days = int(settings_on(programme, today)["coverage_alarm_days"])
    districts = Organisation.objects.valid_on(today).filter(kind=Organisation.Kind.DISTRICT)
    places = dict(
        Quota.objects.filter(wave__programme=programme)
        .values_list("organisation_id")
        .annotate(total=Sum("places"))
    )
    groups = list(
        Group.objects.filter(course__programme=programme)
        .exclude(state=Group.State.CANCELLED)
        .values_list("pk", "district_id", "state")
    )
    first_days = _first_days()
    rows = []
    for district in districts.order_by("name"):
        own = [(pk, state) for pk, district_id, state in groups if district_id == district.pk]
        started = sum(_has_started(pk, state, first_days, today) for pk, state in own)
        days = [first_days[pk] for pk, _state in own if pk in first_days]
        rows.append(
            DistrictRow(
                district=district,
                places=places.get(district.pk, 0),
                started=started,
                planned=len(own) - started,
                first_day=min(days, default=None),
                coverage=rules.coverage(
                    started=started,
                    planned=len(own) - started,
                    days_left=(programme.ends_on - today).days,
                    alarm_days=alarm_days,
                ),
            )
        )
    return rows


@dataclass(frozen=True)
class PointRow:
    """One preparation in one district."""

    point: PreparationPoint
    due: datetime.date | None
    done: PreparationDone | None
    readiness: rules.Readiness


@dataclass(frozen=True)
class DistrictPreparation:
    """Everything that one district prepares before a wave."""

    district: Organisation
    first_day: datetime.date | None
    points: list[PointRow]

    @property
    def done(self) -> int:
        """How many points are done."""
        return sum(row.done is not None for row in self.points)

    @property
    def late(self) -> int:
        """How many points should have been done by now."""
        return sum(row.readiness is rules.Readiness.LATE for row in self.points)


def preparations(wave: Wave, today: datetime.date) -> list[DistrictPreparation]:
    """The list of each district in the wave; its days are counted from its first occasion."""
    districts = Organisation.objects.filter(quotas__wave=wave, kind__in=ADMINISTRATIONS).distinct()
    points = list(PreparationPoint.objects.filter(programme=wave.programme_id, in_use=True))
    done = {
        (row.point_id, row.district_id): row
        for row in PreparationDone.objects.filter(wave=wave).select_related("done_by")
    }
    first_days = _first_days()
    first: dict[int, datetime.date] = {}
    for pk, district_id in Group.objects.filter(wave=wave).values_list("pk", "district_id"):
        if pk in first_days:
            first[district_id] = min(first_days[pk], first.get(district_id, first_days[pk]))
    return [
        DistrictPreparation(
            district=district,
            first_day=first.get(district.pk),
            points=[
                _point(point, done.get((point.pk, district.pk)), first.get(district.pk), today)
                for point in points
            ],
        )
        for district in districts.order_by("name")
    ]


def _point(
    point: PreparationPoint,
    done: PreparationDone | None,
    first_day: datetime.date | None,
    today: datetime.date,
) -> PointRow:
    due = first_day - datetime.timedelta(days=point.days_before) if first_day else None
    return PointRow(point, due, done, rules.readiness(done=done is not None, due=due, today=today))
