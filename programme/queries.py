"""Reads shaped for the pages; the number of queries never follows the number of rows."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.once import once_a_request
from people.access import below, held_by
from people.identity import born_of
from people.models import Capability, Organisation, Person, Sex, User
from programme import checks, figure_rules, rules
from programme.access import ADMINISTRATIONS
from programme.models import (
    Category,
    CategoryPlan,
    Nomination,
    NominationKind,
    Participation,
    Place,
    Programme,
    Quota,
    Setting,
    Wave,
)
from programme.settings_catalogue import CATALOGUE
from workflows.models import WorkItem

BEGUN = (Participation.State.STARTED, Participation.State.COMPLETED)


@once_a_request
def current_programme() -> Programme | None:
    """The programme that pages show, with its owner: the first, until a second is entered."""
    return Programme.objects.select_related("owner", "partner").order_by("pk").first()


def settings_on(programme: Programme, day: datetime.date) -> dict[str, Any]:
    """Every setting's value on the day, or what the catalogue takes for granted."""
    decided = (
        Setting.objects.filter(programme=programme, valid_from__lte=day)
        .order_by("key", "-valid_from")
        .distinct("key")
        .values_list("key", "value")
    )
    return {key: meaning.default for key, meaning in CATALOGUE.items()} | dict(decided)


@dataclass(frozen=True)
class Planned:
    """A category's planned numbers on a day."""

    persons: int
    hours_each: int
    # Since which day, for the rate that the plan was made with.
    since: datetime.date


def plans_on(programme: Programme, day: datetime.date) -> dict[int, Planned]:
    """Each category's plan on the day: the application's, or what was decided since."""
    found = {
        category.pk: Planned(
            category.planned_persons, category.planned_hours_each, programme.starts_on
        )
        for category in programme.categories.all()
    }
    for row in CategoryPlan.objects.filter(
        category__programme=programme, valid_from__lte=day
    ).order_by("valid_from"):
        found[row.category_id] = Planned(
            row.planned_persons, row.planned_hours_each, row.valid_from
        )
    return found


def administrations_for(user: User, capability: str) -> list[Organisation]:
    """The administrations above and below where the user holds the capability."""
    held = list(held_by(user).organisation_ids(capability))
    if not held:
        return []
    lineages = Organisation.objects.filter(pk__in=held).values_list("lineage", flat=True)
    above = {pk for lineage in lineages for pk in lineage}
    return list(
        Organisation.objects.filter(
            Q(pk__in=above) | Q(lineage__overlap=held), kind__in=ADMINISTRATIONS
        ).order_by("name")
    )


@dataclass(frozen=True)
class QuotaLine:
    """One quota with its meter."""

    district: Organisation
    category: Category
    meter: figure_rules.Meter


@dataclass(frozen=True)
class WaveCard:
    """A wave as a nominator sees it."""

    wave: Wave
    window: rules.Window
    lines: list[QuotaLine] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether nominations are taken today."""
        return self.window is rules.Window.OPEN


def wave_cards(districts: Sequence[Organisation], day: datetime.date) -> list[WaveCard]:
    """The waves that the administrations take part in, with their quotas filled so far."""
    ids = [district.pk for district in districts]
    quotas = list(
        Quota.objects.filter(organisation__in=ids)
        .select_related("wave", "category", "organisation")
        .order_by("wave__number", "organisation__name", "category_id")
    )
    filled = checks.meters(sorted({quota.wave_id for quota in quotas}), ids)
    cards: dict[int, WaveCard] = {}
    for quota in quotas:
        wave = quota.wave
        card = cards.setdefault(
            wave.pk, WaveCard(wave, rules.window_on(day, wave.opens_on, wave.closes_on))
        )
        meter = filled[(wave.pk, quota.organisation_id, quota.category_id)]
        card.lines.append(QuotaLine(quota.organisation, quota.category, meter))
    return list(cards.values())


def kinds_of(programme: Programme) -> list[NominationKind]:
    """The ways to nominate, in order."""
    return list(programme.kinds.select_related("category", "form", "workflow"))


@dataclass(frozen=True)
class Hours:
    """Planned hours of those nominated against the programme's plan."""

    nominated: int
    planned: int


