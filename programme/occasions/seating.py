"""A seat for one person in a group's occasion, given by hand: how a missed unit is repaired."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import User, employed_on
from people.ordering import by_name
from programme.errors import ReasonNeeded, Refused
from programme.models import Group, Invitation, Occasion, Participation, SeatPlan
from programme.occasions import checks, rules
from programme.occasions.changing import lock
from programme.occasions.errors import NoSeat, NotPossible, Over
from programme.occasions.inviting import give_back, lock_persons
from programme.occasions.planning import ensure_arranges


def candidates(occasion: Occasion, actor: User) -> QuerySet[Participation]:
    """Those who take the group's course, where the actor arranges, and are not invited here."""
    if occasion.group is None:
        return Participation.objects.none()
    return (
        Participation.objects.arranged_by(actor)
        .ongoing()
        .filter(course=occasion.group.course_id, person__temporary=False, person__merged_into=None)
        .filter(employed_on(timezone.localdate(occasion.starts_at), "person__"))
        .exclude(person__in=_standing(occasion).values("person"))
        .select_related("person__unit")
        .order_by(*by_name("person__"), "pk")
    )


def _standing(occasion: Occasion) -> QuerySet[Invitation]:
    return Invitation.objects.filter(occasion=occasion, withdrawn_at=None)


@transaction.atomic
def invite_one(*, occasion_id: int, participation_id: int, reason: str, actor: User) -> Invitation:
    """Give a participant of the same course a seat in the occasion, whichever group they are in.

    They are sent the invitation as everyone else, and keep the seat when the group changes.

    :raises NoSeat: when the group or its room is full.
    :raises NotPossible: with everything that speaks against the person.
    """
    stay, occasion = _lock(participation_id, occasion_id)
    ensure_arranges(actor, occasion.district)
    if not says(reason):
        raise ReasonNeeded
    if occasion.group is None or SeatPlan.objects.filter(occasion=occasion).exists():
        raise Refused(_("People register for this occasion: give seats on the page for that."))
    if not checks.is_ahead(occasion):
        raise Over
    lock_persons({stay.person_id})
    ensure_arranges(actor, stay.district)
    _ensure_takes(occasion.group, stay)
    row = Invitation.objects.filter(occasion=occasion, person=stay.person).first()
    if row is not None and row.withdrawn_at is None:
        raise Refused(_("The person is already invited. Nothing was changed."))
    if checks.seats_left(occasion) == 0:
        raise NoSeat
    found = rules.against(
        checks.colleague(stay.person, occasion), managers_first=checks.managers_first(occasion)
    )
    if found:
        raise NotPossible(checks.in_words(found))
    seat = row or Invitation(occasion=occasion, person=stay.person)
    seat.by_hand = True
    with operation(
        "occasion.seat", actor=actor_of(actor), reason=reason, subject=occasion.public_id
    ):
        if row is None:
            seat.participation = stay
            seat.save()
        else:
            give_back(seat, stay.pk)
    return seat


def _lock(participation_id: int, occasion_id: int) -> tuple[Participation, Occasion]:
    """The participation first, as whoever places or ends it does; then the group, then the occasion."""
    stay = (
        Participation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person", "district")
        .get(pk=participation_id)
    )
    return stay, lock(occasion_id)


def _ensure_takes(group: Group, stay: Participation) -> None:
    """Raise unless the person still takes the course that the group takes."""
    taking = stay.state in (Participation.State.ADMITTED, Participation.State.STARTED)
    if not taking or stay.course_id != group.course_id or stay.person.temporary:
        raise Refused(
            _("Only somebody who takes the same course can have the seat. Nothing was changed.")
        )
