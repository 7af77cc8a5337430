"""A colleague in someone's place: the seat is kept, the colleague has checks of their own."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Person, User
from programme.errors import ReasonNeeded, Refused, Stale
from programme.models import Registration
from programme.occasions.inviting import lock_persons
from programme.registrations import access, actions, notices, rules, seating

State = Registration.State
# The seat is already given, so it does not matter that registration has closed.
_KEPT = frozenset({rules.Problem.NOT_YET, rules.Problem.CLOSED})


@transaction.atomic
def substitute(
    *, registration_id: int, colleague: Person, actor: User, reason: str = ""
) -> Registration:
    """Let a colleague of the same unit have the seat; both are told, and history keeps both.

    The holder does it until the deadline; staff later too, with a reason.

    :raises NotPossible: with everything that speaks against the colleague.
    """
    row = actions.locked(registration_id)
    plan = row.plan
    by_staff = row.person.user_id != actor.pk
    if by_staff:
        access.ensure_arranges(actor, plan.occasion.district)
        if not says(reason):
            raise ReasonNeeded
    else:
        actions.ensure_in_time(plan)
    if row.state != State.REGISTERED:
        raise Stale
    if plan.workflow is not None and not by_staff:
        raise Refused(
            _("Seats here are approved for each person. Ask the project office to change it.")
        )
    if colleague.unit_id != row.person.unit_id or colleague.temporary:
        raise Refused(_("Only a colleague of the same unit can have the seat."))
    lock_persons({row.person_id, colleague.pk})
    theirs = Registration.objects.filter(plan=plan, person=colleague).first()
    if theirs is not None and theirs.state in (*Registration.HOLDING, State.ASKED):
        raise Refused(_("The colleague is already registered, or has been offered a seat."))
    actions.ensure_possible(plan, colleague, waived=_KEPT)
    with operation(
        "registration.substitute",
        actor=actor_of(actor),
        reason=reason,
        subject=plan.occasion.public_id,
    ):
        seating.end(row, State.REPLACED, reason)
        seating.unseat(plan, row, _("A colleague has the seat."))
        seat = actions.enter(plan, colleague, theirs, by_hand=reason.strip() if by_staff else "")
        seat.replaces = row
        seating.seat(plan, seat)
        notices.substituted(seat)
    return seat