def hours(programme: Programme) -> Hours:
    """26 hours for each nominated employee and 18 for each manager, against 28 520 in the plan."""
    plans = plans_on(programme, timezone.localdate())
    numbers = dict(
        Nomination.objects.live()
        .filter(kind__programme=programme, kind__uses_quota=True)
        .order_by()
        .values_list("category_id")
        .annotate(number=Count("pk"))
    )
    return Hours(
        figure_rules.planned_hours(
            (numbers.get(pk, 0), plan.hours_each) for pk, plan in plans.items()
        ),
        figure_rules.planned_hours((plan.persons, plan.hours_each) for plan in plans.values()),
    )


def gender(
    *, programme: Programme, day: datetime.date, districts: Sequence[Organisation] | None = None
) -> figure_rules.GenderBalance | None:
    """Women among the nominated whose sex is known; nothing when they are too few."""
    values = settings_on(programme, day)
    known = _nominated(programme, districts).aggregate(
        women=Count("pk", filter=Q(person__sex=Sex.WOMAN)),
        total=Count("pk", filter=~Q(person__sex="")),
    )
    return figure_rules.gender_balance(
        known["women"],
        known["total"],
        baseline_percent=int(values["women_share_percent"]),
        at_least=int(values["small_number_limit"]),
    )


def ages(
    *, programme: Programme, day: datetime.date, districts: Sequence[Organisation] | None = None
) -> tuple[figure_rules.AgeShare, ...]:
    """The ages of the nominated whose number is known, in bands; nothing when they are too few."""
    values = settings_on(programme, day)
    persons = list(_nominated(programme, districts).values_list("person", flat=True))
    return figure_rules.age_shares(
        (figure_rules.age_on(born, day) for born in born_of(persons).values()),
        under_30=int(values["workforce_under_30_percent"]),
        from_55=int(values["workforce_from_55_percent"]),
        at_least=int(values["small_number_limit"]),
    )


def _nominated(
    programme: Programme, districts: Sequence[Organisation] | None
) -> QuerySet[Nomination]:
    """What stands and counts against the quota, in the administrations if any are named."""
    found = Nomination.objects.live().filter(kind__programme=programme, kind__uses_quota=True)
    return found if districts is None else found.filter(district__in=districts)


def support_gaps(programme: Programme, day: datetime.date, units: Q) -> list[rules.Gap]:
    """Units where staff lack a manager or another key function; scope is a setting.

    :param units: which nominations to look at, by their ``unit``.
    """
    by_department = settings_on(programme, day)["support_chain_scope"] == "department"
    where = "unit__parent_id" if by_department else "unit_id"
    name = "unit__parent__name" if by_department else "unit__name"
    rows = (
        Nomination.objects.live()
        .filter(units, kind__programme=programme, kind__uses_quota=True)
        .order_by(name)
        .values_list(where, name)
        .annotate(
            staff=Count("pk", filter=Q(category__is_manager=False)),
            managers=Count("pk", filter=Q(category__is_manager=True)),
            keys=Count("pk", filter=Q(category__is_manager=False, key_function=True)),
        )
    )
    return rules.support_gaps([rules.Chain(*row) for row in rows])


def nominated_already(persons: QuerySet[Person], kind: NominationKind) -> dict[str, str]:
    """Those of the persons who are nominated to the kind, by public reference, and how it stands."""
    held = (Place.State.OFFERED, Place.State.ACCEPTED)
    rows = Nomination.objects.live().filter(kind=kind, person__in=persons.values("pk"))
    return {
        reference: _("has a place already") if state in held else _("nominated already")
        for reference, state in rows.values_list("person__public_id", "place__state")
    }


def gaps_for(user: User, programme: Programme, day: datetime.date) -> list[rules.Gap]:
    """The gaps in the units that the user nominates from."""
    return support_gaps(programme, day, below(user, Capability.NOMINATE, "unit"))


@dataclass(frozen=True)
class NominationFilter:
    """What the list of nominations is narrowed to."""

    wave: str = ""
    kind: str = ""
    state: str = ""


STATES: dict[str, Q] = {
    "waiting": Q(case__state="waiting"),
    "returned": Q(case__state="returned"),
    "reserve": Q(place__state=Place.State.RESERVE),
    "offered": Q(place__state=Place.State.OFFERED),
    "accepted": Q(place__state=Place.State.ACCEPTED),
    "ended": Q(live=False),
}


