"""Writes of counted time: the same inputs write nothing, others add a row and keep the old."""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from audit.operations import operation
from core.models import new_public_id
from people.models import Person
from programme.hours import reading, rules
from programme.hours.closed import ensure_open


@dataclass(frozen=True)
class _New:
    """A row about to be written."""

    person: int
    day: datetime.date
    counted: rules.Counted


def recount(
    *, occasion_ids: Sequence[int], person_ids: Sequence[int] | None = None, reason: str = ""
) -> int:
    """Count the occasions anew, with everything else those persons attended the same days.

    Runs inside the caller's transaction. What is already counted from the same
    inputs is left alone, in locked months too.

    :param person_ids: only these persons; everyone who was there when none are given.
    :returns: the number of rows written.
    :raises MonthLocked: when something in a locked month would change.
    :raises NoRules: when no rule set is valid on a day.
    """
    return _recount(occasion_ids, person_ids, reason, guarded=True)


def recount_corrected(
    *, occasion_ids: Sequence[int], person_ids: Sequence[int], reason: str
) -> int:
    """Count anew past the guard of locked months: for an approved correction and nothing else."""
    return _recount(occasion_ids, person_ids, reason, guarded=False)


@transaction.atomic
def _recount(
    occasion_ids: Sequence[int], person_ids: Sequence[int] | None, reason: str, *, guarded: bool
) -> int:
    merged = reading.merged_persons()
    asked = reading.present_at(occasion_ids) if person_ids is None else person_ids
    persons = reading.cluster_of(asked, merged)
    if not persons:
        return 0
    occasions = reading.occasions_on(reading.days_to_count(occasion_ids, persons))
    # Whoever counts the same person waits here, so that the day is seen whole and counted once.
    _hold(persons)
    material = reading.material_for(occasions, persons, merged)
    new, gone = _compare(material, merged)
    if guarded:
        _ensure_open(occasions, [row.counted.presence.occasion for row in new], gone, material)
    return _write(new, gone, material, reason)


def hold(person_id: int) -> None:
    """Let nobody else count the person, or whom they are merged with, until the transaction ends.

    Everything that takes both persons and a month takes the persons first: a viewing, an
    attendance and a correction of the same person then wait for each other and never both.
    """
    _hold(reading.cluster_of([person_id], reading.merged_persons()))


def _hold(persons: Iterable[int]) -> None:
    list(
        Person.objects.filter(pk__in=persons)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk", flat=True)
    )


def _compare(
    material: reading.Material, merged: Mapping[int, int]
) -> tuple[list[_New], list[reading.Seat]]:
    """The rows that are missing, and the seats whose counted time no longer stands."""
    book = reading.rule_book()
    new: list[_New] = []
    gone: list[reading.Seat] = []
    for person, presences in material.presences.items():
        if person in merged:
            gone += [(one.occasion, person) for one in presences]
            continue
        reached: dict[int, int] = {}
        for day, sets in sorted(_by_day(material, presences, book).items()):
            for row in _missing(material, person, day, sets, reached):
                seat = (row.counted.presence.occasion, person)
                if seat in material.current:
                    gone.append(seat)
                new.append(row)
    return new, [seat for seat in gone if seat in material.current]


def _by_day(
    material: reading.Material, presences: Iterable[rules.Presence], book: reading.RuleBook
) -> dict[datetime.date, list[tuple[rules.Rules, rules.Presence]]]:
    found = defaultdict(list)
    for presence in presences:
        planned = material.occasions[presence.occasion]
        found[planned.day].append((book.on(planned.programme_id, planned.day), presence))
    return found


def _missing(
    material: reading.Material,
    person: int,
    day: datetime.date,
    sets: list[tuple[rules.Rules, rules.Presence]],
    reached: dict[int, int],
) -> Iterator[_New]:
    for counted in rules.count_day(sets, reached):
        current = material.current.get((counted.presence.occasion, person))
        bare = counted.presence.mark == rules.UNMARKED and not counted.presence.segments
        if (current is None and bare) or (current and current.digest == counted.digest):
            continue
        yield _New(person, day, counted)


def _ensure_open(
    occasions: dict[int, reading.Planned],
    changed: Iterable[int],
    gone: Iterable[reading.Seat],
    material: reading.Material,
) -> None:
    days = defaultdict(set)
    for occasion in {*changed, *(seat[0] for seat in gone)}:
        days[occasions[occasion].programme_id].add(occasions[occasion].day)
    for programme_id in sorted(days):
        ensure_open(programme_id=programme_id, days=days[programme_id])


def _write(
    new: list[_New], gone: list[reading.Seat], material: reading.Material, reason: str
) -> int:
    if not new and not gone:
        return 0
    with operation("hours.count", reason=reason):
        now = timezone.now()
        with connection.cursor() as cursor:
            # The rows of a statement stay in memory until their history has been written.
            cursor.execute("SELECT set_config('work_mem', '64MB', true)")
            with _replacing([material.current[seat].id for seat in gone]):
                rows = [_columns(row, reason[:200], now) for row in new]
            with cursor.copy(
                "COPY programme_countedtime (public_id, occasion_id, person_id, participation_id,"
                " day, rules_id, minutes, planned_minutes, explanation, inputs_digest, current,"
                " reason, counted_at) FROM STDIN"
            ) as copy:
                for columns in rows:
                    copy.write_row(columns)
    return len(new)


@contextmanager
def _replacing(old: list[int]) -> Iterator[None]:
    """Let the old rows stand back, while the caller makes the new ones ready."""
    if not old:
        yield
        return
    link = connection.connection
    with connection.wrap_database_errors, link.pipeline(), connection.cursor() as cursor:
        # One list and not a parameter for each: there may be twenty thousand.
        cursor.execute("UPDATE programme_countedtime SET current = false WHERE id = ANY(%s)", [old])
        # Sent now; the answer is waited for at the end.
        link.pgconn.flush()
        yield


def _columns(row: _New, reason: str, now: datetime.datetime) -> tuple[object, ...]:
    counted = row.counted
    return (
        new_public_id(),
        counted.presence.occasion,
        row.person,
        counted.presence.participation,
        row.day,
        counted.rules,
        counted.minutes,
        counted.planned_minutes,
        json.dumps([step.as_data() for step in counted.steps]),
        counted.digest,
        True,
        reason,
        now,
    )
