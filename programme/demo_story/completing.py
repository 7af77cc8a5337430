"""Who has completed their course when its group has finished."""

import datetime

from django.db.models import Count, Sum

from programme.demo_story.groups import Told
from programme.models import CompletionRule, CountedTime, LearningUnit, Participation


def complete(told: list[Told], today: datetime.date) -> None:
    """Mark those of finished groups who fulfil the course's rule, by the hours just counted."""
    for one in told:
        if one.last_day >= today:
            continue
        rule = CompletionRule.objects.filter(course=one.group.course).latest("valid_from")
        units = LearningUnit.objects.filter(course=one.group.course, in_use=True)
        planned = sum(unit.minutes - sum(b - a for a, b in unit.breaks) for unit in units)
        counted = CountedTime.objects.filter(
            current=True,
            minutes__gt=0,
            participation__memberships__group=one.group,
            participation__memberships__to_date=None,
            participation__state=Participation.State.STARTED,
        )
        enough = (
            counted.values("participation")
            .annotate(units=Count("occasion__unit", distinct=True), minutes=Sum("minutes"))
            .filter(units__gte=rule.least_units, minutes__gte=planned * rule.least_percent / 100)
        )
        Participation.objects.filter(pk__in=[row["participation"] for row in enough]).update(
            state=Participation.State.COMPLETED, ended_on=one.last_day
        )
