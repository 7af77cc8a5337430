"""The staff list: marks and times of everyone, saved together or not at all (R-074).

A time that has ended is never changed: a wrong one is voided with a reason and
a new one written beside it.
"""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from people.access import actor_of
from people.models import Person, User
from programme.attendance import access, queries, rules, words
from programme.attendance.errors import NotBegun, RowsRefused, RowsStale, SameName
from programme.hours.actions import recount
from programme.models import Attendance, Invitation, Occasion, Segment


@dataclass
class Saved:
    """What a save did."""

    changed: int = 0
    operation: uuid.UUID | None = None
    warnings: list[queries.PersonsClash] = field(default_factory=list)


@dataclass(frozen=True)
class _Row:
    seat: queries.Seat
    wanted: rules.Wanted
    change: rules.Change


@transaction.atomic
def save_list(
    *,
    occasion_id: int,
    wanted: Mapping[str, rules.Wanted],
    actor: User,
    rest_present: bool = False,
) -> Saved:
    """Save the rows that moved, in one operation; nothing at all when one of them cannot be.

    :param wanted: by the person's public id; who is not on the list any more is left out.
    :param rest_present: whoever nobody has marked is present, except those who said no.
    :raises RowsStale: someone else marked the same persons since the page was opened.
    :raises RowsRefused: a row is impossible, or puts a person in two places at once.
    """
    occasion = access.lock_open(occasion_id)
    access.ensure_marks(actor, occasion)
    seats = queries.roster(occasion)
    if rest_present:
        wanted = {seat.key: _present(seat, wanted.get(seat.key)) for seat in seats}
    rows = _rows(occasion, seats, wanted)
    _ensure_possible(occasion, rows)
    _ensure_fresh(rows)
    if not rows:
        return Saved()
    decided = queries.settings_of(occasion)
    _ensure_begun(occasion, rows, int(decided["check_in_minutes_before"]))
    warnings = _ensure_in_one_place(occasion, rows, int(decided["overlap_minutes_tolerated"]))
    reasons = "; ".join(dict.fromkeys(row.wanted.reason.strip() for row in rows if row.change.void))
    name = "attendance.all_present" if rest_present else "attendance.mark"
    with operation(
        name, actor=actor_of(actor), reason=reasons, subject=occasion.public_id
    ) as operation_id:
        _write(occasion, rows, actor)
        recount(
            occasion_ids=[occasion.pk],
            person_ids=[row.seat.person.pk for row in rows],
            reason=reasons[:200],
        )
    return Saved(len(rows), operation_id, warnings)


def _present(seat: queries.Seat, wanted: rules.Wanted | None) -> rules.Wanted:
    """What the page says, with an empty mark taken for presence."""
    zone = queries.ZONE()
    stand = wanted or _unchanged(seat, zone)
    if stand.mark != rules.UNMARKED or seat.standing.mark != rules.UNMARKED or seat.said_no:
        return stand
    return rules.Wanted(rules.PRESENT, stand.note, stand.times, stand.reason, stand.was)


def _unchanged(seat: queries.Seat, zone: datetime.tzinfo) -> rules.Wanted:
    times = tuple(
        rules.WantedTime(span.public_id, span.began, span.ended) for span in seat.standing.spans
    )
    return rules.Wanted(
        seat.standing.mark, seat.standing.note, times, was=seat.standing.written(zone)
    )


def _rows(
    occasion: Occasion, seats: Sequence[queries.Seat], wanted: Mapping[str, rules.Wanted]
) -> list[_Row]:
    found = []
    for seat in seats:
        if seat.key not in wanted or wanted[seat.key].untouched(queries.ZONE()):
            continue
        change = rules.change_of(
            seat.standing,
            wanted[seat.key],
            starts=occasion.starts_at,
            ends=occasion.ends_at,
            zone=queries.ZONE(),
        )
        if not change.empty or change.problems:
            found.append(_Row(seat, wanted[seat.key], change))
    return found


def _ensure_fresh(rows: Sequence[_Row]) -> None:
    zone = queries.ZONE()
    now = {row.seat.key: row.seat.standing.written(zone) for row in rows}
    moved = rules.stale(now, {row.seat.key: row.wanted for row in rows}, now)
    if moved:
        raise RowsStale(moved)


