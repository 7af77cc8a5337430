"""Everybody counted anew: locked months stay, and twice is once."""

import datetime

from django.db import transaction

from audit.models import Operation
from audit.operations import operation
from programme.hours.tasks import recount_open_months
from programme.models import CountedTime, HourRules, Month
from tests.programme.builders import World
from tests.programme.hours.builders import counted, mark, occasion_on


def test_open_months_are_counted_by_the_new_rules_and_locked_ones_stay(world: World) -> None:
    person = world.staff[0]
    march = occasion_on(world, datetime.date(2026, 3, 3), breaks=[[60, 90]])
    april = occasion_on(world, datetime.date(2026, 4, 3), breaks=[[60, 90]])
    for occasion in (march, april):
        mark(occasion, person)
    with transaction.atomic(), operation("test.rules"):
        Month.objects.filter(first_day=datetime.date(2026, 3, 1)).update(state=Month.State.LOCKED)
        HourRules.objects.update(breaks_count=True)
    asked = (world.programme.pk, world.administrator.pk, "Nya regler")
    assert recount_open_months(*asked) == 1
    assert (counted(march, person).minutes, counted(april, person).minutes) == (150, 180)
    assert recount_open_months(*asked) == 0
    assert CountedTime.objects.count() == 3
    assert Operation.objects.filter(reason="Nya regler").exists()
