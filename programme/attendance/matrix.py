"""A group's participants against its occasions, and what nobody has marked (4.18, R-074)."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise

from people.display import name_of
from people.models import Person, User
from people.ordering import by_name
from programme.attendance import access, queries, rules, words
from programme.hours.reading import merged_persons
from programme.models import Attendance, CountedTime, Group, Invitation, Occasion


@dataclass(frozen=True)
class Cell:
    """One person at one occasion."""

    expected: bool
    words: str | Promise = ""
    colour: str = ""
    minutes: int | None = None
    late: bool = False


@dataclass
class Line:
    """One person's row."""

    name: str
    unit: str
    cells: list[Cell] = field(default_factory=list)
    minutes: int = 0
    present: int = 0
    expected: int = 0
    ended: bool = False


@dataclass(frozen=True)
class Column:
    """One occasion's head and sums."""

    occasion: Occasion
    present: int
    expected: int
    minutes: int
    unmarked: int


@dataclass(frozen=True)
class Matrix:
    """The whole table."""

    columns: list[Column]
    lines: list[Line]
    minutes: int
    # Whether hours and sums are shown: not to somebody who only teaches.
    figures: bool = True


def of_group(group: Group, viewer: User, now: datetime.datetime) -> Matrix:
    """The group's table; the same few queries for any number of persons and occasions.

    Somebody procured who only teaches gets their own occasions: who was expected there and
    the marks, without hours, sums or workplaces (R-081).
    """
    everything = access.sees_more_of_group(viewer, group)
    standing = Occasion.objects.standing().filter(group=group)
    if not everything:
        standing = standing.filter(pk__in=Occasion.objects.taught_by(viewer).values("pk"))
    occasions = list(standing)
    merged = merged_persons()
    seats: dict[tuple[int, int], bool] = {}
    for person, at, withdrawn in Invitation.objects.filter(occasion__in=occasions).values_list(
        "person_id", "occasion_id", "withdrawn_at"
    ):
        seat = (merged.get(person, person), at)
        seats[seat] = seats.get(seat, False) or withdrawn is None
    marks: dict[tuple[int, int], str] = {}
    for person, at, mark in Attendance.objects.filter(occasion__in=occasions).values_list(
        "person_id", "occasion_id", "mark"
    ):
        seat = (merged.get(person, person), at)
        marks[seat] = mark or marks.get(seat, "")
    minutes = _counted(occasions) if everything else {}
    ids = {person for (person, _at), here in seats.items() if here} | {p for p, _at in minutes}
    persons = Person.objects.filter(pk__in=ids).select_related("unit").order_by(*by_name(), "pk")
    lines = [
        _line(person, viewer, occasions, _Known(seats, marks, minutes, now, everything))
        for person in persons
    ]
    columns = [_column(place, occasion, lines) for place, occasion in enumerate(occasions)]
    return Matrix(columns, lines, sum(line.minutes for line in lines), figures=everything)


def _counted(occasions: Sequence[Occasion]) -> dict[tuple[int, int], int]:
    """Counted minutes by person and occasion."""
    rows = CountedTime.objects.filter(occasion__in=occasions, current=True)
    return {
        (person, at): counted
        for person, at, counted in rows.values_list("person_id", "occasion_id", "minutes")
    }


@dataclass(frozen=True)
class _Known:
    seats: dict[tuple[int, int], bool]
    marks: dict[tuple[int, int], str]
    minutes: dict[tuple[int, int], int]
    now: datetime.datetime
    # Whether the viewer may read where people work.
    units: bool


def _line(person: Person, viewer: User, occasions: Sequence[Occasion], known: _Known) -> Line:
    shows_unit = known.units and not person.temporary
    line = Line(name_of(person, viewer), person.unit.name if shows_unit else "")
    for occasion in occasions:
        seat = (person.pk, occasion.pk)
        mark, expected = known.marks.get(seat, ""), known.seats.get(seat, False)
        counted = known.minutes.get(seat)
        shown = expected or bool(mark)
        said, colour = words.MARKS[mark]
        late = shown and not mark and occasion.ends_at < known.now
        line.cells.append(Cell(shown, said, "red" if late else colour, counted, late))
        line.minutes += counted or 0
        line.present += mark == "present"
        line.expected += shown
    return line


def _column(place: int, occasion: Occasion, lines: Sequence[Line]) -> Column:
    cells = [line.cells[place] for line in lines]
    present = words.MARKS["present"][0]
    return Column(
        occasion,
        sum(1 for cell in cells if cell.expected and cell.words == present),
        sum(1 for cell in cells if cell.expected),
        sum(cell.minutes or 0 for cell in cells),
        sum(1 for cell in cells if cell.late),
    )


@dataclass(frozen=True)
class Overdue:
    """An occasion that has ended while some are not marked."""

    occasion: Occasion
    unmarked: int


def overdue_for(user: User, now: datetime.datetime) -> list[Overdue]:
    """Ended occasions that the user marks and somebody is not marked at, oldest first."""
    mine = access.marked_by(user)
    missing = queries.overdue(mine, now)
    occasions = Occasion.objects.filter(pk__in=list(missing)).select_related("group", "district")
    return [Overdue(each, missing[each.pk]) for each in occasions]


def never_out_for(user: User, now: datetime.datetime) -> list[tuple[Occasion, int]]:
    """Ended occasions that the user marks, each with how many never checked out of it."""
    return queries.never_out_at(access.marked_by(user), now)


@dataclass(frozen=True)
class Doubled:
    """Someone who is said to have been at two occasions at once."""

    name: str
    person: Person
    title: str
    other: str
    address: str
    minutes: int


def doubled_for(user: User) -> list[Doubled]:
    """Persons in two places at once by the user's occasions: codes and reports do not stop it."""
    mine = list(access.marked_by(user).select_related("programme").order_by("starts_at"))
    overlapping: dict[int, Occasion] = {}
    everything = list(
        Occasion.objects.standing()
        .filter(
            starts_at__lt=max((each.ends_at for each in mine), default=_NEVER),
            ends_at__gt=min((each.starts_at for each in mine), default=_NEVER),
        )
        .order_by("starts_at")
    )
    latest: Occasion | None = None
    for each in everything:
        if latest is not None and each.starts_at < latest.ends_at:
            overlapping[each.pk], overlapping[latest.pk] = each, latest
        if latest is None or each.ends_at > latest.ends_at:
            latest = each
    return _doubles(user, {each.pk for each in mine}, overlapping)


_NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def _doubles(user: User, mine: set[int], overlapping: dict[int, Occasion]) -> list[Doubled]:
    if not overlapping:
        return []
    ids = queries.present_twice(list(overlapping))
    known = queries.presences(list(overlapping.values()), sorted(ids))
    public = {each.public_id: each for each in overlapping.values()}
    found: dict[int, list[rules.Clash]] = defaultdict(list)
    for person, at in known.items():
        for clash in rules.clashes(list(at.values()), tolerated=0):
            ours = {public[clash.one.occasion].pk, public[clash.other.occasion].pk} & mine
            if clash.blocking and ours:
                found[person].append(clash)
    persons = Person.objects.select_related("unit").in_bulk(list(found))
    return [
        Doubled(
            name_of(persons[pk], user),
            persons[pk],
            clash.one.title,
            clash.other.title,
            clash.one.occasion,
            clash.minutes,
        )
        for pk, several in found.items()
        for clash in several
    ]
