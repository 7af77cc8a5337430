"""A small city for this room's tests: two administrations, their managers and staff."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

import people.setup
from audit.operations import operation
from people import organisations
from people.actions import create_person, store_identity
from people.demo import with_check_digit
from people.models import Organisation, Person, RoleAssignment, User
from programme.actions.nominate import nominate
from programme.models import Category, Nomination, NominationKind, Place, Programme, Quota, Wave
from programme.setup import load_programme
from workflows.actions import decide
from workflows.models import WorkItem

LONG_AGO = datetime.date(2025, 1, 1)


@dataclass
class World:
    """Everything a test needs by name."""

    programme: Programme
    wave: Wave
    farsta: Organisation
    skarholmen: Organisation
    unit: Organisation
    other_unit: Organisation
    chief: User
    head: User
    other_chief: User
    administrator: User
    auditor: User
    staff: list[Person]
    managers: list[Person]
    others: list[Person]
    kinds: dict[str, NominationKind] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)


def account(name: str, role: str, organisation: Organisation) -> User:
    """An account that holds the role for the organisation."""
    user = User.objects.create_user(
        f"{name}@example.org", "a long password", first_name=name.capitalize(), last_name="Test"
    )
    RoleAssignment.objects.create(
        user=user, role_id=role, organisation=organisation, valid_from=LONG_AGO
    )
    return user


def unit_in(district: Organisation, code: str) -> Organisation:
    """A unit right under the administration."""
    return organisations.add(
        parent=district,
        code=code,
        name=f"Enheten {code}",
        short_name=code,
        kind=Organisation.Kind.UNIT,
        valid_from=LONG_AGO,
    )


def person_in(unit: Organisation, number: int, **extra: Any) -> Person:
    """An employee of the unit, with an identity number nobody is given."""
    person = create_person(
        first_name=f"Förnamn{number}",
        last_name=f"Efternamn{number}",
        unit=unit,
        actor=None,
        email=extra.pop("email", f"person{number}@example.org"),
        **extra,
    )
    store_identity(person=person, number=number_of(number), actor=None)
    return person


def number_of(number: int) -> str:
    """The identity number of the person with that number."""
    born = datetime.date(1970, 1, 1) + datetime.timedelta(days=number)
    return with_check_digit(f"{born:%Y%m%d}980")


@transaction.atomic
def build_world(*, staff: int = 6, identities: bool = True) -> World:
    """Two administrations that nominate in an open first wave."""
    with operation("test.world"):
        people.setup.load_organisations()
        people.setup.load_roles()
        people.setup.load_notices()
        city = Organisation.objects.get(code=people.setup.CITY)
        farsta = Organisation.objects.get(code="farsta")
        skarholmen = Organisation.objects.get(code="skarholmen")
        administrator = account("administrator", "administrator", city)
        auditor = account("revisor", "revisor", city)
        for district in Organisation.objects.filter(kind=Organisation.Kind.DISTRICT):
            if district not in (farsta, skarholmen):
                account(f"avdelningschef.{district.code}", "avdelningschef", district)
        unit, other_unit = unit_in(farsta, "f1"), unit_in(skarholmen, "s1")
        chief = account("chef", "enhetschef", unit)
        head = account("avdelningschef", "avdelningschef", farsta)
        other_chief = account("annanchef", "enhetschef", other_unit)
        account("annanavdelningschef", "avdelningschef", skarholmen)
        programme = load_programme(actor=administrator)
        return World(
            programme=programme,
            wave=programme.waves.get(number=1),
            farsta=farsta,
            skarholmen=skarholmen,
            unit=unit,
            other_unit=other_unit,
            chief=chief,
            head=head,
            other_chief=other_chief,
            administrator=administrator,
            auditor=auditor,
            staff=[person_in(unit, n) for n in range(1, staff + 1)],
            managers=[person_in(unit, 900 + n, is_manager=True) for n in range(3)],
            others=[person_in(other_unit, 1000 + n) for n in range(3)],
            kinds={kind.key: kind for kind in programme.kinds.select_related("category")},
            categories={category.key: category for category in programme.categories.all()},
        )


def answers_for(person: Person, kind: str = "medarbetare", **extra: Any) -> dict[str, Any]:
    """Raw answers that pass the form's checks."""
    raw: dict[str, Any] = {
        "person": person.public_id,
        "motivation": "Enheten behöver kunskapen i sitt dagliga arbete.",
        "priority": "1",
        "released_time": "yes",
    }
    if kind == "medarbetare":
        raw |= {"key_function": "no", "service_area": "ifo", "needs": ["samtal"]}
    elif kind == "chef":
        raw |= {"service_area": "ifo", "needs": ["forandring"]}
    else:
        raw |= {"spread": "Genom handledning varje vecka."}
    return raw | extra


def nominated(
    world: World,
    person: Person,
    kind: str = "medarbetare",
    *,
    actor: User | None = None,
    **extra: Any,
) -> Nomination:
    """The person nominated, waiting for the department head."""
    return nominate(
        wave=world.wave,
        kind=world.kinds[kind],
        raw=answers_for(person, kind, **extra),
        actor=actor or world.chief,
    )


def approve_step(nomination: Nomination, actor: User) -> None:
    """Approve the step that waits."""
    waiting = WorkItem.objects.get(case=nomination.case, closed_at=None)
    decide(
        case_id=nomination.case_id,
        step_key=waiting.step_key,
        round=waiting.round,
        verdict="approve",
        actor=actor,
    )


def approved(
    world: World, person: Person, kind: str = "medarbetare", *, by: User | None = None
) -> Place:
    """The person nominated and approved all the way; returns the place."""
    nomination = nominated(world, person, kind)
    approve_step(nomination, world.head)
    approve_step(nomination, by or world.administrator)
    return Place.objects.get(nomination=nomination)


def quota(world: World, places: int, kind: str = "medarbetare") -> Quota:
    """Give Farsta exactly so many places."""
    with transaction.atomic(), operation("test.quota"):
        found = Quota.objects.get(
            wave=world.wave, organisation=world.farsta, category=world.kinds[kind].category
        )
        found.places = places
        found.save()
    return found


def today() -> datetime.date:
    """The day that windows are counted from."""
    return timezone.localdate()