def _ensure_possible(occasion: Occasion, rows: Sequence[_Row]) -> None:
    problems = {
        row.seat.key: [str(words.PROBLEMS[problem]) for problem in row.change.problems]
        for row in rows
        if row.change.problems
    }
    if problems:
        # A row that someone else moved is told as such, not as a fault of this user's.
        _ensure_fresh([row for row in rows if row.seat.key in problems])
        raise RowsRefused(problems)


def _ensure_begun(occasion: Occasion, rows: Sequence[_Row], minutes: int) -> None:
    opens = occasion.starts_at - datetime.timedelta(minutes=minutes)
    if timezone.now() < opens and any(_says_present(row) for row in rows):
        raise NotBegun


def _says_present(row: _Row) -> bool:
    return bool(row.change.new) or row.change.mark == rules.PRESENT


def _ensure_in_one_place(
    occasion: Occasion, rows: Sequence[_Row], tolerated: int
) -> list[queries.PersonsClash]:
    """Refuse who would be at two occasions at once; return what only deserves a warning."""
    as_marked = {row.seat.person.pk: _after(occasion, row) for row in rows if _says_present(row)}
    found = queries.clashes_at(
        occasion,
        list(as_marked),
        tolerated=tolerated,
        as_marked=as_marked,
    )
    keys = {row.seat.person.pk: row.seat.key for row in rows}
    problems: dict[str, list[str]] = {}
    for each in found:
        if each.clash.blocking:
            problems.setdefault(keys[each.person_id], []).append(words.clash(each.clash, occasion))
    if problems:
        raise RowsRefused(problems)
    return [each for each in found if each.clash.minutes]


def _after(occasion: Occasion, row: _Row) -> rules.Presence:
    ended = dict(row.change.close)
    kept = tuple(
        (span.began, ended.get(span.id, span.ended))
        for span in row.seat.standing.spans
        if span.id not in row.change.void
    )
    mark = row.seat.standing.mark if row.change.mark is None else row.change.mark
    return queries.presence_at(occasion, mark, kept + row.change.new)


def _write(occasion: Occasion, rows: Sequence[_Row], actor: User) -> None:
    now = timezone.now()
    _write_marks(occasion, rows, actor, now)
    by_reason: dict[str, list[int]] = {}
    for row in rows:
        by_reason.setdefault(row.wanted.reason.strip(), []).extend(row.change.void)
        for pk, ended in row.change.close:
            Segment.objects.filter(pk=pk, ended_at=None, voided_at=None).update(ended_at=ended)
    for reason, ids in by_reason.items():
        if ids:
            void(ids, reason=reason, actor=actor, now=now)
    Segment.objects.bulk_create(
        [
            Segment(
                occasion=occasion,
                person=row.seat.person,
                began_at=began,
                ended_at=ended,
                source=Segment.Source.LIST,
                recorded_by=actor,
                recorded_at=now,
            )
            for row in rows
            for began, ended in row.change.new
        ]
    )


def _write_marks(
    occasion: Occasion, rows: Sequence[_Row], actor: User, now: datetime.datetime
) -> None:
    moved = [row for row in rows if row.change.mark is not None or row.change.note is not None]
    write_marks(
        occasion,
        {
            row.seat.person.pk: (
                row.seat.standing.mark if row.change.mark is None else row.change.mark,
                row.seat.standing.note if row.change.note is None else row.change.note,
            )
            for row in moved
        },
        actor=actor,
        now=now,
    )


def write_marks(
    occasion: Occasion,
    marks: Mapping[int, tuple[str, str]],
    *,
    actor: User | None,
    now: datetime.datetime,
) -> None:
    """Set mark and note of the persons, in one statement; the occasion is locked by the caller."""
    if not marks:
        return
    Attendance.objects.bulk_create(
        [
            Attendance(
                occasion=occasion,
                person_id=person,
                mark=mark,
                note=note[:200],
                marked_by=actor,
                marked_at=now,
            )
            for person, (mark, note) in marks.items()
        ],
        update_conflicts=True,
        unique_fields=["occasion", "person"],
        update_fields=["mark", "note", "marked_by", "marked_at"],
    )


