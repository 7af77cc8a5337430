"""Everything that hours are counted from, read in a few queries for one person or a thousand."""

import datetime
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from people.models import Person, User
from programme.hours import rules
from programme.hours.errors import NoRules
from programme.models import HourRules, Occasion

# Occasion and person by their keys.
Seat = tuple[int, int]


@dataclass(frozen=True)
class Planned:
    """An occasion as counting sees it."""

    id: int
    programme_id: int
    day: datetime.date
    starts: int
    ends: int
    breaks: tuple[tuple[int, int], ...]
    cancelled: bool
    most: int | None = None
    once: int | None = None


class Current(NamedTuple):
    """The counted time that stands now."""

    id: int
    digest: str
    minutes: int


@dataclass
class Material:
    """What was read: presences of each person, and what is counted now."""

    occasions: dict[int, Planned]
    presences: dict[int, list[rules.Presence]]
    current: dict[Seat, Current]


class RuleBook:
    """The rule sets of each programme by the day they are valid from."""

    def __init__(self, sets: Iterable[HourRules]) -> None:
        self._days: dict[int, list[datetime.date]] = defaultdict(list)
        self._sets: dict[int, list[rules.Rules]] = defaultdict(list)
        for row in sorted(sets, key=lambda one: one.valid_from):
            self._days[row.programme_id].append(row.valid_from)
            self._sets[row.programme_id].append(as_rules(row))

    def on(self, programme_id: int, day: datetime.date) -> rules.Rules:
        """The rule set of the day.

        :raises NoRules: when none is decided for it.
        """
        place = bisect_right(self._days[programme_id], day)
        if not place:
            raise NoRules(day)
        return self._sets[programme_id][place - 1]


def rule_book() -> RuleBook:
    """Every rule set there is; one query."""
    return RuleBook(HourRules.objects.order_by("valid_from"))


def as_rules(row: HourRules) -> rules.Rules:
    """The stored rule set as the rules know it."""
    return rules.Rules(
        id=row.pk,
        breaks_count=row.breaks_count,
        late_minutes_forgiven=row.late_minutes_forgiven,
        gap_minutes_forgiven=row.gap_minutes_forgiven,
        mark_counts_whole=row.mark_counts_whole,
        open_end_counts=row.open_end_counts,
        rounding=row.rounding,
        rounding_minutes=row.rounding_minutes,
        month_rounding=row.month_rounding,
        month_rounding_minutes=row.month_rounding_minutes,
        most_minutes_a_day=row.most_minutes_a_day,
    )


def merged_persons() -> dict[int, int]:
    """Whom each merged person's hours belong to; follows chains; one query."""
    into = dict(
        Person.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id")
    )

    def last(person: int) -> int:
        seen = {person}
        while (following := into.get(person)) is not None and following not in seen:
            seen.add(following)
            person = following
        return person

    return {person: last(person) for person in into}


def cluster_of(persons: Iterable[int], merged: Mapping[int, int]) -> set[int]:
    """The persons and everyone who is the same human being."""
    owners = {merged.get(person, person) for person in persons}
    return owners | {person for person, owner in merged.items() if owner in owners}


def own_persons(user: User) -> set[int]:
    """The user's own person and everyone who is the same human being; two queries.

    Somebody who was only a name at an occasion has no account, and may have been the user.
    """
    mine = Person.objects.filter(user=user).values_list("pk", flat=True)
    return cluster_of(mine, merged_persons())


def present_at(occasion_ids: Sequence[int]) -> set[int]:
    """Everyone with a mark, a time or counted minutes at the occasions."""
    at = "WHERE occasion_id = ANY(%(occasions)s)"
    found = _rows(
        f"SELECT person_id FROM programme_attendance {at}"
        f" UNION SELECT person_id FROM programme_segment {at}"
        f" UNION SELECT person_id FROM programme_countedtime {at} AND current",
        occasions=occasion_ids,
    )
    return {person for (person,) in found}


def occasions_on(days: Iterable[datetime.date]) -> dict[int, Planned]:
    """Every occasion of the days, cancelled ones too."""
    wanted = set(days)
    if not wanted:
        return {}
    zone = timezone.get_default_timezone()
    first = datetime.datetime.combine(min(wanted), datetime.time.min, zone)
    last = datetime.datetime.combine(
        max(wanted) + datetime.timedelta(days=1), datetime.time.min, zone
    )
    found = {}
    rows = Occasion.objects.filter(starts_at__gte=first, starts_at__lt=last).order_by()
    columns = ("pk", "programme_id", "starts_at", "ends_at", "breaks", "state", "most_minutes")
    for pk, programme, starts_at, ends_at, breaks, state, most, unit, once in rows.values_list(
        *columns, "unit_id", "unit__counts_once"
    ):
        day = starts_at.astimezone(zone).date()
        if day in wanted:
            found[pk] = Planned(
                pk,
                programme,
                day,
                rules.instant(starts_at),
                rules.instant(ends_at),
                tuple((int(a) * 60, int(b) * 60) for a, b in breaks),
                state == Occasion.State.CANCELLED,
                most,
                unit if once else None,
            )
    return found


