"""What the forms of governance refuse before anything is tried."""

import datetime

import pytest

from programme.governance.forms import LAST, DayForm, MeetingForm, RulesForm


@pytest.mark.parametrize("text", ["9999-12-31", "1900-01-01", "2026-02-31", "x"])
def test_a_day_that_nobody_means_is_refused(text: str) -> None:
    """Months counted from the year 9999 would end outside the calendar, on every page."""
    assert "on" in DayForm({"on": text}).errors
    assert not DayForm({"on": LAST.isoformat()}).errors


@pytest.mark.django_db
def test_a_meeting_ends_after_it_begins() -> None:
    given = {"on": "2026-06-10", "begins": "10:00", "ends": "09:00", "place": "Rum 3"}
    assert "ends" in MeetingForm(given).errors
    form = MeetingForm({**given, "ends": "11:00"})
    assert form.is_valid()
    assert form.facts().starts_at.astimezone(datetime.UTC).hour == 8


def test_rules_have_a_period_that_is_known() -> None:
    given = {"least_meetings": 1, "period_months": 5, "quorum": 0, "decision": "SG"}
    form = RulesForm({**given, "valid_from": "2026-01-01"})
    assert "period_months" in form.errors
