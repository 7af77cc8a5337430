"""The plan's lock, the seat itself, and what happens when one falls free."""

import datetime

from django.db.models import F
from django.utils import timezone

from programme.models import Invitation, Occasion, Registration, SeatPlan
from programme.occasions import inviting
from programme.occasions import notices as occasion_notices
from programme.queries import settings_on
from programme.registrations import facts, notices, rules


def lock(plan_id: int) -> SeatPlan:
    """The plan and its occasion as they are now, until the transaction ends.

    The occasion first, as whoever moves or cancels it does. Two registrations wait for each
    other here, which is what keeps a seat from being given twice and the order from mixing.
    """
    occasion = (
        Occasion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "district", "unit")
        .get(seat_plan=plan_id)
    )
    plan = (
        SeatPlan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("needs_unit", "workflow")
        .get(pk=plan_id)
    )
    plan.occasion = occasion
    return plan


def next_order(plan: SeatPlan) -> int:
    """The next number in the order of registration; the plan is locked."""
    SeatPlan.objects.filter(pk=plan.pk).update(last_order=F("last_order") + 1)
    plan.last_order += 1
    return plan.last_order


def settle(plan: SeatPlan, row: Registration) -> None:
    """Give the row a seat, or the last place in the line, and tell the person."""
    where = row.district_id or rules.NOWHERE
    if rules.gets_a_seat(facts.seats_of(plan), facts.line_of(plan), where):
        seat(plan, row)
        notices.registered(row)
        return
    row.state = Registration.State.WAITING
    row.queue = row.order
    row.save()
    notices.waiting(row)


def seat(plan: SeatPlan, row: Registration) -> Invitation:
    """The row holds a seat: the person is expected, and need not answer again."""
    row.state = Registration.State.REGISTERED
    row.queue = row.offered_at = row.offer_until = None
    row.save()
    participation = facts.participation_for(row.person, plan.occasion)
    invitation = Invitation.objects.filter(occasion=plan.occasion, person=row.person).first()
    if invitation is None:
        invitation = Invitation(occasion=plan.occasion, person=row.person)
    elif invitation.withdrawn_at:
        inviting.give_back(invitation, None)
    invitation.participation = participation
    invitation.answer = Invitation.Answer.COMING
    invitation.invited_at = timezone.now()
    invitation.by_hand = True
    invitation.save()
    return invitation


def unseat(plan: SeatPlan, row: Registration, reason: str) -> None:
    """The person is no longer expected; the calendar entry is cancelled and they are told."""
    invitation = Invitation.objects.filter(
        occasion=plan.occasion, person=row.person_id, withdrawn_at=None
    ).first()
    if invitation is None:
        return
    inviting.withdraw(invitation, reason)
    occasion_notices.withdrawn(plan.occasion, [invitation])


def end(row: Registration, state: Registration.State, reason: str = "") -> None:
    """The registration is over; it neither holds a seat nor stands in line."""
    row.state = state
    row.reason = reason.strip()
    row.queue = row.offer_until = None
    row.save()


def offer_free(plan: SeatPlan, now: datetime.datetime | None = None) -> list[Registration]:
    """Offer every free seat to those first in line; the plan is locked.

    Nothing is offered of what has begun or is cancelled.
    """
    at = now or timezone.now()
    occasion = plan.occasion
    if occasion.state == Occasion.State.CANCELLED or at >= occasion.starts_at:
        return []
    served = rules.served(facts.seats_of(plan), facts.line_of(plan))
    if not served:
        return []
    hours = int(settings_on(occasion.programme, timezone.localdate(at))["offer_hours"])
    until = rules.offer_ends(at, hours, occasion.starts_at)
    rows = Registration.objects.select_related("person__user").in_bulk(
        [each.registration for each in served]
    )
    offered = [rows[each.registration] for each in served]
    for row in offered:
        row.state = Registration.State.OFFERED
        row.queue = None
        row.offered_at, row.offer_until = at, until
        row.save()
        notices.offered(row, occasion)
    return offered
