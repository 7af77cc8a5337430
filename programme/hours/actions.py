"""Writes of counted time: the same inputs write nothing, others add a row and keep the old."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from core.collecting import without_collecting
from core.models import new_public_id
from people.models import Person
from programme.hours import reading, rules
from programme.hours.closed import ensure_open, first_of
from programme.hours.writing import Writer

# Persons counted before their rows are handed over: enough for a statement to be worth its
# while, few enough for the server to begin early.
SHARE = 100


class _New(NamedTuple):
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
    with without_collecting():
        material = reading.material_for(occasions, persons, merged)
        return _count(material, merged, reason, guarded=guarded)


def _count(
    material: reading.Material, merged: Mapping[int, int], reason: str, *, guarded: bool
) -> int:
    """Compare and write, a hundred persons at a time: the server writes while we count on."""
    book = reading.rule_book()
    written = 0
    now = timezone.now()
    asked: set[tuple[int, datetime.date]] = set()
    with ExitStack() as stack:
        # The last to be left is the operation: it stands until the writer has come to its end.
        named = operation("hours.count", reason=reason)
        writer: Writer | None = None
        persons = list(material.presences)
        for start in range(0, len(persons), SHARE):
            share = persons[start : start + SHARE]
            new, gone = _compare(material, share, merged, book)
            if not new and not gone:
                continue
            if guarded:
                seen = {row.counted.presence.occasion for row in new} | {seat[0] for seat in gone}
                months = _months_of(material, seen) - asked
                if months and writer is not None:
                    writer.wait()
                _ensure_open(months)
                asked |= months
            if writer is None:
                stack.enter_context(named)
                writer = stack.enter_context(Writer(many=len(persons) > SHARE))
            writer.replace(
                [material.current[seat].id for seat in gone],
                (_columns(row, reason[:200], now) for row in new),
            )
            written += len(new)
    return written


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
    material: reading.Material,
    persons: Iterable[int],
    merged: Mapping[int, int],
    book: reading.RuleBook,
) -> tuple[list[_New], list[reading.Seat]]:
    """The rows that are missing, and the seats whose counted time no longer stands."""
    new: list[_New] = []
    gone: list[reading.Seat] = []
    for person in persons:
        presences = material.presences[person]
        if person in merged:
            gone += [(one.occasion, person) for one in presences]
            continue
        reached: dict[int, int] = {}
        for day, sets in sorted(_by_day(material, presences, book).items()):
            for row in _missing(material, person, day, sets, reached):
                gone.append((row.counted.presence.occasion, person))
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


def _months_of(
    material: reading.Material, occasions: Iterable[int]
) -> set[tuple[int, datetime.date]]:
    """The programme and the month of each occasion."""
    planned = (material.occasions[occasion] for occasion in occasions)
    return {(one.programme_id, first_of(one.day)) for one in planned}


def _ensure_open(months: Iterable[tuple[int, datetime.date]]) -> None:
    of_programme = defaultdict(set)
    for programme_id, month in months:
        of_programme[programme_id].add(month)
    for programme_id in sorted(of_programme):
        ensure_open(programme_id=programme_id, days=of_programme[programme_id])


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
        counted.steps.as_json,
        counted.digest,
        True,
        reason,
        now,
    )
