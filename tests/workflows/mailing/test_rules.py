"""When messages are held, how words are filled in, and what may not stand in them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import is_working_day
from workflows.mailing import rules
from workflows.mailing.rules import Finding, Plan

NIGHT = Plan(datetime.time(18), datetime.time(7), True, datetime.time(8))
LUNCH = Plan(datetime.time(12), datetime.time(13), False, datetime.time(8))
# A Monday without a holiday near it.
MONDAY = datetime.datetime(2027, 3, 15, 9)


def at(hour: int, *, days: int = 0) -> datetime.datetime:
    return MONDAY.replace(hour=hour) + datetime.timedelta(days=days)


@pytest.mark.parametrize(
    ("plan", "moment", "until"),
    [
        (NIGHT, at(9), None),
        (NIGHT, at(17), None),
        (NIGHT, at(18), at(7, days=1)),
        (NIGHT, at(23), at(7, days=1)),
        (NIGHT, at(3), at(7)),
        (NIGHT, at(7), None),
        # Friday evening waits for Monday morning, and so does the weekend.
        (NIGHT, at(19, days=4), at(7, days=7)),
        (NIGHT, at(12, days=5), at(7, days=7)),
        (LUNCH, at(12), at(13)),
        (LUNCH, at(12, days=5), at(13, days=5)),
        (LUNCH, at(3, days=5), None),
    ],
)
def test_a_message_is_held_until_the_quiet_hours_end(
    plan: Plan, moment: datetime.datetime, until: datetime.datetime | None
) -> None:
    assert rules.quiet_until(plan, moment, is_working_day) == until


def test_good_friday_to_easter_monday_is_one_long_quiet() -> None:
    thursday = datetime.datetime(2027, 3, 25, 18, 30)
    assert rules.quiet_until(NIGHT, thursday, is_working_day) == datetime.datetime(2027, 3, 30, 7)


@given(
    st.builds(
        Plan,
        st.times(),
        st.times(),
        st.booleans(),
        st.times(),
    ),
    st.datetimes(datetime.datetime(2026, 1, 1), datetime.datetime(2028, 12, 1)),
)
def test_what_was_held_goes_out_when_it_is_not_quiet(plan: Plan, moment: datetime.datetime) -> None:
    until = rules.quiet_until(plan, moment, is_working_day)
    if until is None:
        assert not rules.is_quiet(plan, moment, is_working_day)
    else:
        assert until > moment
        assert not rules.is_quiet(plan, until, is_working_day)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(at(7), at(8)), (at(8), at(8, days=1)), (at(9, days=4), at(8, days=7))],
)
def test_the_summary_comes_once_a_working_day(
    moment: datetime.datetime, expected: datetime.datetime
) -> None:
    assert rules.next_digest(NIGHT, moment, is_working_day) == expected


def test_a_value_is_filled_in_once_and_never_read_for_more() -> None:
    assert rules.fill("Om {title}: {day}", {"title": "{day} {x}", "day": "i dag"}) == (
        "Om {day} {x}: i dag"
    )


def test_what_has_no_value_leaves_no_braces() -> None:
    assert rules.fill("Plats: {place}", {}) == "Plats: "


@pytest.mark.parametrize(
    ("value", "inert"),
    [
        ("Kurs\nBcc: alla@example.org", "Kurs Bcc: alla@example.org"),
        ("https://example.org/x", "https : //example.org/x"),
        ("JavaScript:alert(1)", "JavaScript :alert(1)"),
        ("www.example.org", "www .example.org"),
        ("\x00Sal\u202e B", "Sal B"),
    ],
)
def test_a_value_is_never_a_link_or_a_line(value: str, inert: str) -> None:
    assert rules.inert(value) == inert.replace("https : //", "https :" + "//")


def test_placeholders_are_renamed_both_ways() -> None:
    words = {"reference": "ärende", "due": "sista dag"}
    back = {word: key for key, word in words.items()}
    text = "{reference} ska beslutas {due}. {other}"
    shown = rules.renamed(text, words)
    assert shown == "{ärende} ska beslutas {sista dag}. {other}"
    assert rules.renamed(shown, back) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ring 08-508 12 345 i dag", [(Finding.PHONE, "08-508 12 345")]),
        ("Skriv till anna@example.org.", [(Finding.EMAIL, "anna@example.org")]),
        ("Det gäller 19850314-9876", [(Finding.PERSONAL_NUMBER, "19850314-9876")]),
        ("Det gäller 850374-9876", [(Finding.PERSONAL_NUMBER, "850374-9876")]),
        ("Ärende N-2027-0042 den 2027-03-15 kl. 9.00", []),
        ("26 timmar av 28 520, 417 kr", []),
        ("Dnr 25-021-S02", []),
    ],
)
def test_personal_data_are_found_and_references_are_not(
    text: str, found: list[tuple[Finding, str]]
) -> None:
    assert rules.personal_data_in(text) == found


HOUR = datetime.timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (at(6) - HOUR, False),
        (at(6), True),
        (at(6) + 11 * HOUR, True),
        (at(6) + 12 * HOUR, False),
    ],
)
def test_a_rule_is_due_from_its_moment_and_not_for_long(now: datetime.datetime, due: bool) -> None:
    begins = at(6) + 72 * HOUR
    assert (
        rules.is_due(
            begins=begins,
            ends=begins + 4 * HOUR,
            hours=72,
            before=True,
            now=now,
            since=at(0),
            window=12 * HOUR,
        )
        is due
    )


def test_what_was_due_before_the_rule_was_made_is_not_sent() -> None:
    common = {"begins": at(9), "ends": at(13), "hours": 1, "before": False, "window": 12 * HOUR}
    assert rules.is_due(**common, now=at(15), since=at(13))  # type: ignore[arg-type]
    assert not rules.is_due(**common, now=at(15), since=at(14))  # type: ignore[arg-type]
