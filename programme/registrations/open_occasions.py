"""Occasions that are open to more than a group, for whoever looks for something to come to."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from people.models import Person
from programme.models import Occasion, Participation, Registration, SeatPlan
from programme.registrations import queries
from programme.venues.booking import hours_in_words
from programme.venues.queries import State as Tag


@dataclass(frozen=True)
class OpenOccasion:
    """Something that registration is open for, and how it stands for the reader."""

    occasion: Occasion
    when: str
    closes_at: datetime.datetime


def taking_registrations(now: datetime.datetime) -> "QuerySet[SeatPlan]":
    """The plans that take registrations at this moment, the first occasion first."""
    return (
        SeatPlan.objects.filter(
            Q(opens_at__lte=now, closes_at__gt=now, occasion__starts_at__gt=now),
            occasion__group=None,
        )
        .exclude(occasion__state=Occasion.State.CANCELLED)
        .select_related("occasion")
        .order_by("occasion__starts_at", "occasion")
    )


def open_to(
    plans: "QuerySet[SeatPlan]", person: Person | None, now: datetime.datetime
) -> "QuerySet[SeatPlan]":
    """Those of the plans where the person's own project has its turn; none without a person.

    A condition met earlier, or being elsewhere at the time, is told on the occasion's page.
    """
    if person is None:
        return plans.none()
    theirs = Participation.objects.filter(person=person).exclude(state=Participation.State.DROPPED)
    found = plans.filter(occasion__programme__in=theirs.values("course__programme"))
    return found if person.is_manager else found.exclude(managers_until__gt=now)


def open_for(
    person: Person, at_most: int, now: datetime.datetime | None = None
) -> list[OpenOccasion]:
    """What the person may still register for, the first first; one query."""
    now = now or timezone.now()
    theirs = Registration.objects.live().filter(person=person)
    found = open_to(taking_registrations(now), person, now).exclude(pk__in=theirs.values("plan"))
    return [
        OpenOccasion(
            plan.occasion,
            hours_in_words(plan.occasion.starts_at, plan.occasion.ends_at),
            plan.closes_at,
        )
        for plan in found[:at_most]
    ]


def tags_of(person: Person | None, occasions: Sequence[Occasion]) -> dict[int, Tag]:
    """How the person's own registrations stand, by occasion; one query."""
    if person is None:
        return {}
    rows = Registration.objects.live().filter(person=person, plan__occasion__in=occasions)
    return {
        occasion: queries.tag_of(state)
        for occasion, state in rows.values_list("plan__occasion", "state")
    }
