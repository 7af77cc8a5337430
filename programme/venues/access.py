"""Who sees venues and what participants need (R-081, R-082)."""

from django.db.models import F, Q, QuerySet

from people.access import below, held_by
from people.models import Capability, User
from programme.models import AdaptationNeed, Occasion, Venue


def venues_seen_by(user: User) -> QuerySet[Venue]:
    """Venues where the user arranges, or reads as auditor."""
    return Venue.objects.filter(
        below(user, Capability.ARRANGE, "district") | below(user, Capability.AUDIT, "district")
    )


def venues_booked_by(user: User) -> QuerySet[Venue]:
    """Venues that the user may book."""
    return Venue.objects.filter(below(user, Capability.ARRANGE, "district"), in_use=True)


def needs_arranged_by(user: User) -> QuerySet[AdaptationNeed]:
    """Standing needs of those the user arranges for; an auditor sees none of them."""
    return AdaptationNeed.objects.filter(
        below(user, Capability.ARRANGE, "participation__district")
        | Q(below(user, Capability.ARRANGE, "person__unit"), participation=None),
        erased_at=None,
    )


def may_see_needs_of(user: User, occasion: Occasion) -> bool:
    """Whoever arranges there, and the occasion's own trainers."""
    if held_by(user).covers(Capability.ARRANGE, occasion.district):
        return True
    teaches = held_by(user).can(Capability.TEACH)
    return teaches and occasion.trainers.filter(pk=user.pk).exists()


def needs_at(user: User, occasion: Occasion) -> QuerySet[AdaptationNeed]:
    """What those invited need, as far as the user may know: for this course, or in general."""
    if not may_see_needs_of(user, occasion):
        return AdaptationNeed.objects.none()
    return (
        AdaptationNeed.objects.filter(
            Q(participation=None) | Q(participation=F("person__invitations__participation")),
            person__invitations__occasion=occasion,
            person__invitations__withdrawn_at=None,
            erased_at=None,
        )
        .select_related("person__unit", "handled_by")
        .order_by("created_at", "pk")
    )
