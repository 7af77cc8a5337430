"""What co-financing is summed from: counted times, and the seats of occasions to come.

`COUNTED` is the one definition of a row that has earned money; sums and rows both come from it,
so every sum is the sum of the rows it leads to, to the öre.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q
from django.utils import timezone

from people.models import Organisation
from programme.access import ADMINISTRATIONS
from programme.models import Category, Invitation, Occasion, Programme, Rate
from programme.months.rules import worth
from programme.queries import settings_on
from programme.staff.progress import occasion_minutes
from programme.terms import share_shown
from reports.economy.rules import Kind, Share, Shares, Sum, expected

COUNTED = """
WITH counted AS (
  SELECT c.id, c.public_id, c.person_id, c.occasion_id, c.day,
         date_trunc('month', c.day)::date AS month, p.publicly_employed AS employed,
         p.temporary AS by_name,
         coalesce(t.district_id, (
           SELECT d.id FROM people_organisation d
            WHERE d.id = ANY(u.lineage) AND d.kind = ANY(%(administrations)s)
            ORDER BY d.id LIMIT 1)) AS district_id,
         coalesce(t.category_id, (
           SELECT k.id FROM programme_category k
            WHERE k.programme_id = %(programme)s AND k.is_manager = p.is_manager
            ORDER BY k.id LIMIT 1)) AS category_id,
         c.minutes, coalesce(r.amount, 0) AS rate,
         CASE WHEN p.publicly_employed
              THEN coalesce(round(c.minutes * r.amount / 60, 2), 0) ELSE 0 END AS kronor
    FROM programme_countedtime c
    JOIN programme_occasion o ON o.id = c.occasion_id AND o.programme_id = %(programme)s
    JOIN people_person p ON p.id = c.person_id
    JOIN people_organisation u ON u.id = p.unit_id
    LEFT JOIN programme_participation t ON t.id = c.participation_id
    LEFT JOIN LATERAL (
      SELECT amount FROM programme_rate
       WHERE programme_id = %(programme)s AND kind = 'participant' AND valid_from <= c.day
       ORDER BY valid_from DESC LIMIT 1) r ON true
   WHERE c.current AND c.minutes > 0
), chosen AS (
  SELECT * FROM counted
   WHERE (%(month)s::date IS NULL OR month = %(month)s)
     AND (%(district)s::bigint IS NULL OR district_id = %(district)s)
     AND (%(category)s::bigint IS NULL OR category_id = %(category)s)
)
"""
_SUMS = (
    COUNTED
    + """
SELECT month, district_id, category_id,
       coalesce(sum(minutes) FILTER (WHERE employed), 0)::int,
       coalesce(sum(minutes) FILTER (WHERE NOT employed), 0)::int,
       sum(kronor), array_agg(DISTINCT person_id)
  FROM chosen GROUP BY month, district_id, category_id
"""
)
_ROWS = (
    COUNTED
    + """
SELECT public_id, person_id, occasion_id, day, minutes, rate, kronor, employed, by_name,
       district_id, category_id
  FROM chosen ORDER BY day, occasion_id, id LIMIT %(limit)s OFFSET %(offset)s
