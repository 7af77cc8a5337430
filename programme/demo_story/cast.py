"""Who takes part: the employees there are, and as many more as the quotas have places for."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet, Sum

from people.demo import ROLES_OF_AREA, add_employees, open_accounts
from people.models import Organisation, Person
from programme.demo_story.plan import MANAGERS, SERIES
from programme.models import Category, Nomination, Participation, Programme, Quota

KEY_ROLES = ("gruppledare", "samordnare", "verksamhetsutvecklare")
# A visitor nominates from here: so many of its first unit are left out of the story.
LEFT_FREE = "farsta"
FREE = 8
# The participants whose accounts stand in the README.
PARTICIPANT = "deltagare."


@dataclass(frozen=True)
class Member:
    """Someone who takes part, and the administration whose place it is."""

    person: Person
    district: Organisation
    # The wave in which the administration has that place.
    wave: int

    @property
    def key_function(self) -> bool:
        """Whether the job makes them one of the key functions of the unit."""
        return self.person.job_role in KEY_ROLES


@dataclass
class Cast:
    """Everybody of one copy of the story, in the order of the waves."""

    members: dict[str, list[Member]] = field(default_factory=dict)

    def all(self) -> list[Member]:
        """Managers and employees."""
        return [one for members in self.members.values() for one in members]


@dataclass(frozen=True)
class _District:
    organisation: Organisation
    units: Sequence[Organisation]
    persons: Sequence[Person]


def gather(programme: Programme, copy: int, groups: dict[str, int], size: int) -> Cast:
    """Find, and where they do not suffice invent, the members of so many groups.

    :param copy: 0 takes those whom the demo has; further ones invent everybody.
    :param groups: number of groups by course.
    """
    seed = f"story/{copy}"
    draw = random.Random(seed)
    districts = _districts(programme, first=copy == 0)
    wanted: list[tuple[_District, str, int]] = []
    found: dict[tuple[int, str], list[Person]] = {}
    left = {course: count * size for course, count in groups.items()}
    places = _places(programme, untaken=copy == 0)
    for district in districts:
        for course, is_manager in ((MANAGERS, True), (SERIES, False)):
            number = min(places[district.organisation.pk, is_manager], left[course])
            left[course] -= number
            free = [one for one in district.persons if one.is_manager == is_manager][:number]
            found[district.organisation.pk, course] = free
            wanted.append((district, course, number - len(free)))
    _invent(wanted, found, draw, seed)
    cast = Cast(
        {
            course: list(_in_order_of_waves(programme, districts, found, course, is_manager))
            for course, is_manager in ((MANAGERS, True), (SERIES, False))
        }
    )
    open_accounts([one.person for one in cast.all()], seed=f"{seed}/accounts")
    return cast


def _in_order_of_waves(
    programme: Programme,
    districts: Sequence[_District],
    found: dict[tuple[int, str], list[Person]],
    course: str,
    is_manager: bool,
) -> Iterator[Member]:
    """The members as their administrations' places come: wave by wave."""
    quotas = Quota.objects.filter(
        wave__programme=programme, category__is_manager=is_manager
    ).select_related("wave")
    places = {(one.wave.number, one.organisation_id): one.places for one in quotas}
    waiting = {one.organisation.pk: list(found[one.organisation.pk, course]) for one in districts}
    waves = sorted({wave for wave, _district in places})
    for wave in waves:
        for district in districts:
            people = waiting[district.organisation.pk]
            # What the last wave cannot hold goes with it: other persons have taken its places.
            number = (
                len(people)
                if wave == waves[-1]
                else places.get((wave, district.organisation.pk), 0)
            )
            for person in people[:number]:
                yield Member(person, district.organisation, wave)
            del people[:number]


def _places(programme: Programme, *, untaken: bool) -> dict[tuple[int, bool], int]:
    """Places of each administration.

    :param untaken: less those that the nominations of the demo have taken; further copies
        are as large as the first one, whose members have nearly all the places.
    """
    managers = {category.pk: category.is_manager for category in Category.objects.all()}
    places = {
        (row["organisation"], managers[row["category"]]): row["sum"]
        for row in Quota.objects.filter(wave__programme=programme)
        .values("organisation", "category")
        .annotate(sum=Sum("places"))
    }
    if not untaken:
        return places
    taken = Participation.objects.filter(place__isnull=False, course__programme=programme)
    for district, category in taken.values_list("district", "category"):
        places[district, managers[category]] -= 1
    return places


def _districts(programme: Programme, *, first: bool) -> list[_District]:
    """The administrations in the order of their first wave, with units and free employees."""
    order = Quota.objects.filter(wave__programme=programme).order_by(
        "wave__number", "organisation__code"
    )
    ids = list(dict.fromkeys(order.values_list("organisation", flat=True)))
    organisations = Organisation.objects.in_bulk(ids)
    units = list(Organisation.objects.filter(kind=Organisation.Kind.UNIT).order_by("pk"))
    persons = list(_free_persons().select_related("unit")) if first else []
    found = []
    for pk in ids:
        own = [unit for unit in units if pk in unit.lineage]
        known = {unit.pk for unit in own}
        here = [person for person in persons if person.unit_id in known]
        if organisations[pk].code == LEFT_FREE:
            here = _with_some_left(here, own[0])
            own = own[1:]
        found.append(_District(organisations[pk], own, _accounts_last(here)))
    return found


def _with_some_left(persons: Sequence[Person], unit: Organisation) -> list[Person]:
    """Without the first employees of the unit: those a visitor nominates."""
    there = [person for person in persons if person.unit_id == unit.pk and not _is_known(person)]
    left = {person.pk for person in there[:FREE]}
    return [person for person in persons if person.pk not in left]


def _accounts_last(persons: Sequence[Person]) -> list[Person]:
    """Whoever visitors sign in as comes last, so that their group is under way the longest."""
    return sorted(persons, key=_is_known)


def _is_known(person: Person) -> bool:
    return person.email.startswith(PARTICIPANT)


def _free_persons() -> QuerySet[Person]:
    nominated = Nomination.objects.live().values("person")
    return Person.objects.filter(temporary=False).exclude(pk__in=nominated).order_by("pk")


def _invent(
    wanted: list[tuple[_District, str, int]],
    found: dict[tuple[int, str], list[Person]],
    draw: random.Random,
    seed: str,
) -> None:
    jobs: list[tuple[Organisation, str, bool]] = []
    owners: list[tuple[int, str]] = []
    for district, course, number in wanted:
        for turn in range(number):
            unit = district.units[turn % len(district.units)]
            manager = course == MANAGERS
            job = (
                "biträdande enhetschef"
                if manager
                else draw.choice(ROLES_OF_AREA[unit.service_area])
            )
            jobs.append((unit, job, manager))
            owners.append((district.organisation.pk, course))
    for owner, person in zip(owners, add_employees(jobs, seed=seed), strict=True):
        found[owner].append(person)
