"""Counted hours for the tests of this part."""

import datetime
from itertools import count

from django.db import transaction

from audit.operations import operation
from people.models import Person
from programme.models import CountedTime, HourRules, LearningUnit, Occasion, Participation
from tests.programme.builders import World
from tests.programme.training import course_of, occasion_of, units_of

_turn = count()


def rules_of(world: World) -> HourRules:
    """The programme's rule set for hours."""
    found = HourRules.objects.filter(programme=world.programme).first()
    if found is not None:
        return found
    with transaction.atomic(), operation("test.rules"):
        return HourRules.objects.create(
            programme=world.programme,
            valid_from=datetime.date(2026, 1, 1),
            decision="Beslut 1",
        )


def counted(
    world: World,
    participation: Participation,
    occasion: Occasion,
    minutes: int = 260,
    *,
    person: Person | None = None,
) -> CountedTime:
    """Minutes that the person was there, of the occasion's 260; what stood before is replaced."""
    rules = rules_of(world)
    who = person or participation.person
    with transaction.atomic(), operation("test.counted"):
        CountedTime.objects.filter(occasion=occasion, person=who, current=True).update(
            current=False
        )
        return CountedTime.objects.create(
            occasion=occasion,
            person=who,
            participation=participation,
            day=occasion.starts_at.date(),
            rules=rules,
            minutes=minutes,
            planned_minutes=260,
            inputs_digest=f"{next(_turn):064d}",
        )


def attended_units(
    world: World, participation: Participation, numbers: list[int], minutes: int = 260
) -> list[CountedTime]:
    """The person was at an occasion of each of these units, a week apart in the autumn of 2026."""
    units: list[LearningUnit] = units_of(course_of(world))
    start = datetime.datetime(2026, 9, 1, 7, tzinfo=datetime.UTC)
    return [
        counted(
            world,
            participation,
            occasion_of(
                world, unit=units[number - 1], starts_at=start + datetime.timedelta(weeks=number)
            ),
            minutes,
        )
        for number in numbers
    ]
