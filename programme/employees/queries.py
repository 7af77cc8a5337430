"""The register as those who handle accounts see it."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from people.access import below
from people.models import Capability, Identity, Organisation, Person, User, employed_on
from people.ordering import by_name
from programme.employees.health import with_something_open
from programme.employees.units import ADMINISTRATIONS

LEFT, OPEN, ALL = "slutat", "kvar", "alla"


def employees_of(user: User) -> QuerySet[Person]:
    """Those who work where the user handles accounts, and are not merged into another.

    A name that was written down at an occasion is nobody of the register until it is joined.
    """
    return Person.objects.filter(
        below(user, Capability.MANAGE_ACCOUNTS, "unit"), merged_into=None, temporary=False
    )


def found(user: User, text: str, administration: str, left: str = "") -> QuerySet[Person]:
    """Employees by name, address or unit, and by administration; each with `has_number`.

    Those with a protected identity are found by nobody but those who may know them, since a
    list that answers to a name tells who has it.

    :param left: ``LEFT`` for those with a last day, ``OPEN`` for those among them whom something
        goes on for, ``ALL`` for everybody; else those who are employed today.
    """
    rows = employees_of(user).select_related("unit")
    rows = rows.annotate(has_number=Exists(Identity.objects.filter(person=OuterRef("pk"))))
    hidden = Q(protected=True) & ~below(user, Capability.SEE_PROTECTED, "unit")
    for word in text.split():
        rows = rows.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
            | Q(unit__name__icontains=word)
        ).exclude(hidden)
    if left == LEFT:
        rows = rows.exclude(last_day=None)
    elif left == OPEN:
        rows = with_something_open(rows.exclude(last_day=None))
    elif left != ALL:
        rows = rows.filter(employed_on(timezone.localdate()))
    if administration:
        chosen = Organisation.objects.filter(public_id=administration).first()
        rows = rows.filter(unit__lineage__contains=[chosen.pk]) if chosen else rows.none()
    return rows.order_by(*by_name(), "pk")


def administrations_of(user: User) -> QuerySet[Organisation]:
    """Today's administrations whose accounts the user handles."""
    rows = Organisation.objects.valid_on(timezone.localdate())
    return rows.filter(
        below(user, Capability.MANAGE_ACCOUNTS, ""), kind__in=ADMINISTRATIONS
    ).order_by("short_name")


def units_of(user: User) -> QuerySet[Organisation]:
    """Where the user may let somebody work: every organisation but the city itself."""
    rows = Organisation.objects.valid_on(timezone.localdate())
    return (
        rows.filter(below(user, Capability.MANAGE_ACCOUNTS, ""))
        .exclude(kind=Organisation.Kind.CITY)
        .order_by("lineage")
    )
