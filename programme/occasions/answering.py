"""The participant's answer, and a colleague in someone's place (R-083)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Person, User
from programme.errors import NotAllowed, ReasonNeeded, Refused
from programme.models import Invitation, Occasion, Participation, SeatPlan
from programme.occasions import checks, notices, rules
from programme.occasions.changing import lock
from programme.occasions.checks import overlapping
from programme.occasions.errors import NotExpected, NotPossible, Over, TwoRooms
from programme.occasions.inviting import give_back, lock_persons, withdraw
from programme.occasions.planning import ensure_arranges


@transaction.atomic
def answer(*, invitation_id: int, coming: bool, actor: User) -> Invitation:
    """Say whether I am coming; the same answer twice changes nothing.

    A no leaves the seat free, for as long as nobody else has it; a yes takes it again.

    :raises NotExpected: when the seat has been given away meanwhile.
    :raises TwoRooms: when I have said that I am somewhere else then.
    """
    # Answers to two occasions at once wait for each other, and for a change of the group.
    lock_persons({Invitation.objects.values_list("person_id", flat=True).get(pk=invitation_id)})
    row = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("occasion", "person")
        .get(pk=invitation_id)
    )
    if row.person.user_id != actor.pk:
        raise NotAllowed
    if row.withdrawn_at:
        raise NotExpected
    _ensure_coming(row.occasion)
    said = Invitation.Answer.COMING if coming else Invitation.Answer.NOT_COMING
    if row.answer == said:
        return row
    if coming:
        _ensure_one_room(row)
    row.answer = said
    with operation("occasion.answer", actor=actor_of(actor), subject=row.occasion.public_id):
        row.save(update_fields=["answer"])
    return row


def _ensure_coming(occasion: Occasion) -> None:
    if occasion.state == Occasion.State.CANCELLED or occasion.ends_at <= timezone.now():
        raise Over


def _ensure_one_room(row: Invitation) -> None:
    there = (
        Occasion.objects.filter(
            overlapping(row.occasion.starts_at, row.occasion.ends_at),
            invitations__person=row.person_id,
            invitations__answer=Invitation.Answer.COMING,
            invitations__withdrawn_at=None,
        )
        .exclude(pk=row.occasion_id)
        .first()
    )
    if there is not None and row.occasion.kind != Occasion.Kind.RECORDING:
        raise TwoRooms(there.title)


@transaction.atomic
def substitute(*, invitation_id: int, colleague: Person, reason: str, actor: User) -> Invitation:
    """Let a colleague of the same unit take the seat; both are told, and history keeps both.

    The colleague's hours belong to their own participation in the course, if they have one.

    :raises NotPossible: with everything that speaks against the colleague.
    """
    seen = Invitation.objects.values_list("occasion_id", "person_id").get(pk=invitation_id)
    occasion = lock(seen[0])
    ensure_arranges(actor, occasion.district)
    if not says(reason):
        raise ReasonNeeded
    _ensure_coming(occasion)
    if SeatPlan.objects.filter(occasion=occasion).exists():
        raise Refused(
            _("This occasion has seats: give the seat away on the page for registration.")
        )
    lock_persons({seen[1], colleague.pk})
    row = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("person", "participation")
        .get(pk=invitation_id)
    )
    theirs = Invitation.objects.filter(occasion=occasion, person=colleague).first()
    if row.withdrawn_at or (theirs and theirs.withdrawn_at is None):
        raise Refused(_("The seat is not free to give, or the colleague is already invited."))
    if colleague.unit_id != row.person.unit_id or colleague.temporary:
        raise Refused(_("Only a colleague of the same unit can take the seat."))
    found = rules.against(
        checks.colleague(colleague, occasion), managers_first=checks.managers_first(occasion)
    )
    if found:
        raise NotPossible(checks.in_words(found))
    with operation(
        "occasion.substitute", actor=actor_of(actor), reason=reason, subject=occasion.public_id
    ):
        row.by_hand = True
        withdraw(row, reason.strip())
        notices.withdrawn(occasion, [row])
        return _seat(occasion, theirs, colleague, row)


def _seat(
    occasion: Occasion, theirs: Invitation | None, colleague: Person, row: Invitation
) -> Invitation:
    course = row.participation.course_id if row.participation else None
    own = Participation.objects.ongoing().filter(person=colleague, course=course).first()
    seat = theirs or Invitation(occasion=occasion, person=colleague)
    seat.by_hand = True
    if seat.pk:
        give_back(seat, own.pk if own else None)
    else:
        seat.participation = own
        seat.save()
    # The seat's former holder was told already: so is its new one.
    if row.invited_at and notices.invited(occasion, [seat]):
        seat.invited_at = timezone.now()
        seat.save(update_fields=["invited_at"])
    return seat
