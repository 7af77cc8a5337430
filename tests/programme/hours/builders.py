"""Occasions, marks and times that hours are counted from."""

import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people.models import Person, User
from programme.hours.actions import recount
from programme.models import Attendance, CountedTime, Occasion, Segment
from tests.programme.builders import World

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(day: datetime.date, clock: str) -> datetime.datetime:
    """The moment of the day in Stockholm: at(day, "9.30")."""
    hour, minute = clock.split(".")
    return datetime.datetime.combine(day, datetime.time(int(hour), int(minute)), STOCKHOLM)


def occasion_on(
    world: World,
    day: datetime.date,
    start: str = "9.00",
    end: str = "12.00",
    breaks: list[list[int]] | None = None,
) -> Occasion:
    """A training occasion in Farsta."""
    with transaction.atomic(), operation("test.occasion"):
        return Occasion.objects.create(
            programme=world.programme,
            title=f"Tillfälle {day}",
            starts_at=at(day, start),
            ends_at=at(day, end),
            breaks=breaks or [],
            district=world.farsta,
        )


@transaction.atomic
def mark(
    occasion: Occasion, person: Person, value: str = "present", *, by: User | None = None
) -> Attendance:
    """Mark the person and count anew."""
    with operation("test.mark"):
        row, _made = Attendance.objects.update_or_create(
            occasion=occasion,
            person=person,
            defaults={"mark": value, "marked_by": by, "marked_at": timezone.now()},
        )
        recount(occasion_ids=[occasion.pk], person_ids=[person.pk])
    return row


@transaction.atomic
def was_there(
    occasion: Occasion,
    person: Person,
    begin: str,
    end: str | None,
    *,
    by: User | None = None,
    count: bool = True,
) -> Segment:
    """A time present, and the hours counted anew."""
    day = timezone.localtime(occasion.starts_at).date()
    with operation("test.segment"):
        row = Segment.objects.create(
            occasion=occasion,
            person=person,
            began_at=at(day, begin),
            ended_at=at(day, end) if end else None,
            source=Segment.Source.LIST,
            recorded_by=by,
        )
        if count:
            recount(occasion_ids=[occasion.pk], person_ids=[person.pk])
    return row


def counted(occasion: Occasion, person: Person) -> CountedTime:
    """What is counted now."""
    return CountedTime.objects.get(occasion=occasion, person=person, current=True)