"""
)
_WHOLE = (
    COUNTED + "SELECT count(*), coalesce(sum(minutes), 0), coalesce(sum(kronor), 0) FROM chosen"
)

#: Month, administration and category by their keys.
Cell = tuple[datetime.date, int, int]


@dataclass(frozen=True)
class Choice:
    """Which rows: one month, administration or category, or all."""

    month: datetime.date | None = None
    district: int | None = None
    category: int | None = None

    def takes(self, cell: Cell) -> bool:
        """Whether the cell is among them."""
        wanted = (self.month, self.district, self.category)
        return all(w is None or w == c for w, c in zip(wanted, cell, strict=True))


@dataclass(frozen=True)
class Row:
    """One counted time with what it earned."""

    public_id: str
    person_id: int
    occasion_id: int
    day: datetime.date
    minutes: int
    rate: Decimal
    kronor: Decimal
    employed: bool
    # Written down at the occasion, and not joined with anyone in the register.
    by_name: bool
    district_id: int
    category_id: int


def _values(programme: Programme, choice: Choice, **other: Any) -> dict[str, Any]:
    return {
        "programme": programme.pk,
        "administrations": list(ADMINISTRATIONS),
        "month": choice.month,
        "district": choice.district,
        "category": choice.category,
        **other,
    }


def _ask(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def counted(programme: Programme, choice: Choice = Choice()) -> dict[Cell, Sum]:
    """The sums of counted times by month, administration and category; one query."""
    return {
        (month, district, category): Sum(minutes, outside, kronor, persons=frozenset(persons))
        for month, district, category, minutes, outside, kronor, persons in _ask(
            _SUMS, _values(programme, choice)
        )
    }


def rows(programme: Programme, choice: Choice, *, limit: int, offset: int = 0) -> list[Row]:
    """The counted times themselves, in the order of days."""
    values = _values(programme, choice, limit=limit, offset=offset)
    return [Row(*row) for row in _ask(_ROWS, values)]


def whole(programme: Programme, choice: Choice) -> tuple[int, int, Decimal]:
    """How many rows there are, their minutes and their kronor."""
    number, minutes, kronor = _ask(_WHOLE, _values(programme, choice))[0]
    return int(number), int(minutes), Decimal(kronor)


@dataclass(frozen=True)
class Seats:
    """Seats at one occasion to come, of one administration and category, and what they give."""

    occasion: Occasion
    day: datetime.date
    cell: Cell
    persons: int
    booked: int
    minutes: int
    kronor: Decimal
    # Nobody is invited yet, so the group's planned size is taken.
    assumed: bool
    # Has been held, and nobody's attendance is registered.
    unregistered: bool
    # How people are expected to come, and whether it is the course's and category's own share.
    share: Share
    own: bool

    @property
    def percent(self) -> Decimal:
        """The share in per cent."""
        return share_shown(self.share.came, self.share.invited)


@dataclass(frozen=True)
class Forecast:
    """What the planned occasions give, and how it was worked out."""

    seats: list[Seats]
    shares: Shares

    @property
    def came(self) -> int:
        """Minutes counted so far of those that people were invited to."""
        return self.shares.whole.capped().came

    @property
    def invited(self) -> int:
        """Minutes that people were invited to."""
        return self.shares.whole.invited

    @property
    def held(self) -> bool:
        """Whether any occasion with invitations has been held and registered."""
        return self.invited > 0


def forecast(programme: Programme, now: datetime.datetime | None = None) -> Forecast:
    """Every occasion of the programme that has no hours yet, with what its seats should give.

    Seven queries however many occasions there are.
    """
    now = now or timezone.now()
    occasions = list(
        Occasion.objects.standing()
        .filter(programme=programme, kind__in=[Occasion.Kind.TRAINING, Occasion.Kind.LECTURE])
        .select_related("group__course__kind")
        .order_by("starts_at", "pk")
    )
    came = _came(programme)
    seated = _seated(programme)
    least = int(settings_on(programme, timezone.localdate(now))["forecast_least_seats"])
    shares = _shares(occasions, came, seated, least)
    rates = list(
        Rate.objects.filter(programme=programme, kind="participant")
        .order_by("-valid_from")
        .values_list("valid_from", "amount")
    )
    first_category = programme.categories.filter(is_manager=False).order_by("pk").first()
    found: list[Seats] = []
    for one in occasions:
        if one.pk in came:
            continue
        day = timezone.localtime(one.starts_at).date()
        for (district, category), persons, assumed in _seats_of(one, seated, first_category):
            booked = occasion_minutes(one) * persons
            kind = (_course(one), category)
            share = shares.of(kind)
            minutes = expected(booked, share.came, share.invited)
            rate = next((amount for first, amount in rates if first <= day), Decimal(0))
            found.append(
                Seats(
                    one,
                    day,
                    (day.replace(day=1), district, category),
                    persons,
                    booked,
                    minutes,
                    worth(minutes, rate),
                    assumed,
                    one.ends_at <= now,
                    share,
                    shares.own(kind) is not None,
                )
            )
    return Forecast(found, shares)


Where = tuple[int, int]


def _course(occasion: Occasion) -> int | None:
    return occasion.group.course_id if occasion.group else None


def _shares(
    occasions: Iterable[Occasion],
    came: Mapping[int, Mapping[int, int]],
    seated: Mapping[int, Mapping[Where, int]],
    least: int,
) -> Shares:
    """How people have come to occasions with a list that have been held and registered."""
    by_kind: dict[Kind, Share] = defaultdict(Share)
    for one in occasions:
        if one.pk not in came or one.pk not in seated:
            continue
        for category, minutes in came[one.pk].items():
            by_kind[_course(one), category] += Share(came=minutes)
        for (_district, category), seats in seated[one.pk].items():
            more = Share(invited=occasion_minutes(one) * seats, seats=seats)
            by_kind[_course(one), category] += more
    return Shares(sum(by_kind.values(), start=Share()), dict(by_kind), least)


def _seats_of(
    occasion: Occasion, seated: Mapping[int, Mapping[Where, int]], first: Category | None
) -> Iterable[tuple[Where, int, bool]]:
    """The occasion's seats by administration and category; a group's planned size without a list."""
    if occasion.pk in seated:
        return [(where, persons, False) for where, persons in seated[occasion.pk].items()]
    group = occasion.group
    if group is None or first is None:
        return []
    kind = group.course.kind
    category = kind.category_id if kind else first.pk
    return [((group.district_id, category), group.seats, True)]


def _came(programme: Programme) -> dict[int, dict[int, int]]:
    """Minutes that earned money, by occasion and category; where somebody was counted at all."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.occasion_id,
                      coalesce(t.category_id, (
                        SELECT k.id FROM programme_category k
                         WHERE k.programme_id = o.programme_id AND k.is_manager = p.is_manager
                         ORDER BY k.id LIMIT 1), 0),
                      coalesce(sum(c.minutes) FILTER (WHERE p.publicly_employed), 0)
                 FROM programme_countedtime c JOIN people_person p ON p.id = c.person_id
                 JOIN programme_occasion o ON o.id = c.occasion_id
                 LEFT JOIN programme_participation t ON t.id = c.participation_id
                WHERE c.current AND o.programme_id = %s GROUP BY 1, 2""",
            [programme.pk],
        )
        for occasion, category, minutes in cursor.fetchall():
            found[occasion][category] = int(minutes)
    return found


def _seated(programme: Programme) -> dict[int, dict[Where, int]]:
    """Persons expected and employed by the city, by occasion, administration and category."""
    found: dict[int, dict[Where, int]] = defaultdict(dict)
    by_manager = {
        is_manager: pk
        for pk, is_manager in programme.categories.order_by("-pk").values_list("pk", "is_manager")
    }
    units = _administrations()
    rows_found = (
        Invitation.objects.expected()
        .filter(
            occasion__programme=programme,
            person__publicly_employed=True,
            person__merged_into__isnull=True,
        )
        .order_by()
        .values_list(
            "occasion_id",
            F("participation__district_id"),
            F("participation__category_id"),
            F("person__unit_id"),
            F("person__is_manager"),
        )
        .annotate(number=Count("pk"))
    )
    for occasion, district, category, unit, is_manager, number in rows_found:
        where = (district or units.get(unit, 0), category or by_manager.get(is_manager, 0))
        found[occasion][where] = found[occasion].get(where, 0) + number
    return found


def _administrations() -> dict[int, int]:
    """The administration of every organisation that has one."""
    kinds = Q(kind__in=ADMINISTRATIONS)
    tops = set(Organisation.objects.filter(kinds).values_list("pk", flat=True))
    return {
        pk: next(one for one in sorted(lineage) if one in tops)
        for pk, lineage in Organisation.objects.values_list("pk", "lineage")
        if tops & set(lineage)
    }
