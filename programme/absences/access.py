"""Who handles absences: those who check hours, for the staff they check."""

from django.db.models import Q, QuerySet

from people.access import below, held_by
from people.models import Capability, Person, User
from programme.errors import NotAllowed
from programme.models import Absence


def persons_of(user: User) -> QuerySet[Person]:
    """Whose absences the user may take in."""
    return Person.objects.filter(below(user, Capability.CHECK_HOURS, "unit"), merged_into=None)


def absences_of(user: User) -> QuerySet[Absence]:
    """The absences that the user handles."""
    reach: Q = below(user, Capability.CHECK_HOURS, "person__unit")
    return Absence.objects.filter(reach)


def ensure_handles(user: User) -> None:
    """Raise unless the user checks hours anywhere."""
    if not held_by(user).can(Capability.CHECK_HOURS):
        raise NotAllowed
