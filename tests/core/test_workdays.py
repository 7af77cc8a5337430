"""Working days, with Swedish holidays."""

import datetime

import pytest

from core.workdays import add_working_days, is_working_day, working_days_between

D = datetime.date


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (D(2026, 1, 1), False),
        (D(2026, 1, 6), False),  # Epiphany
        (D(2026, 4, 3), False),  # Good Friday
        (D(2026, 5, 14), False),  # Ascension Day
        (D(2026, 6, 19), False),  # Midsummer Eve
        (D(2026, 12, 24), False),
        (D(2026, 12, 31), False),
        (D(2026, 11, 21), False),  # Saturday
        (D(2026, 11, 23), True),
        (D(2026, 5, 15), True),
    ],
)
def test_which_days_people_work(day: datetime.date, working: bool) -> None:
    assert is_working_day(day) is working


def test_a_deadline_steps_over_a_weekend_and_christmas() -> None:
    assert add_working_days(D(2026, 11, 20), 1) == D(2026, 11, 23)
    assert add_working_days(D(2026, 12, 23), 1) == D(2026, 12, 28)
    assert add_working_days(D(2026, 11, 21), 0) == D(2026, 11, 21)
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(D(2026, 11, 21), -1)


def test_counting_undoes_adding() -> None:
    for start in (D(2026, 11, 20), D(2026, 12, 22), D(2026, 6, 18)):
        for n in range(12):
            assert working_days_between(start, add_working_days(start, n)) == n
    assert working_days_between(D(2026, 11, 23), D(2026, 11, 20)) == -1
