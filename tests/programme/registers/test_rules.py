"""Periods, lateness and comparisons, without a database."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.registers.rules import (
    Content,
    Line,
    Period,
    Standing,
    compare,
    day_in,
    is_late,
    period_of,
    standings,
)

TODAY = datetime.date(2026, 11, 28)
DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 12, 31))


def held(*days: str, rhythm: str = "year", warn_days: int = 60) -> dict[str, Standing]:
    found = standings(
        rhythm,
        datetime.date(2025, 1, 1),
        [datetime.date.fromisoformat(day) for day in days],
        today=TODAY,
        warn_days=warn_days,
    )
    return {f"{period.year}.{period.half}": standing for period, standing in found}


def test_a_year_that_is_over_without_an_entry_is_missing_and_this_one_is_soon() -> None:
    assert held() == {"2026.0": Standing.SOON, "2025.0": Standing.MISSING}


def test_an_entry_fills_the_year_of_its_own_day_only() -> None:
    assert held("2025-12-31") == {"2026.0": Standing.SOON, "2025.0": Standing.DONE}


def test_with_days_left_nothing_is_told() -> None:
    assert held("2025-05-01", warn_days=10)["2026.0"] is Standing.OPEN


def test_terms_are_halves_of_a_year() -> None:
    assert held("2025-07-01", "2026-06-30", rhythm="term") == {
        "2026.2": Standing.SOON,
        "2026.1": Standing.DONE,
        "2025.2": Standing.DONE,
        "2025.1": Standing.MISSING,
    }


@given(day=DAYS, rhythm=st.sampled_from(["year", "term"]))
def test_a_day_lies_in_its_period_and_in_no_other(day: datetime.date, rhythm: str) -> None:
    period = period_of(rhythm, day)
    assert period is not None
    assert period.first <= day <= period.last
    assert period.following().first == period.last + datetime.timedelta(days=1)


def test_without_a_rhythm_nothing_is_asked() -> None:
    assert standings("none", TODAY, [], today=TODAY, warn_days=60) == []


@pytest.mark.parametrize(
    ("day", "linked", "late"),
    [
        ("2026-11-27", False, True),
        ("2026-11-27", True, False),
        ("2026-11-28", False, False),
        ("2026-11-29", False, False),
    ],
)
def test_a_day_is_late_when_it_has_passed_without_a_link(
    day: str, linked: bool, late: bool
) -> None:
    assert is_late(day_in({"on": day}, "on"), linked, TODAY) is late


@pytest.mark.parametrize("value", ["", None, 3, "2026-02-31", ["2026-01-01"]])
def test_what_is_no_day_is_never_late(value: object) -> None:
    assert not is_late(day_in({"on": value}, "on"), False, TODAY)


def content(*lines: tuple[int, str, str], text: str = "") -> Content:
    return Content(
        text,
        {"what": "Insats", "on": "Dag"},
        [Line(number, {"what": what, "on": on}) for number, what, on in lines],
    )


def test_what_was_added_removed_and_changed_is_told_apart() -> None:
    found = compare(
        content((1, "A", "1 mars"), (2, "B", "2 mars"), (3, "C", "3 mars")),
        content((1, "A", "1 mars"), (3, "C", "4 mars"), (4, "D", "5 mars"), text="Ny"),
    )
    assert [one.number for one in found.added] == [4]
    assert [one.number for one in found.removed] == [2]
    assert [(one.number, one.differences[0].label) for one in found.changed] == [(3, "Dag")]
    assert (found.changed[0].differences[0].before, found.changed[0].differences[0].after) == (
        "3 mars",
        "4 mars",
    )
    assert found.same == 1
    assert found.text is not None


LINES = st.lists(
    st.tuples(st.integers(1, 9), st.sampled_from("AB"), st.sampled_from("12")),
    unique_by=lambda one: one[0],
)


@given(before=LINES, after=LINES)
def test_every_line_is_told_once_and_the_other_way_round_is_the_mirror(
    before: list[tuple[int, str, str]], after: list[tuple[int, str, str]]
) -> None:
    there = compare(content(*before), content(*after))
    back = compare(content(*after), content(*before))
    assert len(there.added) + len(there.changed) + there.same == len(after)
    assert len(there.removed) + len(there.changed) + there.same == len(before)
    assert [one.number for one in there.added] == [one.number for one in back.removed]
    assert compare(content(*before), content(*before)).empty


def test_a_content_is_read_back_as_it_was_written() -> None:
    made = content((1, "A", ""), text="T")
    assert Content.from_plain(made.to_plain()) == made


def test_the_last_period_of_a_year_leads_to_the_next() -> None:
    assert Period(2026, 2).following() == Period(2027, 1)
