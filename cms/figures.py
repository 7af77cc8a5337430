"""Figures and facts for the public pages: counts only, never persons, never constants."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from core.figures import percent
from people.models import Organisation
from programme.models import Nomination, Place, Programme, Wave
from programme.queries import current_programme, plans_on


@dataclass(frozen=True)
class Progress:
    """How far the project has come, against what was planned."""

    planned_persons: int
    planned_hours: int
    districts: int
    nominated: int
    accepted: int
    districts_started: int
    ends_year: int


@dataclass(frozen=True)
class WaveLine:
    """A wave that is open or to come, and the districts in it."""

    name: str
    opens_on: datetime.date
    closes_on: datetime.date
    is_open: bool
    districts: tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """One row of the listing."""

    label: str
    value: str


@dataclass(frozen=True)
class Indicator:
    """What a goal is measured by."""

    key: str
    text: str
    target: str


@dataclass(frozen=True)
class Goal:
    """A goal of the project with its indicators."""

    number: int
    level: str
    text: str
    indicators: tuple[Indicator, ...]


def progress() -> Progress | None:
    """Counts over the whole programme; None until there is one."""
    programme = current_programme()
    if programme is None:
        return None
    planned = plans_on(programme, timezone.localdate()).values()
    districts = Organisation.objects.filter(kind=Organisation.Kind.DISTRICT)
    nominated = Nomination.objects.live().filter(wave__programme=programme)
    counted = nominated.aggregate(
        persons=Count("person", distinct=True), districts=Count("district", distinct=True)
    )
    return Progress(
        planned_persons=sum(plan.persons for plan in planned),
        planned_hours=sum(plan.persons * plan.hours_each for plan in planned),
        districts=districts.valid_on(timezone.localdate()).count(),
        nominated=counted["persons"],
        accepted=Place.objects.filter(
            wave__programme=programme, state=Place.State.ACCEPTED
        ).count(),
        districts_started=counted["districts"],
        ends_year=programme.ends_on.year,
    )


def coming_waves(at_most: int = 3) -> list[WaveLine]:
    """The waves that take nominations now or next, soonest first."""
    today = timezone.localdate()
    waves = (
        Wave.objects.filter(closes_on__gte=today)
        .order_by("opens_on", "number")
        .prefetch_related("quotas__organisation")[:at_most]
    )
    return [
        WaveLine(
            name=wave.name,
            opens_on=wave.opens_on,
            closes_on=wave.closes_on,
            is_open=wave.opens_on <= today,
            districts=tuple(sorted({q.organisation.short_name for q in wave.quotas.all()})),
        )
        for wave in waves
    ]


def facts(programme: Programme) -> list[Fact]:
    """The programme as the European list of operations names it (R-008, R-009)."""
    owner, partner = programme.owner, programme.partner
    rows = [
        (_("Name of the project"), programme.name),
        (_("Record number"), programme.record_number),
        (_("Project owner"), _with_number(owner)),
        (_("Partner"), _with_number(partner) if partner else ""),
        (_("Starts"), programme.starts_on.isoformat()),
        (_("Ends"), programme.ends_on.isoformat()),
        (_("Date of the budget"), programme.budget_date.isoformat()),
        (_("Fund"), programme.fund),
        (_("Programme (CCI)"), programme.cci),
        (_("Programme area"), programme.programme_area),
        (_("Specific objective"), programme.specific_objective),
        (_("Type of intervention"), programme.intervention_type),
        (
            _("Rate of support from the European Union"),
            _whole_percent(programme.union_rate_percent),
        ),
        (_("Region"), programme.region),
        (_("NUTS 2"), programme.nuts2),
        (_("Country"), programme.country),
    ]
    return [Fact(label, value) for label, value in rows if value]


def _whole_percent(value: Decimal) -> str:
    return percent(value, 0 if value == value.to_integral_value() else 2)


def _with_number(organisation: Organisation) -> str:
    """The name with its organisation number, or that of the city it belongs to."""
    number = organisation.organisation_number
    if not number:
        above = Organisation.objects.filter(pk__in=organisation.lineage)
        numbers = above.exclude(organisation_number="").values_list(
            "organisation_number", flat=True
        )
        number = numbers.first() or ""
    return f"{organisation.name}, {number}" if number else organisation.name


def goals(programme: Programme) -> list[Goal]:
    """The goals in order, each with the indicators that measure it."""
    return [
        Goal(
            number=goal["no"],
            level=goal.get("level", ""),
            text=goal["text"],
            indicators=tuple(
                Indicator(row["key"], row["text"], _target(row.get("target_percent")))
                for row in programme.indicators
                if row.get("goal") == goal["no"]
            ),
        )
        for goal in programme.goals
    ]


def _target(value: float | None) -> str:
    return _("described in words") if value is None else percent(value, 0)
