"""What a person does about a seat: register, leave, accept, decline (B1, B4).

The plan's row is locked first, so that two registrations for the last seat wait for each
other; then the person, so that nobody gets into two rooms through two plans. Everything
may be asked for twice: what is already so stays so.
"""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from people.access import actor_of
from people.models import Person, User
from programme.access import administration_of
from programme.errors import NotAllowed
from programme.models import Registration, SeatPlan
from programme.occasions.inviting import lock_persons
from programme.registrations import asking, errors, facts, notices, rules, seating
from workflows import actions as cases

State = Registration.State


def locked(registration_id: int) -> Registration:
    """The row under its plan's lock, whoever asks."""
    plan_id = Registration.objects.values_list("plan_id", flat=True).get(pk=registration_id)
    plan = seating.lock(plan_id)
    row = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("person__user", "person__unit")
        .get(pk=registration_id)
    )
    row.plan = plan
    return row


def own(registration_id: int, actor: User) -> Registration:
    """The row under its plan's lock, if it is the actor's own."""
    row = locked(registration_id)
    if row.person.user_id != actor.pk:
        raise NotAllowed
    return row


@transaction.atomic
def register(*, plan_id: int, person: Person, actor: User) -> Registration:
    """Take a seat, or a place in the line, or ask for approval where the plan says so.

    :raises NotPossible: with everything that speaks against it.
    """
    if person.user_id != actor.pk or person.temporary:
        raise NotAllowed
    plan = seating.lock(plan_id)
    lock_persons({person.pk})
    row = Registration.objects.filter(plan=plan, person=person).first()
    if row is not None and row.state in Registration.LIVE:
        return row
    ensure_possible(plan, person)
    with operation("registration.register", actor=actor_of(actor), subject=plan.occasion.public_id):
        row = enter(plan, person, row)
        if plan.workflow is None:
            seating.settle(plan, row)
        else:
            asking.ask(plan, row, actor)
    return row


def ensure_possible(
    plan: SeatPlan, person: Person, *, waived: frozenset[rules.Problem] = frozenset()
) -> None:
    """Raise with everything that speaks against the person's registration now."""
    who = facts.candidate(person, plan)
    found = [
        problem
        for problem in rules.problems(facts.terms_of(plan), who, timezone.now())
        if problem not in waived
    ]
    if found:
        raise errors.NotPossible(found, errors.in_words(found, plan, who.elsewhere))


def enter(
    plan: SeatPlan, person: Person, before: Registration | None, *, by_hand: str = ""
) -> Registration:
    """A new number in the order, not yet settled; an ended row begins anew.

    :param by_hand: the reason that staff give for entering it themselves.
    """
    row = before or Registration(plan=plan, person=person, district=administration_of(person.unit))
    row.plan, row.person = plan, person
    row.order = seating.next_order(plan)
    row.registered_at = timezone.now()
    row.offered_at = row.offer_until = row.queue = row.case = row.replaces = None
    row.by_hand, row.reason = bool(by_hand), by_hand
    return row


@transaction.atomic
def leave(*, registration_id: int, actor: User) -> Registration:
    """Give up the seat, the place in line or what was asked for; the next in line is offered it.

    :raises TooLate: when a seat could be given up only until an earlier time.
    """
    _withdraw_case(registration_id, actor)
    row = own(registration_id, actor)
    if row.state not in Registration.LIVE:
        return row
    if row.state == State.REGISTERED:
        ensure_in_time(row.plan)
    with operation(
        "registration.leave", actor=actor_of(actor), subject=row.plan.occasion.public_id
    ):
        seating.end(row, State.LEFT)
        seating.unseat(row.plan, row, _("Gave up the seat."))
        seating.offer_free(row.plan)
    return row


def ensure_in_time(plan: SeatPlan) -> None:
    """Raise when a seat can no longer be given up or changed by its holder."""
    if timezone.now() >= min(plan.change_until, plan.occasion.starts_at):
        raise errors.TooLate(plan)


def _withdraw_case(registration_id: int, actor: User) -> None:
    """Take back what is asked for; the case before the plan, as whoever decides it locks them."""
    row = Registration.objects.select_related("case", "person").get(pk=registration_id)
    if row.person.user_id != actor.pk:
        raise NotAllowed
    if row.state == State.ASKED and row.case is not None and row.case.is_open:
        cases.withdraw(case_id=row.case.pk, actor=actor, reason=_("Gave up the registration."))


@transaction.atomic
def accept(*, registration_id: int, actor: User) -> Registration:
    """Take the offered seat; twice is once.

    :raises OfferOver: when it was never there, or its time has run out.
    """
    row = own(registration_id, actor)
    if row.state == State.REGISTERED:
        return row
    _ensure_offered(row)
    lock_persons({row.person_id})
    ensure_possible(
        row.plan, row.person, waived=rules.WAIVED_BY_STAFF | {rules.Problem.NOT_ADMITTED}
    )
    with operation(
        "registration.accept", actor=actor_of(actor), subject=row.plan.occasion.public_id
    ):
        seating.seat(row.plan, row)
        notices.registered(row)
    return row


@transaction.atomic
def decline(*, registration_id: int, actor: User) -> Registration:
    """Say no to the offered seat; the next in line is offered it."""
    row = own(registration_id, actor)
    if row.state == State.DECLINED:
        return row
    if row.state != State.OFFERED:
        raise errors.OfferOver
    with operation(
        "registration.decline", actor=actor_of(actor), subject=row.plan.occasion.public_id
    ):
        seating.end(row, State.DECLINED)
        seating.offer_free(row.plan)
    return row


def _ensure_offered(row: Registration) -> None:
    if row.state != State.OFFERED or row.offer_until is None or timezone.now() >= row.offer_until:
        raise errors.OfferOver


@transaction.atomic
def mind_plan(*, plan_id: int, now: datetime.datetime | None = None) -> int:
    """Release shares and let offers lapse that are due, and offer what is free; twice is once.

    :returns: how many offers were made.
    """
    at = now or timezone.now()
    plan = seating.lock(plan_id)
    subject = plan.occasion.public_id
    if plan.release_at and plan.release_at <= at and plan.released_at is None:
        with operation("seats.release", subject=subject):
            plan.released_at = at
            plan.save(update_fields=["released_at"])
    with operation("registration.lapse", subject=subject):
        due = Registration.objects.select_for_update(of=("self",)).filter(
            plan=plan, state=State.OFFERED, offer_until__lte=at
        )
        for row in due.select_related("person__user").order_by("order"):
            row.plan = plan
            seating.end(row, State.LAPSED)
            notices.lapsed(row)
        return len(seating.offer_free(plan, at))
