"""Who sees which occasions."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from people.access import below, held_by
from people.models import Capability, User
from programme.models import Invitation, Occasion
from programme.views.base import user_of


def seen_by(user: User) -> QuerySet[Occasion]:
    """Occasions where the user arranges, or reads as auditor."""
    return Occasion.objects.filter(
        below(user, Capability.ARRANGE, "district") | below(user, Capability.AUDIT, "district")
    )


def taught_by(user: User) -> QuerySet[Occasion]:
    """The user's own occasions, as long as they hold a trainer's role (R-081)."""
    if not held_by(user).can(Capability.TEACH):
        return Occasion.objects.none()
    return Occasion.objects.taught_by(user)


def invitation_of(user: User, occasion: str) -> Invitation | None:
    """The user's own invitation to the occasion, withdrawn or not."""
    return (
        Invitation.objects.filter(person__user=user, occasion__public_id=occasion)
        .select_related("occasion__district", "occasion__group", "occasion__unit", "person")
        .first()
    )


def reader(request: HttpRequest) -> User:
    """Whoever arranges, or reads as auditor; to others the page does not exist."""
    user = user_of(request)
    held = held_by(user)
    if not (held.can(Capability.ARRANGE) or held.can(Capability.AUDIT)):
        raise Http404
    return user
