"""What other rules for hours would do with what is registered, without writing anything."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from people.models import Person
from programme.hours import reading, rules
from programme.hours.tasks import open_occasions
from programme.models import HourRules, Occasion, Programme, Rate
from programme.months.rules import worth

#: Rules that begin in the future are tried on so many of the latest months with hours.
EXAMPLE_MONTHS = 3


@dataclass
class MonthEffect:
    """One month as it is counted, and as it would be."""

    month: datetime.date
    before: int = 0
    after: int = 0
    kronor: Decimal = Decimal(0)
    persons: int = 0

    @property
    def minutes(self) -> int:
        """Minutes more, or fewer."""
        return self.after - self.before


@dataclass(frozen=True)
class Preview:
    """The effect of a rule set; an example when its day has not come."""

    months: list[MonthEffect]
    example: bool

    @property
    def minutes(self) -> int:
        """Minutes more, or fewer, in all."""
        return sum(one.minutes for one in self.months)

    @property
    def kronor(self) -> Decimal:
        """Kronor more, or fewer, in all."""
        return sum((one.kronor for one in self.months), start=Decimal(0))


def preview(
    *, programme: Programme, values: Mapping[str, Any], valid_from: datetime.date
) -> Preview:
    """Count every open month from the day on by the rules, beside what is counted now.

    The number of queries is the same however much is registered.
    """
    today = timezone.localdate()
    candidate = HourRules(pk=0, programme=programme, valid_from=valid_from, **values)
    days = {day for day in _days(programme, open_occasions(programme.pk)) if day <= today}
    example = valid_from > today
    if example:
        days = _latest_months(_days(programme, None), today)
        candidate.valid_from = min(days, default=today)
    else:
        days = {day for day in days if day >= valid_from}
    return Preview(_effects(programme, candidate, days, example=example), example)


def _days(programme: Programme, occasion_ids: list[int] | None) -> set[datetime.date]:
    rows = Occasion.objects.standing().filter(programme=programme)
    if occasion_ids is not None:
        rows = rows.filter(pk__in=occasion_ids)
    zone = timezone.get_default_timezone()
    starts = rows.order_by().values_list("starts_at", flat=True)
    return {moment.astimezone(zone).date() for moment in starts}


def _latest_months(days: set[datetime.date], today: datetime.date) -> set[datetime.date]:
    months = sorted({day.replace(day=1) for day in days if day <= today})[-EXAMPLE_MONTHS:]
    return {day for day in days if day <= today and day.replace(day=1) in months}


def _effects(
    programme: Programme,
    candidate: HourRules,
    days: set[datetime.date],
    *,
    example: bool,
) -> list[MonthEffect]:
    merged = reading.merged_persons()
    occasions = {
        key: planned
        for key, planned in reading.occasions_on(days).items()
        if planned.programme_id == programme.pk
    }
    persons = reading.cluster_of(reading.present_at(list(occasions)), merged)
    material = reading.material_for(occasions, persons, merged)
    others = HourRules.objects.all()
    # Of an example only the candidate counts; otherwise later decided rules stay in force.
    kept = [row for row in others if not (example and row.programme_id == programme.pk)]
    book = reading.RuleBook([*kept, candidate])
    worths = _Worth(programme)
    months: dict[datetime.date, MonthEffect] = {}
    changed: dict[datetime.date, set[int]] = defaultdict(set)
    for person, presences in material.presences.items():
        if person in merged:
            continue
        for day, sets in _by_day(material, presences, book).items():
            month = months.setdefault(day.replace(day=1), MonthEffect(day.replace(day=1)))
            for counted in rules.count_day(sets):
                current = material.current.get((counted.presence.occasion, person))
                before = current.minutes if current else 0
                month.before += before
                month.after += counted.minutes
                if before != counted.minutes:
                    changed[month.month].add(person)
                    month.kronor += worths.of(person, day, counted.minutes)
                    month.kronor -= worths.of(person, day, before)
    for first, whom in changed.items():
        months[first].persons = len(whom)
    return [months[first] for first in sorted(months)]


def _by_day(
    material: reading.Material, presences: list[rules.Presence], book: reading.RuleBook
) -> dict[datetime.date, list[tuple[rules.Rules, rules.Presence]]]:
    found = defaultdict(list)
    for presence in presences:
        planned = material.occasions[presence.occasion]
        found[planned.day].append((book.on(planned.programme_id, planned.day), presence))
    return found


class _Worth:
    """Kronor of minutes, by the rate of the day; nothing for those not employed by the city."""

    def __init__(self, programme: Programme) -> None:
        rows = Rate.objects.filter(programme=programme, kind="participant")
        self._rates = list(rows.order_by("-valid_from").values_list("valid_from", "amount"))
        outside = Person.objects.filter(publicly_employed=False)
        self._outside = set(outside.values_list("pk", flat=True))

    def of(self, person: int, day: datetime.date, minutes: int) -> Decimal:
        if person in self._outside:
            return Decimal(0)
        rate = next((amount for first, amount in self._rates if first <= day), Decimal(0))
        return worth(minutes, rate)