def days_to_count(occasion_ids: Sequence[int], persons: Iterable[int]) -> set[datetime.date]:
    """The occasions' days, and every other day that what is counted on those depends on.

    A unit that counts once gives a day what earlier days have left of it. So each such unit
    that is met on a day to count brings all the days on which these persons met it.
    """
    zone = timezone.get_default_timezone()
    asked = Occasion.objects.filter(pk__in=occasion_ids).order_by()
    begun = list(asked.values_list("starts_at", "unit_id", "unit__counts_once"))
    theirs = "occasion_id = o.id AND person_id = ANY(%(persons)s)"
    met = _rows(
        "SELECT o.starts_at, o.unit_id FROM programme_occasion o"
        " JOIN programme_learningunit u ON u.id = o.unit_id WHERE u.counts_once AND ("
        f"EXISTS (SELECT FROM programme_attendance WHERE {theirs})"
        f" OR EXISTS (SELECT FROM programme_segment WHERE {theirs})"
        f" OR EXISTS (SELECT FROM programme_countedtime WHERE {theirs} AND current))",
        persons=list(persons),
    )
    return rules.tied_days(
        {starts_at.astimezone(zone).date() for starts_at, _unit, _once in begun},
        {unit for _starts_at, unit, once in begun if once and unit is not None},
        [(starts_at.astimezone(zone).date(), unit) for starts_at, unit in met],
    )


def material_for(
    occasions: dict[int, Planned], persons: set[int], merged: Mapping[int, int]
) -> Material:
    """Marks, times, seats and counted minutes of the persons at the occasions; four queries."""
    found = Material(occasions, defaultdict(list), {})
    participations: dict[Seat, int | None] = {}
    marks: dict[Seat, str] = {}
    segments: dict[Seat, list[tuple[int, int | None]]] = defaultdict(list)
    asked = {"occasions": list(occasions), "persons": list(persons)}
    where = "occasion_id = ANY(%(occasions)s) AND person_id = ANY(%(persons)s)"
    for occasion, person, mark in _rows(
        f"SELECT occasion_id, person_id, mark FROM programme_attendance WHERE {where}", **asked
    ):
        seat = (occasion, merged.get(person, person))
        marks[seat] = _stronger(marks[seat], mark) if seat in marks else mark
    for occasion, person, began, ended in _rows(
        "SELECT occasion_id, person_id, floor(extract(epoch FROM began_at))::bigint,"
        " floor(extract(epoch FROM ended_at))::bigint FROM programme_segment"
        f" WHERE voided_at IS NULL AND {where}",
        **asked,
    ):
        segments[occasion, merged.get(person, person)].append((began, ended))
    for occasion, person, participation in _rows(
        "SELECT occasion_id, person_id, participation_id FROM programme_invitation"
        f" WHERE participation_id IS NOT NULL AND {where} ORDER BY id",
        **asked,
    ):
        participations[occasion, merged.get(person, person)] = participation
    for occasion, person, pk, digest, minutes in _rows(
        "SELECT occasion_id, person_id, id, inputs_digest, minutes FROM programme_countedtime"
        f" WHERE current AND {where}",
        **asked,
    ):
        found.current[occasion, person] = Current(pk, digest, minutes)
    _gather(found, marks, segments, participations)
    return found


def _rows(sql: str, **asked: Sequence[int]) -> Iterable[Any]:
    """A list goes as one parameter: the ORM makes one of each of its thousands of keys."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {name: list(keys) for name, keys in asked.items()})
        yield from cursor


def _stronger(one: str, other: str) -> str:
    """Of the marks of two persons who are the same: present, then excused, then absent."""
    order = (rules.UNMARKED, rules.ABSENT, rules.EXCUSED, rules.PRESENT)
    return max(one, other, key=order.index)


def _gather(
    found: Material,
    marks: dict[Seat, str],
    segments: dict[Seat, list[tuple[int, int | None]]],
    participations: dict[Seat, int | None],
) -> None:
    for seat in marks.keys() | segments.keys() | found.current.keys():
        occasion, person = seat
        planned = found.occasions[occasion]
        found.presences[person].append(
            rules.Presence(
                occasion,
                planned.starts,
                planned.ends,
                planned.breaks,
                planned.cancelled,
                marks.get(seat, ""),
                _ordered(segments.get(seat)),
                participations.get(seat),
                planned.most,
                planned.once,
            )
        )


def _ordered(
    found: list[tuple[int, int | None]] | None,
) -> tuple[tuple[int, int | None], ...]:
    if not found:
        return ()
    return tuple(found if len(found) == 1 else sorted(found, key=_in_order))


def _in_order(segment: tuple[int, int | None]) -> tuple[int, int]:
    return segment[0], segment[1] or 0
