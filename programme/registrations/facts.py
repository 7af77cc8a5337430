"""Reads rows for the rules; the same few queries for one plan as for many."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Count, F
from django.utils import timezone

from people.models import Person
from programme.models import (
    CountedTime,
    Occasion,
    Participation,
    Registration,
    SeatPlan,
    SeatQuota,
)
from programme.occasions.checks import elsewhere
from programme.queries import settings_on
from programme.registrations.rules import NOWHERE, Candidate, Seats, Terms, Waiting


def terms_of(plan: SeatPlan) -> Terms:
    """The plan's terms; reads ``plan.occasion``."""
    return Terms(
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        starts_at=plan.occasion.starts_at,
        cancelled=plan.occasion.state == Occasion.State.CANCELLED,
        managers_until=plan.managers_until,
        needs_unit=plan.needs_unit_id is not None,
    )


def seats_of(plan: SeatPlan) -> Seats:
    """The plan's seats as they are held now; true only as long as the plan is locked."""
    return seats_of_many([plan])[plan.pk]


def seats_of_many(plans: Sequence[SeatPlan]) -> dict[int, Seats]:
    """Each plan's seats; two queries."""
    quotas: dict[int, dict[int, int]] = defaultdict(dict)
    for quota in SeatQuota.objects.filter(plan__in=plans):
        quotas[quota.plan_id][quota.district_id] = quota.seats
    held: dict[int, dict[int, int]] = defaultdict(dict)
    counted = (
        Registration.objects.holding()
        .filter(plan__in=plans)
        .order_by()
        .values_list("plan_id", "district_id")
        .annotate(number=Count("pk"))
    )
    for plan_id, district, number in counted:
        held[plan_id][district or NOWHERE] = number
    return {
        plan.pk: Seats(plan.seats, quotas[plan.pk], held[plan.pk], plan.released_at is not None)
        for plan in plans
    }


def line_of(plan: SeatPlan) -> list[Waiting]:
    """Those in line, first in line first."""
    return [
        Waiting(pk, district or NOWHERE)
        for pk, district in Registration.objects.in_line()
        .filter(plan=plan)
        .values_list("pk", "district_id")
    ]


def candidate(person: Person, plan: SeatPlan) -> Candidate:
    """What the rules need to know of the person for this occasion."""
    occasion = plan.occasion
    admitted = (
        Participation.objects.filter(person=person, course__programme=occasion.programme_id)
        .exclude(state=Participation.State.DROPPED)
        .exists()
    )
    return Candidate(
        admitted=admitted,
        is_manager=person.is_manager,
        reached=plan.needs_unit_id is None or _has_reached(person, plan),
        elsewhere=elsewhere(person, occasion),
        left=person.has_left(timezone.localdate(occasion.starts_at)),
    )


def _has_reached(person: Person, plan: SeatPlan) -> bool:
    """Whether enough of one occasion's counted time has reached the unit asked for."""
    occasion = plan.occasion
    least = int(settings_on(occasion.programme, occasion.starts_at.date())["unit_reached_percent"])
    return CountedTime.objects.filter(
        current=True,
        person=person,
        occasion__unit=plan.needs_unit_id,
        minutes__gt=0,
        minutes__gte=F("planned_minutes") * least / 100.0,
    ).exists()


def participation_for(person: Person, occasion: Occasion) -> Participation | None:
    """Which participation the hours belong to: the person's own in the course of the unit."""
    if occasion.unit is None:
        return None
    return (
        Participation.objects.filter(person=person, course=occasion.unit.course_id)
        .exclude(state=Participation.State.DROPPED)
        .first()
    )
