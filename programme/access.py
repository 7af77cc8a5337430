"""Who may nominate whom, handle which places and change the programme."""

from django.db.models import QuerySet
from django.utils import timezone

from forms_app.models import Submission
from people.access import below, held_by
from people.models import Capability, Organisation, Person, User
from programme.errors import NotAllowed
from programme.models import Nomination
from workflows.models import Case

ADMINISTRATIONS = (Organisation.Kind.DISTRICT, Organisation.Kind.CITY_WIDE)


def nominable_persons(user: User) -> QuerySet[Person]:
    """Persons in units that the user may nominate from."""
    return Person.objects.filter(below(user, Capability.NOMINATE, "unit"))


def nominating_organisations(user: User) -> QuerySet[Organisation]:
    """Organisations that the user may nominate from, as they are today."""
    today = timezone.localdate()
    held = held_by(user).organisation_ids(Capability.NOMINATE)
    return Organisation.objects.valid_on(today).below(list(held))


def may_see_answers(user: User, submission: Submission) -> bool:
    """Whoever may see the nomination's case sees its answers, the files with them."""
    cases = Case.objects.visible_to(user)
    return Nomination.objects.filter(submission=submission, case__in=cases).exists()


def ensure_may_nominate(user: User, person: Person) -> None:
    """Raise unless the user may nominate from the person's unit."""
    if not held_by(user).covers(Capability.NOMINATE, person.unit):
        raise NotAllowed


def ensure_handles_places(user: User, district: Organisation) -> None:
    """Raise unless the user handles the administration's places."""
    if not held_by(user).covers(Capability.PLACE, district):
        raise NotAllowed


def ensure_manages_programme(user: User) -> None:
    """Raise unless the user may change waves and quotas."""
    if not held_by(user).can(Capability.MANAGE_PROGRAMME):
        raise NotAllowed


def administration_of(unit: Organisation) -> Organisation | None:
    """The administration that the unit belongs to; its quota is the one that counts."""
    if unit.kind in ADMINISTRATIONS:
        return unit
    return Organisation.objects.filter(pk__in=unit.lineage, kind__in=ADMINISTRATIONS).first()


def administrations_of(units: list[Organisation]) -> dict[int, Organisation]:
    """The administration of each unit by the unit's key, in one query."""
    ids = {pk for unit in units for pk in unit.lineage}
    found = {
        organisation.pk: organisation
        for organisation in Organisation.objects.filter(pk__in=ids, kind__in=ADMINISTRATIONS)
    }
    return {unit.pk: found[pk] for unit in units for pk in (*unit.lineage, unit.pk) if pk in found}
