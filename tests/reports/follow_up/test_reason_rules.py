"""No number of the table of reasons tells of a person, nor what can be worked out from them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import pytest

from reports.follow_up import reason_rules
from reports.follow_up.reason_rules import Leaver, Line, Table, table, together

LIMIT = 5
REASONS = 4


def those(number: int, sex: int, age: int, reason: int | None) -> list[Leaver]:
    return [Leaver(sex, age, reason)] * number


def shown(people: Sequence[Leaver], limit: int = LIMIT) -> Table:
    found = table(people, REASONS, limit)
    assert found is not None
    return found


def worked_out(found: Table) -> Iterator[int]:
    """Every number of the table, and what is left when any of the others are taken from a sum."""
    for line in (*found.lines, found.left, found.stayed):
        yield from (*line.numbers, line.total)
        sexes = len(found.sexes)
        for part in (line.numbers[:sexes], line.numbers[sexes:]):
            for size in range(len(part) + 1):
                yield from (line.total - sum(taken) for taken in combinations(part, size))
    for size in range(len(found.lines) + 1):
        for lines in combinations(found.lines, size):
            yield found.left.total - sum(line.total for line in lines)
            for at, number in enumerate(found.left.numbers):
                yield number - sum(line.numbers[at] for line in lines)


def tells(found: Table) -> bool:
    return any(0 < abs(number) < LIMIT for number in worked_out(found))


def some_people(seed: int) -> list[Leaver]:
    draw = random.Random(seed)
    return [
        Leaver(
            draw.choices((0, 1, 2, 3), (60, 30, 3, 1))[0],
            draw.choices((0, 1, 2, 3), (20, 50, 30, 2))[0],
            draw.choices(
                (None, 0, 1, 2, 3), (draw.choice((1, 10, 60)), 12, 6, 2, draw.choice((0, 9)))
            )[0],
        )
        for _each in range(draw.randrange(5, 160))
    ]


@pytest.mark.parametrize("seed", range(60))
def test_no_number_tells_of_a_person_nor_does_what_is_left_when_others_are_taken_away(
    seed: int,
) -> None:
    found = table(some_people(seed), REASONS, LIMIT)
    if found is None:
        return
    assert not tells(found)
    # Nothing is lost on the way: the rows are everyone who left, in every column.
    assert sum(line.total for line in found.lines) == found.left.total
    for at, number in enumerate(found.left.numbers):
        assert sum(line.numbers[at] for line in found.lines) == number
    assert sorted(at for line in found.lines for at in line.reasons) == list(range(REASONS))
    # Nor does a reason have everyone of a sex or an age who left.
    for line in found.lines:
        if len(line.reasons) == 1:
            assert not any(
                0 < one == every
                for one, every in zip(line.numbers, found.left.numbers, strict=True)
            )


def test_the_walk_would_see_what_tells() -> None:
    drawn = [found for seed in range(60) if (found := table(some_people(seed), REASONS, 1))]
    assert sum(tells(found) for found in drawn) > 30


PEOPLE = [
    *those(8, 0, 0, 0),
    *those(8, 1, 1, 0),
    *those(7, 0, 0, 1),
    *those(7, 1, 1, 1),
    *those(2, 0, 1, 2),
    *those(50, 0, 0, None),
    *those(50, 1, 1, None),
]


def test_a_row_of_few_is_added_to_the_least_of_the_others() -> None:
    found = shown(PEOPLE)
    assert [(line.reasons, line.total) for line in found.lines] == [((0,), 16), ((1, 2, 3), 16)]
    assert found.lines[1].numbers == (9, 7, 7, 9)
    assert (found.left.total, found.stayed.total) == (32, 100)


def test_rows_are_added_together_no_more_than_is_needed() -> None:
    rows = [
        Line((0,), (30, 30), 60),
        Line((1,), (20, 2), 22),
        Line((2,), (20, 3), 23),
        Line((3,), (9, 2), 11),
        Line((4,), (9, 4), 13),
    ]
    found = together(rows, LIMIT)
    assert [line.reasons for line in found] == [(0,), (1, 2), (3, 4)]
    assert [line.numbers for line in found] == [(30, 30), (40, 5), (18, 6)]
    # Without a need nothing is, not even rows of nobody.
    apart = [Line((0,), (6, 6), 12), Line((1,), (7, 7), 14), Line((2,), (0, 0), 0)]
    assert together(apart, LIMIT) == apart


def test_wider_bands_of_age_leave_more_reasons_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [
        person
        for reason in range(REASONS)
        for age, number in enumerate((3, 8, 9))
        for sex in (0, 1)
        for person in those(number if age else number - 2 * sex, sex, age, reason)
    ]
    people += [person for age in range(3) for sex in (0, 1) for person in those(30, sex, age, None)]
    found = shown(people)
    assert [column.values for column in found.ages] == [(0, 1), (2,)]
    assert len(found.lines) == REASONS
    monkeypatch.setattr(reason_rules, "_coarser", lambda columns: [columns])
    narrow = shown(people)
    assert [column.values for column in narrow.ages] == [(0,), (1,), (2,)]
    assert len(narrow.lines) < REASONS


def test_a_row_that_is_only_left_out_is_the_total_less_the_others() -> None:
    whole = shown(PEOPLE, limit=1)
    without = replace(whole, lines=tuple(line for line in whole.lines if line.total >= LIMIT))
    assert not any(0 < number < LIMIT for line in without.lines for number in line.numbers)
    assert tells(without)


def test_a_column_of_few_is_added_to_the_one_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reason_rules, "_coarser", lambda columns: [columns])
    few = [*PEOPLE, *those(1, 2, 1, 0), *those(9, 2, 1, None)]
    assert [column.values for column in shown(few).sexes] == [(0,), (1, 2)]
    assert [column.values for column in shown(few, limit=1).sexes] == [(0,), (1,), (2,)]
    # Few who have not left tell just as much, by way of the share.
    stayed = [*PEOPLE, *those(6, 2, 1, 0), *those(1, 2, 1, None)]
    assert [column.values for column in shown(stayed).sexes] == [(0,), (1, 2)]
    # So does that nobody has stayed: then everyone of them has left.
    nobody = [*PEOPLE, *those(6, 2, 1, 0)]
    assert [column.values for column in shown(nobody).sexes] == [(0,), (1, 2)]


def test_a_reason_that_everyone_of_a_sex_left_for_does_not_stand_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = [
        *those(6, 1, 0, 0),
        *those(6, 0, 0, 0),
        *those(9, 0, 0, 1),
        *those(12, 0, 0, 2),
        *those(30, 0, 0, None),
        *those(30, 1, 0, None),
    ]
    assert [line.reasons for line in shown(people).lines] == [(2,), (0, 1, 3)]
    monkeypatch.setattr(reason_rules, "_has_all_of_a_column", lambda row, whole: False)
    assert (0,) in [line.reasons for line in shown(people).lines]


def test_nothing_is_shown_of_few_who_left_or_few_who_stayed() -> None:
    stayed = those(50, 0, 0, None)
    assert table(stayed, REASONS, LIMIT) is None
    assert table([*stayed, *those(4, 0, 0, 1)], REASONS, LIMIT) is None
    assert table([*those(4, 0, 0, None), *those(50, 0, 0, 1)], REASONS, LIMIT) is None
    found = shown([*stayed, *those(5, 0, 0, 1)])
    # Everyone left for the same: all reasons stand together, so it does not say which.
    assert [line.reasons for line in found.lines] == [(0, 1, 2, 3)]
