"""Quorum, rhythm and follow-up, as pure rules."""

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.governance import rules
from programme.governance.rules import Lack, Met, Rhythm, SeatTaken

DAY = datetime.date
YES, NO = SeatTaken(True, "present"), SeatTaken(True, "absent")
PRESENTS = SeatTaken(False, "present")


def test_whoever_presents_counts_neither_towards_the_quorum_nor_the_votes() -> None:
    seats = [YES, SeatTaken(True, "substitute"), NO, PRESENTS, PRESENTS]
    assert rules.voters(seats) == 2
    assert rules.may_decide(seats, 2)
    assert not rules.may_decide(seats, 3)
    assert rules.votes_fit(seats, 1, 1)
    assert not rules.votes_fit(seats, 2, 1)
    # The control: with a vote, the same two would have been enough.
    assert rules.may_decide([*seats, YES], 3)


@given(st.lists(st.sampled_from([YES, NO, PRESENTS])), st.integers(0, 20))
def test_more_who_present_never_make_a_meeting_able_to_decide(
    seats: list[SeatTaken], quorum: int
) -> None:
    assert rules.may_decide(seats, quorum) == rules.may_decide([*seats, PRESENTS], quorum)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (DAY(2026, 1, 1), 2, DAY(2026, 3, 1)),
        (DAY(2025, 12, 31), 2, DAY(2026, 2, 28)),
        (DAY(2026, 11, 30), 3, DAY(2027, 2, 28)),
    ],
)
def test_months_later(day: DAY, months: int, expected: DAY) -> None:
    assert rules.months_later(day, months) == expected


@given(
    st.dates(DAY(2020, 1, 1), DAY(2035, 1, 1)), st.integers(0, 3000), st.sampled_from([3, 6, 12])
)
def test_periods_cover_the_time_once(first: DAY, days: int, months: int) -> None:
    last = first + datetime.timedelta(days=days)
    found = list(rules.periods(first, last, months))
    assert found[0].first == first
    assert found[-1].last == last
    for before, after in itertools.pairwise(found):
        assert after.first == before.last + datetime.timedelta(days=1)


def test_three_years_are_six_terms() -> None:
    assert len(list(rules.periods(DAY(2026, 1, 1), DAY(2028, 12, 31), 6))) == 6


def rhythm(**given: object) -> Rhythm:
    known: dict[str, object] = {
        "first_day": DAY(2026, 1, 1),
        "last_day": DAY(2028, 12, 31),
        "least": 1,
        "period_months": 6,
        **given,
    }
    return Rhythm(**known)  # type: ignore[arg-type]


FIRST = {"first_by": DAY(2026, 3, 1), "first_topics": frozenset({"projektplan", "tidsplan"})}
BOTH = frozenset({"projektplan", "tidsplan"})


def lacks(found: list[rules.Missing]) -> list[Lack]:
    return [one.lack for one in found]


def test_the_first_meeting_is_due_within_two_months() -> None:
    nothing: list[Met] = []
    soon = rules.missing(rhythm(**FIRST), nothing, DAY(2026, 3, 1))
    assert lacks(soon) == [Lack.FIRST_TO_CALL, Lack.PERIOD_TO_CALL]
    late = rules.missing(rhythm(**FIRST), nothing, DAY(2026, 3, 2))
    assert lacks(late)[0] is Lack.FIRST_LATE
    called = [Met(DAY(2026, 2, 20), held=False)]
    assert rules.missing(rhythm(**FIRST), called, DAY(2026, 2, 1)) == []
    # Called and never held is as late as nothing.
    assert Lack.FIRST_LATE in lacks(rules.missing(rhythm(**FIRST), called, DAY(2026, 4, 1)))


def test_the_first_meeting_has_both_plans_on_its_agenda() -> None:
    bare = [Met(DAY(2026, 2, 20), held=True, topics=frozenset({"projektplan"}))]
    found = rules.missing(rhythm(**FIRST), bare, DAY(2026, 3, 5))
    assert lacks(found) == [Lack.FIRST_TOPICS]
    assert found[0].topics == {"tidsplan"}
    whole = [Met(DAY(2026, 2, 20), held=True, topics=BOTH)]
    assert rules.missing(rhythm(**FIRST), whole, DAY(2026, 3, 5)) == []


def test_a_reference_group_meets_each_term() -> None:
    spring = [Met(DAY(2026, 3, 18), held=True)]
    assert rules.missing(rhythm(), spring, DAY(2026, 6, 30)) == []
    autumn = rules.missing(rhythm(), spring, DAY(2026, 9, 1))
    assert [(one.lack, one.first) for one in autumn] == [(Lack.PERIOD_TO_CALL, DAY(2026, 7, 1))]
    called = [*spring, Met(DAY(2026, 11, 4), held=False)]
    assert rules.missing(rhythm(), called, DAY(2026, 9, 1)) == []
    after = rules.missing(rhythm(), called, DAY(2027, 1, 2))
    assert [(one.lack, one.last) for one in after] == [
        (Lack.PERIOD_MISSED, DAY(2026, 12, 31)),
        (Lack.PERIOD_TO_CALL, DAY(2027, 6, 30)),
    ]


def test_a_decision_is_overdue_the_day_after() -> None:
    assert not rules.is_overdue(DAY(2026, 5, 1), None, DAY(2026, 5, 1))
    assert rules.is_overdue(DAY(2026, 5, 1), None, DAY(2026, 5, 2))
    assert not rules.is_overdue(DAY(2026, 5, 1), DAY(2026, 6, 1), DAY(2026, 7, 1))
    assert not rules.is_overdue(None, None, DAY(2030, 1, 1))
