"""No group in an extract is smaller than the limit, whatever the people are."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.evaluation import small_groups
from programme.evaluation.small_groups import HIDDEN, without_small

ORDER = (2, 1, 0)
PROFILES = st.tuples(st.sampled_from("ab"), st.sampled_from("cde"), st.sampled_from("fgh"))
PEOPLE = st.lists(PROFILES, max_size=40).map(
    lambda rows: {str(number): row for number, row in enumerate(rows)}
)


def many(**numbers: int) -> dict[str, tuple[str, ...]]:
    """So many people of each profile, written as its letters."""
    return {
        f"{letters}{number}": tuple(letters)
        for letters, count in numbers.items()
        for number in range(count)
    }


def shown(people: dict[str, tuple[str, ...]], limit: int = 5) -> Counter[str]:
    found = without_small(people, limit=limit, order=ORDER)
    return Counter("".join("*" if one == HIDDEN else one for one in row) for row in found.values())


@given(PEOPLE, st.integers(2, 8))
def test_no_group_is_smaller_than_the_limit(people: dict[str, tuple[str, ...]], limit: int) -> None:
    found = without_small(people, limit=limit, order=ORDER)
    assert set(found) == (set(people) if len(people) >= limit else set())
    assert all(count >= limit for count in Counter(found.values()).values())
    # What is shown is true.
    for code, row in found.items():
        assert all(value in (HIDDEN, own) for value, own in zip(row, people[code], strict=True))


@given(PEOPLE, st.integers(2, 8))
def test_the_order_of_the_people_changes_nothing(
    people: dict[str, tuple[str, ...]], limit: int
) -> None:
    turned = dict(reversed(people.items()))
    assert without_small(turned, limit=limit, order=ORDER) == without_small(
        people, limit=limit, order=ORDER
    )


def test_large_groups_are_untouched() -> None:
    assert shown(many(acf=5, acg=9)) == {"acf": 5, "acg": 9}


def test_two_small_groups_that_are_enough_together_hide_each_other() -> None:
    assert shown(many(acf=3, acg=2, ach=9)) == {"ac*": 5, "ach": 9}


def test_one_small_group_takes_the_least_of_its_neighbours_with_it() -> None:
    """Alone it would be known as what is left when the others are taken from the whole."""
    assert shown(many(acf=1, acg=6, ach=9)) == {"ac*": 7, "ach": 9}


def test_without_the_secondary_hiding_one_person_would_be_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: only the small group itself loses its value."""

    def alone(groups: dict[object, list[str]], limit: int) -> list[str]:
        return [code for codes in groups.values() if len(codes) < limit for code in codes]

    monkeypatch.setattr(small_groups, "_to_hide", alone)
    assert min(shown(many(acf=1, acg=6, ach=9)).values()) == 1


def test_whoever_is_still_alone_loses_all_together_with_the_least_group() -> None:
    assert shown(many(acf=2, adf=9, bcf=20)) == {"***": 11, "bcf": 20}


def test_too_few_in_all_give_nothing() -> None:
    assert shown(many(acf=4)) == {}
