"""From an accepted place to a participation, and back when the place is lost (R-079)."""

from django.utils import timezone

from people.models import User
from programme.models import Course, LeavingReason, Membership, Participation, Place
from programme.occasions.inviting import follow_group, withdraw_by_hand


def admit(*, place: Place, actor: User) -> Participation | None:
    """The participation that an accepted place leads to; asking twice gives the same one.

    Runs inside the caller's transaction and operation. Nothing when no course in use takes
    this kind of nomination.

    :param actor: whoever answered; kept by the caller's operation.
    """
    existing = Participation.objects.filter(place=place).first()
    if existing is not None:
        return existing
    nomination = place.nomination
    course = Course.objects.filter(kind=nomination.kind_id, in_use=True).first()
    if course is None:
        return None
    taking = (
        Participation.objects.select_for_update()
        .filter(person=nomination.person_id, course=course)
        .exclude(state=Participation.State.DROPPED)
        .first()
    )
    if taking is not None:
        # Admitted by staff before the place was accepted: one participation, now with its place.
        if taking.place_id is None:
            taking.place = place
            taking.save(update_fields=["place"])
        return taking
    return Participation.objects.create(
        person_id=nomination.person_id,
        course=course,
        place=place,
        category_id=place.category_id,
        unit_id=nomination.unit_id,
        district_id=place.district_id,
        key_function=nomination.key_function,
        admitted_on=timezone.localdate(),
    )


def drop(*, place: Place, reason: str, actor: User) -> Participation | None:
    """End the participation of a lost place with its reason; hours and history stay.

    Runs inside the caller's transaction and operation. One that is completed is left alone.

    :param actor: whom the invitations that fall away are withdrawn by.
    """
    participation = Participation.objects.select_for_update().ongoing().filter(place=place).first()
    if participation is None:
        return None
    end(participation, reason, actor)
    return participation


def end(
    participation: Participation, reason: str, actor: User, kind: LeavingReason | None = None
) -> None:
    """Mark a locked participation as left early today, and its time in a group as over.

    :param kind: what the leaving is counted as; nothing when a place was lost.
    """
    today = timezone.localdate()
    participation.state = Participation.State.DROPPED
    participation.ended_on = max(today, participation.started_on or today)
    participation.end_reason = reason
    participation.leaving_reason = kind
    participation.save(update_fields=["state", "ended_on", "end_reason", "leaving_reason"])
    for membership in Membership.objects.select_for_update().filter(
        participation=participation, to_date=None
    ):
        membership.to_date = max(today, membership.from_date)
        membership.reason = reason
        membership.save(update_fields=["to_date", "reason"])
        follow_group(group_id=membership.group_id, actor=actor, reason=reason)
    withdraw_by_hand(participation.pk, reason)