def void(ids: Sequence[int], *, reason: str, actor: User, now: datetime.datetime) -> None:
    """End what the times count for, with the reason; the rows stay."""
    Segment.objects.filter(pk__in=ids, voided_at=None).update(
        voided_at=now, voided_by=actor, void_reason=reason
    )


@transaction.atomic
def undo_all_present(*, occasion_id: int, operation_id: uuid.UUID, actor: User) -> int:
    """Take back «everyone is present» for those who have not been marked again since.

    The history tells who was marked by that press; a second undo finds nobody.

    :returns: how many are no longer marked.
    """
    occasion = access.lock_open(occasion_id)
    access.ensure_marks(actor, occasion)
    pressed = dict(
        Attendance.history.filter(
            occasion_id=occasion.pk, operation_id=operation_id, mark=rules.PRESENT
        ).values_list("id", "marked_at")
    )
    before = _marks_before(occasion, pressed)
    standing = Attendance.objects.filter(pk__in=list(pressed), mark=rules.PRESENT)
    still = [
        row
        for row in standing
        if row.marked_at == pressed[row.pk] and before.get(row.pk, rules.UNMARKED) == ""
    ]
    busy = set(
        Segment.objects.filter(
            occasion=occasion, person__in=[row.person_id for row in still], voided_at=None
        ).values_list("person_id", flat=True)
    )
    undone = {row.person_id: ("", row.note) for row in still if row.person_id not in busy}
    if undone:
        with operation(
            "attendance.undo_all_present",
            actor=actor_of(actor),
            reason=_("Undone right after the press."),
            subject=occasion.public_id,
        ):
            write_marks(occasion, undone, actor=actor, now=timezone.now())
            recount(occasion_ids=[occasion.pk], person_ids=list(undone))
    return len(undone)


def _marks_before(occasion: Occasion, pressed: Mapping[int, datetime.datetime]) -> dict[int, str]:
    """The last mark of each row before the press, by the history."""
    if not pressed:
        return {}
    earlier = Attendance.history.filter(
        occasion_id=occasion.pk, id__in=list(pressed), marked_at__lt=min(pressed.values())
    )
    return dict(earlier.order_by("history_date", "history_id").values_list("id", "mark"))


@transaction.atomic
def save_and_add(
    *,
    occasion_id: int,
    wanted: Mapping[str, rules.Wanted],
    first_name: str,
    last_name: str,
    another: bool,
    actor: User,
) -> Saved:
    """Save the rows that moved and write down someone by name, both or neither.

    :param another: that it is not the one on the list who has the same name.
    :raises SameName: when somebody there has, and nothing is said of it.
    """
    saved = save_list(occasion_id=occasion_id, wanted=wanted, actor=actor)
    same = Invitation.objects.filter(
        occasion=occasion_id,
        withdrawn_at__isnull=True,
        # The others are named on the page already; that one of these is there is not told.
        person__protected=False,
        person__first_name__iexact=first_name.strip(),
        person__last_name__iexact=last_name.strip(),
    )
    if same.exists() and not another:
        raise SameName(f"{first_name.strip()} {last_name.strip()}")
    add_temporary(occasion_id=occasion_id, first_name=first_name, last_name=last_name, actor=actor)
    return saved


@transaction.atomic
def add_temporary(*, occasion_id: int, first_name: str, last_name: str, actor: User) -> Person:
    """Write down someone who came and is not in the register, by name only, as present.

    Their hours are counted, and earn no co-financing until they are joined with an employee.
    """
    occasion = access.lock_open(occasion_id)
    access.ensure_marks(actor, occasion)
    now = timezone.now()
    minutes = queries.number_setting(occasion, "check_in_minutes_before")
    if now < occasion.starts_at - datetime.timedelta(minutes=minutes):
        raise NotBegun
    person = Person(
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        unit=occasion.district,
        # Not known until they are joined with someone in the register.
        publicly_employed=False,
        temporary=True,
    )
    person.full_clean()
    with operation(
        "attendance.temporary_person", actor=actor_of(actor), subject=occasion.public_id
    ):
        person.save()
        Invitation.objects.create(occasion=occasion, person=person)
        write_marks(occasion, {person.pk: (rules.PRESENT, "")}, actor=actor, now=now)
        recount(occasion_ids=[occasion.pk], person_ids=[person.pk])
    return person
