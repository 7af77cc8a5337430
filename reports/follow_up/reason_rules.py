"""Reasons for leaving by sex and by age, so put together that no number tells of a person: pure.

Nothing is blotted out: columns and rows of few are added to others, so that every number shown
is the sum of whole cells and nothing smaller can be worked out from the sums.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

Counts = tuple[int, ...]


@dataclass(frozen=True)
class Leaver:
    """One participant, counted once: their sex, their age band, and why they left if they did."""

    sex: int
    age: int
    # The place of the reason among the rows; nothing for whoever has not left.
    reason: int | None


@dataclass(frozen=True)
class Column:
    """One or several values of sex, or of age, that are counted together."""

    values: tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """One or several reasons that are counted together, with a number for each column."""

    reasons: tuple[int, ...]
    numbers: Counts
    total: int


@dataclass(frozen=True)
class Table:
    """What may be shown; the sexes' columns come first, then the ages'."""

    sexes: tuple[Column, ...]
    ages: tuple[Column, ...]
    lines: tuple[Line, ...]
    left: Line
    stayed: Line


def table(people: Sequence[Leaver], reasons: int, limit: int) -> Table | None:
    """The table, or nothing when so few have left, or so few are left, that it would tell.

    :param reasons: how many rows there are.
    """
    left = [one for one in people if one.reason is not None]
    stayed = [one for one in people if one.reason is None]
    if not left or small(len(left), limit) or small(len(stayed), limit):
        return None
    sexes = _columns(left, stayed, lambda one: one.sex, limit)
    ages = _columns(left, stayed, lambda one: one.age, limit)
    made = [
        _made(left, stayed, reasons, wide, bands, limit)
        for wide in _coarser(sexes)
        for bands in _coarser(ages)
    ]
    # Fewer columns can leave more reasons apart: whichever has the most to read.
    return max(made, key=lambda one: len(one.lines) * (len(one.sexes) + len(one.ages)))


def _made(
    left: Sequence[Leaver],
    stayed: Sequence[Leaver],
    reasons: int,
    sexes: tuple[Column, ...],
    ages: tuple[Column, ...],
    limit: int,
) -> Table:
    def line(which: tuple[int, ...], among: Iterable[Leaver]) -> Line:
        chosen = list(among)
        numbers = (
            *(sum(one.sex in column.values for one in chosen) for column in sexes),
            *(sum(one.age in column.values for one in chosen) for column in ages),
        )
        return Line(which, numbers, len(chosen))

    rows = [line((at,), [one for one in left if one.reason == at]) for at in range(reasons)]
    return Table(sexes, ages, tuple(together(rows, limit)), line((), left), line((), stayed))


def _coarser(columns: tuple[Column, ...]) -> Iterator[tuple[Column, ...]]:
    """The columns as they are, and every way to add some to those beside them; two at least."""
    yield columns
    for number in range(len(columns) - 1, 1, -1):
        for cuts in combinations(range(1, len(columns)), number - 1):
            yield tuple(
                Column(tuple(value for one in columns[first:last] for value in one.values))
                for first, last in pairwise((0, *cuts, len(columns)))
            )


def small(number: int, limit: int) -> bool:
    """Whether somebody is counted, and so few that it tells of them."""
    return 0 < number < limit


def together(rows: Sequence[Line], limit: int) -> list[Line]:
    """The rows, the least of those that tell added to the least of the others until none does.

    Alone, a row that is hidden is the total less the others. Rows of nobody go with those that
    are added together: that they stand alone would tell that the others do not.
    """
    whole = _added(rows)
    groups, tell = [row for row in rows if row.total], False
    while True:
        groups.sort(key=lambda row: (row.total, row.reasons))
        at = next((row for row in groups if _tells(row, limit, whole)), None)
        tell = tell or at is not None
        if at is None or len(groups) == 1:
            break
        groups.remove(at)
        groups.append(_added((at, groups.pop(0))))
    nobody = [row for row in rows if not row.total]
    if tell and nobody:
        least = next((row for row in groups if len(row.reasons) > 1), groups[0])
        groups[groups.index(least)] = _added((least, *nobody))
        nobody = []
    return sorted((*groups, *nobody), key=lambda row: (len(row.reasons) > 1, row.reasons))


def _tells(row: Line, limit: int, whole: Line) -> bool:
    few = any(small(number, limit) for number in (*row.numbers, row.total))
    return few or (len(row.reasons) == 1 and _has_all_of_a_column(row, whole))


def _has_all_of_a_column(row: Line, whole: Line) -> bool:
    """Whether everyone of a sex or an age who left did so for this: then it tells of each of them."""
    return any(
        0 < number == every for number, every in zip(row.numbers, whole.numbers, strict=True)
    )


def _added(rows: Sequence[Line]) -> Line:
    return Line(
        tuple(sorted(at for row in rows for at in row.reasons)),
        tuple(sum(each) for each in zip(*(row.numbers for row in rows), strict=True)),
        sum(row.total for row in rows),
    )


def _columns(
    left: Sequence[Leaver], stayed: Sequence[Leaver], of: Callable[[Leaver], int], limit: int
) -> tuple[Column, ...]:
    """The values that anybody has, each few added to its lesser neighbour."""
    values = sorted({of(one) for one in (*left, *stayed)})
    gone, here = _count(left, of), _count(stayed, of)
    found: list[tuple[Counts, int, int]] = [
        ((value,), gone.get(value, 0), here.get(value, 0)) for value in values
    ]
    while len(found) > 1:
        at = next((n for n, (_, one, other) in enumerate(found) if _few(one, other, limit)), None)
        if at is None:
            break
        near = [n for n in (at - 1, at + 1) if 0 <= n < len(found)]
        first = min(at, min(near, key=lambda n: found[n][1] + found[n][2]))
        one, other = found[first : first + 2]
        found[first : first + 2] = [(one[0] + other[0], one[1] + other[1], one[2] + other[2])]
    return tuple(Column(one[0]) for one in found)


def _few(gone: int, here: int, limit: int) -> bool:
    """Whether a column tells: of the few in it, or that each and every one in it has left."""
    return small(gone, limit) or small(here, limit) or 0 < gone == gone + here


def _count(people: Iterable[Leaver], of: Callable[[Leaver], int]) -> Mapping[int, int]:
    found: dict[int, int] = {}
    for one in people:
        found[of(one)] = found.get(of(one), 0) + 1
    return found
