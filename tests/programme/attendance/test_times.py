"""Dates and durations as meeting services write them."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from programme.attendance.meeting import times

ZONE = ZoneInfo("Europe/Stockholm")
DAY = datetime.date(2026, 3, 5)
SAID = datetime.datetime(2026, 3, 5, 8, 58, 12, tzinfo=ZONE)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05 08:58:12",
        "2026-03-05T08:58:12",
        "3/5/2026, 8:58:12 AM",
        "5/3/2026, 8:58:12 AM",
        "3/5/26, 8:58:12\u202fAM",
        "5/3/2026 08:58:12",
        "05.03.2026, 08:58:12",
        "2026-03-05 kl 08.58.12".replace("kl ", ""),
        "2026/03/05 8:58:12 fm",
    ],
)
def test_the_same_moment_in_many_spellings(text: str) -> None:
    assert times.moment(text, day=DAY, zone=ZONE) == SAID


def test_afternoon_and_midnight_by_twelve_hours() -> None:
    for text, hour in (("12:05 AM", 0), ("12:05 PM", 12), ("1:05 PM", 13), ("1:05 em", 13)):
        found = times.moment(f"2026-03-05 {text}", day=DAY, zone=ZONE)
        assert found is not None
        assert found.hour == hour


def test_day_and_month_that_cannot_be_told_apart_are_not_guessed() -> None:
    with pytest.raises(times.Ambiguous):
        times.moment("4/6/2026 08:58:12", day=DAY, zone=ZONE)
    found = times.moment("4/16/2026 08:58:12", day=DAY, zone=ZONE)
    assert found is not None
    assert found.date() == datetime.date(2026, 4, 16)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5/3/2026",
        "in går 08:58",
        "2026-13-41 08:58",
        "25:99",
        "0001-01-01 00:00",
        "9999-12-31 23:59",
    ],
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert times.moment(text, day=DAY, zone=ZONE) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1 tim 2 min 3 s", 3723),
        ("1h 2m 3s", 3723),
        ("2 min 3 sek", 123),
        ("1 timme 2 minuter", 3720),
        ("1:02:03", 3723),
        ("62", 3720),
        ("45s", 45),
        ("", None),
        ("länge", None),
        ("²", None),
        ("99999999999999999999", None),
        ("9" * 900 + " h", None),
        ("99999999:00:00", None),
    ],
)
def test_durations_in_two_languages(text: str, seconds: int | None) -> None:
    assert times.duration(text) == seconds
