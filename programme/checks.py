"""Gathers what the rules need to know of persons: the wizard and the import ask here alike."""

import datetime
from collections.abc import Sequence

from django.db.models import Count, Q

from people.models import Organisation, Person
from programme import figure_rules, rules
from programme.access import administrations_of
from programme.models import Nomination, NominationKind, Place, Quota, Wave

# Wave, administration and category by their keys: what a quota is for.
Where = tuple[int, int, int]


def terms_of(wave: Wave, kind: NominationKind, day: datetime.date) -> rules.Terms:
    """The wave's and the kind's terms on the day."""
    districts = Quota.objects.filter(wave=wave).values_list("organisation_id", flat=True)
    return rules.Terms(
        day=day,
        opens_on=wave.opens_on,
        closes_on=wave.closes_on,
        district_ids=frozenset(districts),
        for_managers=kind.category.is_manager,
        key_functions_only=kind.key_functions_only,
        uses_quota=kind.uses_quota,
        managers_first=rules.ManagersFirst(wave.managers_first),
    )


def meters(
    wave_ids: Sequence[int], district_ids: Sequence[int] | None = None
) -> dict[Where, figure_rules.Meter]:
    """How full each quota of the waves is; three queries."""
    quotas = Quota.objects.filter(wave__in=wave_ids)
    if district_ids is not None:
        quotas = quotas.filter(organisation_id__in=district_ids)
    waiting = {
        (wave, district, category): number
        for wave, district, category, number in Nomination.objects.live()
        .filter(wave__in=wave_ids, kind__uses_quota=True, place=None)
        .order_by()
        .values_list("wave_id", "district_id", "category_id")
        .annotate(number=Count("pk"))
    }
    held = {
        (wave, district, category): (approved, reserve)
        for wave, district, category, approved, reserve in Place.objects.filter(
            wave__in=wave_ids, uses_quota=True
        )
        .values_list("wave_id", "district_id", "category_id")
        .annotate(
            approved=Count("pk", filter=Q(state__in=[Place.State.OFFERED, Place.State.ACCEPTED])),
            reserve=Count("pk", filter=Q(state=Place.State.RESERVE)),
        )
    }
    return {
        (wave, district, category): figure_rules.Meter(
            places,
            waiting.get((wave, district, category), 0),
            *held.get((wave, district, category), (0, 0)),
        )
        for wave, district, category, places in quotas.values_list(
            "wave_id", "organisation_id", "category_id", "places"
        )
    }


def candidates(
    persons: Sequence[Person],
    *,
    wave: Wave,
    kind: NominationKind,
    key_functions: frozenset[int] = frozenset(),
    except_nomination: int | None = None,
) -> dict[int, rules.Candidate]:
    """What the rules need of each person, in the same few queries for one as for thousands.

    :param key_functions: persons that the answers say are key functions.
    :param except_nomination: the nomination being completed, which is no duplicate of itself.
    """
    ids = [person.pk for person in persons]
    units = {person.unit_id: person.unit for person in persons}
    districts = administrations_of(list(units.values()))
    live = Nomination.objects.live()
    if except_nomination is not None:
        live = live.exclude(pk=except_nomination)
    twice = dict(live.filter(person__in=ids, kind=kind).values_list("person_id", "district_id"))
    in_series = set(
        live.filter(person__in=ids, key_function=True, kind__uses_quota=True).values_list(
            "person_id", flat=True
        )
    )
    with_manager = set(
        live.filter(unit__in=units, category__is_manager=True).values_list("unit_id", flat=True)
    )
    filled = meters([wave.pk], [district.pk for district in districts.values()])
    return {
        person.pk: rules.Candidate(
            district_id=districts[person.unit_id].pk if person.unit_id in districts else None,
            employed_by_the_city=person.publicly_employed,
            is_manager=person.is_manager,
            key_function=person.pk in key_functions,
            nominated_by_district_id=twice.get(person.pk),
            key_function_in_the_series=person.pk in in_series,
            manager_in_the_project=person.unit_id in with_manager,
            last_day=person.last_day,
            places_left=_left(filled, wave, districts.get(person.unit_id), kind),
        )
        for person in persons
    }


def _left(
    filled: dict[Where, figure_rules.Meter],
    wave: Wave,
    district: Organisation | None,
    kind: NominationKind,
) -> int | None:
    if district is None:
        return None
    meter = filled.get((wave.pk, district.pk, kind.category_id))
    return meter.left if meter else None


def problems_with(
    person: Person,
    *,
    wave: Wave,
    kind: NominationKind,
    key_function: bool,
    day: datetime.date,
    except_nomination: int | None = None,
) -> list[rules.Problem]:
    """What speaks against nominating this one person."""
    found = candidates(
        [person],
        wave=wave,
        kind=kind,
        key_functions=frozenset([person.pk] if key_function else []),
        except_nomination=except_nomination,
    )
    return rules.check_nomination(terms_of(wave, kind, day), found[person.pk])
