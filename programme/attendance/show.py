"""What the staff list shows: rows with words, times as fields, and what to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from people.access import held_by
from people.display import name_of
from people.models import Capability, Person, User
from people.privacy import TIME_REPORTING, never_informed
from programme.attendance import access, queries, rules, words
from programme.hours.closed import is_locked
from programme.hours.words import OPEN_END_LOST
from programme.models import Occasion, Segment


@dataclass(frozen=True)
class TimeFields:
    """An in and an out on the page."""

    id: str
    began: str
    ended: str
    source: str | Promise = ""


@dataclass
class Row:
    """One person of the list, as the page shows it."""

    key: str
    name: str
    unit: str
    mark: str
    note: str
    times: list[TimeFields]
    was: str
    reason: str = ""
    words: str | Promise = ""
    colour: str = ""
    now_words: str | Promise = ""
    marked_by: str = ""
    marked_at: Any = None
    answer: str = ""
    said_no: bool = False
    temporary: bool = False
    shares_device: bool = False
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    stale: bool = False
    open: bool = False
    # The month is locked, and whoever looks may propose what should have been.
    may_propose: bool = False
    # Has not been told why time is reported.
    uninformed: bool = False


def list_page(
    occasion: Occasion,
    viewer: User,
    *,
    wanted: Mapping[str, rules.Wanted] | None = None,
    problems: Mapping[str, list[str]] | None = None,
    stale: Sequence[str] = (),
) -> dict[str, Any]:
    """The list's rows and sums.

    :param wanted: what was filled in, when it could not be saved.
    :param stale: persons whom someone else has marked meanwhile.
    """
    seats = queries.roster(occasion)
    found = queries.clashes_at(
        occasion,
        [seat.person.pk for seat in seats],
        tolerated=queries.number_setting(occasion, "overlap_minutes_tolerated"),
    )
    warnings: dict[int, list[str]] = {}
    for each in found:
        warnings.setdefault(each.person_id, []).append(words.clash(each.clash, occasion))
    for person_id in queries.never_out(occasion, seats, timezone.now()):
        warnings.setdefault(person_id, []).append(str(OPEN_END_LOST))
    locked = is_locked(
        programme_id=occasion.programme_id, day=timezone.localdate(occasion.starts_at)
    )
    units = access.sees_more_than_names(viewer, occasion)
    uninformed = never_informed(
        (seat.person.pk for seat in seats if not seat.person.temporary), TIME_REPORTING
    )
    rows = []
    for seat in seats:
        row = _row(seat, viewer, with_unit=units)
        row.may_propose = locked and _may_propose(viewer, seat.person)
        row.warnings = warnings.get(seat.person.pk, [])
        row.uninformed = seat.person.pk in uninformed
        row.problems = list((problems or {}).get(seat.key, ()))
        row.stale = seat.key in stale
        if wanted and seat.key in wanted:
            _keep(row, wanted[seat.key])
        row.open = bool(row.problems or row.stale)
        rows.append(row)
    marks = [seat.standing.mark for seat in seats]
    unsure = [seat for seat in seats if seat.standing.mark == rules.UNMARKED and not seat.said_no]
    return {
        "rows": rows,
        "month_locked": locked,
        "marks": [(value, *words.MARKS[value]) for value in rules.MARKS],
        "sums": [(words.MARKS[value], marks.count(value)) for value in rules.MARKS],
        # Who said that they cannot come are marked one by one, and never with the rest.
        "unmarked": len(unsure),
        "uninformed": len(uninformed),
        "said_no": sum(seat.said_no for seat in seats),
    }


def _may_propose(viewer: User, person: Person) -> bool:
    """Whoever checks the person's hours, never their own; a name's too, which is joined no more."""
    if person.user_id == viewer.pk:
        return False
    return held_by(viewer).covers(Capability.CHECK_HOURS, person.unit)


def _row(seat: queries.Seat, viewer: User, *, with_unit: bool) -> Row:
    zone = queries.ZONE()
    said, colour = words.MARKS[seat.standing.mark]
    by = seat.attendance.marked_by if seat.attendance else None
    return Row(
        key=seat.key,
        name=name_of(seat.person, viewer),
        unit=seat.person.unit.name if with_unit and not seat.person.temporary else "",
        mark=seat.standing.mark,
        note=seat.standing.note,
        times=[_fields(segment) for segment in seat.segments],
        was=seat.standing.written(zone),
        words=said,
        colour=colour,
        now_words=said,
        marked_by=by.get_full_name() if by else "",
        marked_at=seat.attendance.marked_at if seat.attendance else None,
        answer=seat.invitation.get_answer_display() if seat.invitation.answer else "",
        said_no=seat.said_no,
        temporary=seat.person.temporary,
        shares_device=seat.shares_device,
    )


def _fields(segment: Segment) -> TimeFields:
    zone = queries.ZONE()
    return TimeFields(
        segment.public_id,
        rules.hour(segment.began_at, zone),
        rules.hour(segment.ended_at, zone),
        segment.get_source_display(),
    )


def _keep(row: Row, wanted: rules.Wanted) -> None:
    """What was filled in stays in the fields; the row remembers what stands now."""
    zone = queries.ZONE()
    row.mark, row.note, row.reason = wanted.mark, wanted.note, wanted.reason
    typed = {each.segment: each.written(zone) for each in wanted.times if each.segment}
    kept = [
        TimeFields(each.id, *typed.get(each.id, (each.began, each.ended)), each.source)
        for each in row.times
    ]
    new = [each.written(zone) for each in wanted.times if not each.segment]
    kept += [
        TimeFields(f"newkept{number}", *fields) for number, fields in enumerate(filter(any, new))
    ]
    row.times = kept
