"""What staff do about single registrations, each with a reason that is kept."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Person, User
from programme.errors import ReasonNeeded, Refused, Stale
from programme.models import Registration, SeatPlan
from programme.occasions.inviting import lock_persons
from programme.registrations import access, actions, notices, rules, seating

State = Registration.State


@transaction.atomic
def add(*, plan_id: int, person: Person, reason: str, actor: User) -> Registration:
    """Register someone by hand: outside the time or the conditions, never in two rooms.

    A free seat of the person's district or of all is given; otherwise it is a place in line.
    """
    plan = _arranged(plan_id, actor, reason)
    lock_persons({person.pk})
    row = Registration.objects.filter(plan=plan, person=person).first()
    if row is not None and row.state in Registration.LIVE:
        return row
    actions.ensure_possible(plan, person, waived=rules.WAIVED_BY_STAFF)
    with operation(
        "registration.add",
        actor=actor_of(actor),
        reason=reason,
        subject=plan.occasion.public_id,
    ):
        row = actions.enter(plan, person, row, by_hand=reason.strip())
        seating.settle(plan, row)
    return row


@transaction.atomic
def remove(*, registration_id: int, reason: str, actor: User) -> Registration:
    """Take a registration away; the person is told, and the next in line is offered the seat."""
    row = actions.locked(registration_id)
    _ensure(row.plan, actor, reason)
    if row.state == State.ASKED:
        raise Refused(_("It waits for approval. Let whoever decides say no instead."))
    if row.state not in Registration.LIVE:
        return row
    with operation(
        "registration.remove",
        actor=actor_of(actor),
        reason=reason,
        subject=row.plan.occasion.public_id,
    ):
        seated = row.state == State.REGISTERED
        seating.end(row, State.LEFT, reason)
        if seated:
            seating.unseat(row.plan, row, reason)
        else:
            notices.removed(row)
        seating.offer_free(row.plan)
    return row


@transaction.atomic
def reorder(*, registration_id: int, place: int, reason: str, actor: User) -> Registration:
    """Give someone in line another place, with the reason on record."""
    row = actions.locked(registration_id)
    _ensure(row.plan, actor, reason)
    if row.state != State.WAITING:
        raise Stale
    line = list(Registration.objects.in_line().filter(plan=row.plan))
    if not 1 <= place <= len(line):
        raise Refused(_("Choose a place between 1 and %(last)s.") % {"last": len(line)})
    by_pk = {each.pk: each for each in line}
    numbers = [each.queue for each in line]
    order = rules.moved_to([each.pk for each in line], row.pk, place)
    with operation(
        "registration.reorder",
        actor=actor_of(actor),
        reason=reason,
        subject=row.plan.occasion.public_id,
    ):
        for pk, queue in zip(order, numbers, strict=True):
            if by_pk[pk].queue != queue:
                by_pk[pk].queue = queue
                by_pk[pk].save(update_fields=["queue"])
        Registration.objects.filter(pk=row.pk).update(reason=reason.strip())
    row.refresh_from_db()
    return row


def _arranged(plan_id: int, actor: User, reason: str) -> SeatPlan:
    plan = seating.lock(plan_id)
    _ensure(plan, actor, reason)
    return plan


def _ensure(plan: SeatPlan, actor: User, reason: str) -> None:
    access.ensure_arranges(actor, plan.occasion.district)
    if not says(reason):
        raise ReasonNeeded
