"""Checked, locked months and completed courses to certify."""

import datetime

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people.models import Person
from programme.models import CountedTime, Month, Participation, Statement
from programme.months import rules
from programme.staff import actions as staff
from tests.programme.builders import World
from tests.programme.staff.builders import attended_units
from tests.programme.training import participation_of

SEPTEMBER = datetime.date(2026, 9, 1)


def month_of(world: World, *, locked: bool = True) -> Month:
    """September 2026."""
    with transaction.atomic(), operation("test.month"):
        month, _new = Month.objects.get_or_create(programme=world.programme, first_day=SEPTEMBER)
        month.state = Month.State.LOCKED if locked else Month.State.OPEN
        month.save()
    return month


def stated(
    world: World, person: Person, month: Month, *, checked: bool = True, units: int = 2
) -> Statement:
    """The person was at occasions in September, attested it, and someone else checked it."""
    taken = Participation.objects.filter(person=person).first() or participation_of(world, person)
    attended_units(world, taken, list(range(1, units + 1)))
    return statement_of(world, person, month, checked=checked)


def statement_of(world: World, person: Person, month: Month, *, checked: bool = True) -> Statement:
    """A statement of what is counted now; an earlier one is replaced."""
    counted = list(
        CountedTime.objects.filter(
            current=True,
            person=person,
            minutes__gt=0,
            day__range=(SEPTEMBER, SEPTEMBER.replace(day=30)),
        ).order_by("day", "occasion")
    )
    with transaction.atomic(), operation("test.statement"):
        Statement.objects.filter(month=month, person=person, replaced_at=None).update(
            replaced_at=timezone.now()
        )
        return Statement.objects.create(
            month=month,
            person=person,
            minutes=sum(c.minutes for c in counted),
            digest=rules.digest_of(rules.Line(c.occasion_id, c.day, c.minutes) for c in counted),
            lines=[
                {
                    "occasion": c.occasion_id,
                    "day": c.day.isoformat(),
                    "minutes": c.minutes,
                    "counted": c.public_id,
                }
                for c in counted
            ],
            attested_by=person.user,
            attested_at=timezone.now(),
            channel=Statement.Channel.WEB,
            checked_by=world.administrator if checked else None,
            checked_at=timezone.now() if checked else None,
        )


def completed(world: World, person: Person) -> Participation:
    """The person has completed the series."""
    taken = participation_of(world, person)
    attended_units(world, taken, [1, 2, 3, 4, 5])
    staff.settle(participation_ids=[taken.pk])
    taken.refresh_from_db()
    assert taken.state == "completed"
    return taken