def nominations_for(user: User, wanted: NominationFilter) -> QuerySet[Nomination]:
    """Nominations that the user may see, newest first."""
    found = Nomination.objects.visible_to(user)
    if wanted.wave:
        found = found.filter(wave__public_id=wanted.wave)
    if wanted.kind:
        found = found.filter(kind__public_id=wanted.kind)
    if wanted.state in STATES:
        found = found.filter(STATES[wanted.state])
    waiting = WorkItem.objects.filter(closed_at=None).order_by("pk")
    return found.select_related(
        "person__unit", "unit", "district", "wave", "kind", "case", "place"
    ).prefetch_related(Prefetch("case__work_items", queryset=waiting, to_attr="waiting_items"))


@dataclass(frozen=True)
class PlaceFilter:
    """What the list of places is narrowed to."""

    wave: str = ""
    district: str = ""
    category: str = ""
    state: str = ""


def places_for(user: User, wanted: PlaceFilter) -> QuerySet[Place]:
    """Places that the user handles: quota by quota, those who hold one before the reserve list."""
    found = Place.objects.handled_by(user)
    if wanted.wave:
        found = found.filter(wave__public_id=wanted.wave)
    if wanted.district:
        found = found.filter(district__public_id=wanted.district)
    if wanted.category:
        found = found.filter(category__key=wanted.category)
    if wanted.state in Place.State.values:
        found = found.filter(state=wanted.state)
    return found.select_related(
        "wave",
        "district",
        "category",
        "nomination__person__unit",
        "nomination__case",
        "nomination__kind",
    ).order_by("wave__number", "district__name", "category_id", "-uses_quota", "reserve_rank", "pk")


@dataclass(frozen=True)
class Balance:
    """A category's quotas against its plan."""

    category: Category
    balance: figure_rules.QuotaBalance


def quota_balances(programme: Programme) -> list[Balance]:
    """The sum of all quotas against 1 000 and 140 (or whatever the plan says)."""
    categories = {category.key: category for category in programme.categories.order_by("pk")}
    plans = plans_on(programme, timezone.localdate())
    quotas = Quota.objects.filter(wave__programme=programme).values_list("category__key", "places")
    return [
        Balance(categories[balance.category], balance)
        for balance in figure_rules.quota_balance(
            {key: plans[category.pk].persons for key, category in categories.items()}, quotas
        )
    ]


def place_of(user: User) -> QuerySet[Place]:
    """The user's own places, newest first."""
    return (
        Place.objects.filter(nomination__person__user=user)
        .select_related(
            "wave",
            "district",
            "category",
            "nomination__person__unit",
            "nomination__kind",
            "nomination__case",
            "nomination__nominated_by",
        )
        .order_by("-pk")
    )


def overview(user: User, programme: Programme) -> dict[str, Any]:
    """The tiles that go with «my work»: one look at places, hours, balance and gaps."""
    day = timezone.localdate()
    districts = administrations_for(user, Capability.NOMINATE) or administrations_for(
        user, Capability.PLACE
    )
    cards = [card for card in wave_cards(districts, day) if card.is_open]
    return {
        "cards": cards,
        "left": sum(line.meter.left for card in cards for line in card.lines),
        "places": sum(line.meter.places for card in cards for line in card.lines),
        "hours": hours(programme),
        "balance": gender(programme=programme, day=day, districts=districts),
        "gaps": gaps_for(user, programme, day),
        "nominates": held_by(user).can(Capability.NOMINATE),
    }


def without_manager(participations: Iterable[Participation]) -> dict[int, str]:
    """Units of these staff where no manager has started, by key with their name (R-026).

    The short name, unless two units have it: administrations call theirs alike. One query. Note: reads ``unit`` and ``category``; select them.
    """
    staff = {p.unit_id: p.unit for p in participations if not p.category.is_manager}
    if not staff:
        return {}
    short = Counter(unit.short_name for unit in staff.values())
    units = {
        pk: (
            unit.short_name if unit.short_name and short[unit.short_name] == 1 else unit.name,
            unit.parent_id,
        )
        for pk, unit in staff.items()
    }
    above = [parent for _name, parent in units.values() if parent is not None]
    begun = Participation.objects.filter(
        category__is_manager=True, state__in=BEGUN, unit_id__in=[*units, *above]
    ).values_list("unit_id", flat=True)
    return rules.units_without_manager(units, frozenset(begun))
