"""Who sees and handles which registrations."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from people.access import below, held_by
from people.models import Capability, Organisation, Person, User, employed_on
from people.ordering import by_name
from programme.errors import NotAllowed
from programme.models import Occasion, Participation, Registration, SeatPlan


def person_of(user: User) -> Person | None:
    """The person behind the account."""
    return Person.objects.select_related("unit").filter(user=user).first()


def plan_of(occasion: str) -> SeatPlan | None:
    """The occasion's seat plan, if it has one; whoever has signed in may see that it does."""
    return (
        SeatPlan.objects.select_related(
            "occasion__programme", "occasion__district", "occasion__unit", "needs_unit", "workflow"
        )
        .filter(occasion__public_id=occasion)
        .first()
    )


def may_look(user: User) -> bool:
    """Whether the account belongs to a person, or reads occasions as staff."""
    held = held_by(user)
    return (
        held.can(Capability.ARRANGE)
        or held.can(Capability.AUDIT)
        or Person.objects.filter(user=user).exists()
    )


def read_by(user: User) -> QuerySet[Occasion]:
    """Open occasions whose registrations the user reads: where they arrange, or as auditor."""
    return Occasion.objects.filter(
        below(user, Capability.ARRANGE, "district") | below(user, Capability.AUDIT, "district"),
        group=None,
    )


def ensure_arranges(actor: User, district: Organisation) -> None:
    """Raise unless the actor arranges occasions there."""
    if not held_by(actor).covers(Capability.ARRANGE, district):
        raise NotAllowed


def colleagues_for(row: Registration, viewer: User) -> QuerySet[Person]:
    """Persons of the same unit in the project who have no seat; protected ones only to those who may see."""
    taken = Registration.objects.filter(plan=row.plan_id, state__in=Registration.HOLDING)
    found = (
        Person.objects.filter(
            employed_on(timezone.localdate()),
            unit=row.person.unit_id,
            temporary=False,
            merged_into=None,
            participations__in=Participation.objects.filter(
                course__programme=row.plan.occasion.programme_id
            ).exclude(state=Participation.State.DROPPED),
        )
        .exclude(pk__in=taken.values("person"))
        .select_related("unit", "user")
        .distinct()
    )
    if held_by(viewer).covers(Capability.SEE_PROTECTED, row.person.unit):
        return found
    return found.filter(protected=False)


def participants_for(plan: SeatPlan, text: str, viewer: User) -> QuerySet[Person]:
    """Those admitted to the programme that a search finds, for staff who enter by hand.

    Nobody is found whose name is hidden from the viewer: the search would tell it.
    """
    words = text.split()[:4]
    wanted = Q()
    for word in words:
        wanted &= (
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__iexact=word)
        )
    hidden = Q(protected=True) & ~below(viewer, Capability.SEE_PROTECTED, "unit")
    return (
        Person.objects.filter(
            wanted,
            employed_on(timezone.localdate()),
            temporary=False,
            merged_into=None,
            participations__in=Participation.objects.filter(
                course__programme=plan.occasion.programme_id
            ).exclude(state=Participation.State.DROPPED),
        )
        .exclude(hidden)
        .select_related("unit", "user")
        .distinct()
        .order_by(*by_name(), "pk")
    )
