"""Who may start which case type, from where, and who may see its answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from forms_app.models import Submission
from people.access import held_by
from people.models import Organisation, Person, User
from programme.case_types import rules
from programme.models import CaseSubmission, CaseType
from workflows.models import Case


@dataclass(frozen=True)
class Startable:
    """A case type that somebody may start now, and from which organisations."""

    case_type: CaseType
    organisations: Sequence[Organisation]


def startable(user: User) -> list[Startable]:
    """Everything the user may start today; three queries however many types there are."""
    types = list(CaseType.objects.open_on(timezone.localdate()).select_related("form", "workflow"))
    return _among(user, types) if types else []


def startable_type(user: User, key: str) -> Startable | None:
    """One type, if the user may start it today."""
    return next((one for one in startable(user) if one.case_type.key == key), None)


def places_for(user: User, case_type: CaseType) -> list[Organisation]:
    """The organisations that the user may start the type from, whether or not it is open."""
    found = _among(user, [case_type])
    return list(found[0].organisations) if found else []


def _among(user: User, types: Sequence[CaseType]) -> list[Startable]:
    person = Person.objects.filter(user=user).first() if any(t.everyone for t in types) else None
    held = held_by(user).assignments
    ids = {role.organisation_id for role in held} | ({person.unit_id} if person else set())
    organisations = Organisation.objects.in_bulk(ids) if ids else {}
    holdings = [
        rules.Holding(
            role.key,
            role.organisation_id,
            tuple(organisations[role.organisation_id].lineage),
        )
        for role in held
    ]
    unit = (
        rules.Holding("", person.unit_id, tuple(organisations[person.unit_id].lineage))
        if person
        else None
    )
    found = []
    for case_type in types:
        places = rules.places_to_start(
            holdings,
            starters=case_type.starters,
            within=case_type.within_id,
            own_unit=unit,
            everyone=case_type.everyone,
        )
        if places:
            found.append(Startable(case_type, [organisations[pk] for pk in places]))
    return found


def choosable_organisations(user: User, case_type: CaseType) -> QuerySet[Organisation]:
    """What organisation questions offer: where the user may start the type, and below."""
    places = [one.pk for one in places_for(user, case_type)]
    return Organisation.objects.valid_on(timezone.localdate()).below(places)


def choosable_persons(user: User, case_type: CaseType) -> QuerySet[Person]:
    """Whom person questions offer: those below where the user holds a role that may start it.

    Whoever starts it as an employee, without a role, finds only themselves.
    """
    roles = [
        role.organisation_id for role in held_by(user).assignments if role.key in case_type.starters
    ]
    places = {one.pk for one in places_for(user, case_type)}
    within = sorted(places.intersection(roles))
    # Q(pk__in=[]) matches nothing; an empty overlap would say the same less clearly.
    below = Q(unit__lineage__overlap=within) if within else Q(pk__in=[])
    return Person.objects.filter(below | Q(user=user))


def may_see_answers(user: User, submission: Submission) -> bool:
    """Whoever may see the case sees its answers, the files with them."""
    cases = Case.objects.visible_to(user)
    return CaseSubmission.objects.filter(submission=submission, case__in=cases).exists()
