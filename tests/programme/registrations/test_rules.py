"""Seats, shares and the line, on frozen values."""

import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.registrations.rules import (
    Candidate,
    Problem,
    Seats,
    Terms,
    Waiting,
    Why,
    explained,
    gets_a_seat,
    moved_to,
    offer_ends,
    problems,
    served,
)

NOW = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def test_a_share_is_for_the_district_and_the_pool_for_all() -> None:
    seats = Seats(10, {1: 4, 2: 2}, {1: 4, 2: 0, 3: 3})
    assert (seats.pool, seats.pool_left, seats.free) == (4, 1, 3)
    assert [seats.left_for(district) for district in (1, 2, 3)] == [1, 3, 1]


def test_a_released_share_is_for_all() -> None:
    assert Seats(10, {1: 4, 2: 2}, {3: 6}, released=True).left_for(3) == 4


def test_the_line_is_served_in_order_past_those_without_seats() -> None:
    seats = Seats(3, {1: 2}, {2: 1})
    line = [Waiting(11, 2), Waiting(12, 1), Waiting(13, 1), Waiting(14, 1)]
    assert [one.registration for one in served(seats, line)] == [12, 13]
    assert [one.why for one in explained(seats, line)] == [
        Why.SHARE_FULL,
        Why.NEXT,
        Why.NEXT,
        Why.BEHIND,
    ]
    full = Seats(3, {}, {2: 3})
    assert {one.why for one in explained(full, line)} == {Why.FULL}


def test_a_newcomer_does_not_pass_someone_in_line() -> None:
    assert gets_a_seat(Seats(2, {}, {1: 1}), [], 1)
    assert not gets_a_seat(Seats(2, {}, {1: 1}), [Waiting(1, 2)], 1)


seats_and_line = st.tuples(
    st.integers(0, 12),
    st.dictionaries(st.integers(1, 4), st.integers(0, 4)),
    st.dictionaries(st.integers(0, 4), st.integers(0, 4)),
    st.booleans(),
    st.lists(st.integers(0, 4), max_size=12),
)


# A crowded machine draws slowly, which says nothing of the rules.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seats_and_line)
def test_no_line_ever_gets_more_than_is_free(
    given: tuple[int, dict[int, int], dict[int, int], bool, list[int]],
) -> None:
    total, quotas, held, released, districts = given
    seats = Seats(total, quotas, held, released)
    line = [Waiting(number, district) for number, district in enumerate(districts)]
    getting = served(seats, line)
    assert len(getting) <= seats.free
    # Nobody is passed over who could have had one of the seats given later in the line.
    for one in line:
        if one not in getting:
            before = [each for each in getting if each.registration < one.registration]
            now = dict(held)
            for each in before:
                now[each.district] = now.get(each.district, 0) + 1
            assert Seats(total, quotas, now, released).left_for(one.district) == 0


def test_everything_that_speaks_against_is_said_at_once() -> None:
    terms = Terms(
        NOW + DAY, NOW + 2 * DAY, NOW + 3 * DAY, managers_until=NOW + DAY, needs_unit=True
    )
    who = Candidate(admitted=False, reached=False, elsewhere="Annat")
    assert problems(terms, who, NOW) == [
        Problem.NOT_YET,
        Problem.NOT_ADMITTED,
        Problem.MANAGERS_FIRST,
        Problem.NOT_REACHED,
        Problem.TWO_ROOMS,
    ]
    later = Candidate(admitted=True, is_manager=True)
    assert problems(terms, later, NOW + DAY) == []
    assert problems(terms, later, NOW + 3 * DAY) == [Problem.OVER, Problem.CLOSED]


def test_an_offer_never_outlives_the_start() -> None:
    assert offer_ends(NOW, 48, NOW + DAY) == NOW + DAY
    assert offer_ends(NOW, 12, NOW + DAY) == NOW + DAY / 2


def test_one_of_the_line_moves_and_the_rest_keep_their_order() -> None:
    assert moved_to([1, 2, 3, 4], 4, 2) == [1, 4, 2, 3]
    assert moved_to([1, 2, 3, 4], 1, 4) == [2, 3, 4, 1]
