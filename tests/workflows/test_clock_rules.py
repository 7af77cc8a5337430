"""When silence is due for what: the pure days."""

import datetime
from datetime import date

import pytest

from workflows.clock import Ahead, Tick, Waited, ahead, due, reminder_day
from workflows.rules import Step

MONDAY = date(2026, 11, 2)
DUE = date(2026, 11, 9)
PLAIN = Step(key="a", name="A", role="r")
FULL = Step(
    key="a", name="A", role="r", remind_before=1, escalate_to="s", escalate_after=2, lapse_after=3
)
NEVER = Step(key="a", name="A", role="r", remind_before=None)


def waited(step: Step, **done: date) -> Waited:
    return Waited(step, MONDAY, DUE, done)


def days_until(step: Step, until: date, *, off: range = range(0), **more: bool) -> list[str]:
    """Run the clock every day to a day, except on the days it was off: what it did when."""
    done: dict[str, date] = {}
    story = []
    for n in range((until - MONDAY).days + 1):
        today = MONDAY + datetime.timedelta(days=n)
        if n in off:
            continue
        for _again in range(2):
            for tick in due(Waited(step, MONDAY, DUE, done, **more), today):
                done[tick.value] = today
                story.append(f"{today:%d} {tick.value}")
    return story


def test_a_plain_step_is_reminded_and_then_the_office_is_told() -> None:
    assert days_until(PLAIN, date(2026, 12, 30)) == ["06 reminded", "11 office_told"]


def test_help_is_called_and_the_silent_case_lapses() -> None:
    assert days_until(FULL, date(2026, 12, 30)) == ["06 reminded", "11 escalated", "16 lapsed"]


def test_without_a_lapse_the_office_is_told_when_the_help_is_silent_too() -> None:
    step = Step(key="a", name="A", role="r", escalate_to="s", escalate_after=2)
    story = days_until(step, date(2026, 12, 30))
    assert story == ["06 reminded", "11 escalated", "13 office_told"]


def test_a_step_without_a_reminder_is_never_reminded() -> None:
    assert days_until(NEVER, DUE) == []


def test_after_a_week_without_the_clock_everything_is_done_once() -> None:
    # Off from the 5th to the 17th: reminder and help on the 18th, the end three days later.
    assert days_until(FULL, date(2026, 12, 30), off=range(3, 16)) == [
        "18 reminded",
        "18 escalated",
        "23 lapsed",
    ]


def test_nothing_happens_on_a_free_day() -> None:
    saturday, christmas = date(2026, 11, 14), date(2026, 12, 25)
    for day in (saturday, christmas):
        assert due(waited(FULL), day) == ()
    assert due(waited(FULL), date(2026, 11, 16)) == (Tick.REMIND, Tick.ESCALATE)


def test_holidays_are_no_days_of_silence() -> None:
    # Due on 22 December: 24, 25, 26 and 31 December and 1 January count as free.
    waiting = Waited(
        FULL, date(2026, 12, 15), date(2026, 12, 22), {Tick.REMIND: date(2026, 12, 21)}
    )
    assert due(waiting, date(2026, 12, 23)) == ()
    assert due(waiting, date(2026, 12, 28)) == (Tick.ESCALATE,)


def test_a_clock_that_goes_backwards_does_nothing_again_and_nothing_early() -> None:
    done = {"reminded": date(2026, 11, 6), "escalated": date(2026, 11, 11)}
    for day in range(2, 12):
        assert due(waited(FULL, **done), date(2026, 11, day)) == ()


def test_a_case_never_lapses_on_the_day_somebody_was_told() -> None:
    late = date(2027, 3, 1)
    assert Tick.LAPSE not in due(waited(FULL), late)
    assert Tick.LAPSE not in due(waited(FULL, reminded=late, escalated=late), late)
    # The control: told long ago, it does.
    told = date(2026, 11, 11)
    assert due(waited(FULL, reminded=told, escalated=told), late) == (Tick.LAPSE,)


def test_when_nobody_may_decide_the_office_is_told_before_the_due_day() -> None:
    assert days_until(PLAIN, DUE, somebody=False) == ["06 office_told"]


def test_when_nobody_holds_the_role_called_in_the_office_is_told_instead() -> None:
    step = Step(key="a", name="A", role="r", escalate_to="s", escalate_after=2)
    assert days_until(step, date(2026, 12, 30), helper=False) == ["06 reminded", "11 office_told"]


@pytest.mark.parametrize(
    ("before", "expected"), [(0, 9), (1, 6), (2, 5), (3, 4), (4, 3), (5, 3), (60, 3)]
)
def test_the_reminder_never_comes_on_the_day_the_step_began(before: int, expected: int) -> None:
    step = Step(key="a", name="A", role="r", remind_before=before)
    assert reminder_day(step, MONDAY, DUE) == date(2026, 11, expected)


def test_a_step_due_the_next_day_is_reminded_on_that_day() -> None:
    step = Step(key="a", name="A", role="r", remind_before=1)
    tuesday = MONDAY + datetime.timedelta(days=1)
    assert reminder_day(step, MONDAY, tuesday) == tuesday


def test_what_is_ahead_is_what_then_happens() -> None:
    assert ahead(waited(FULL)) == Ahead(date(2026, 11, 6), date(2026, 11, 11), date(2026, 11, 16))
    assert ahead(waited(PLAIN)) == Ahead(date(2026, 11, 6), None, None)
    done = {"reminded": date(2026, 11, 6), "escalated": date(2026, 11, 12)}
    assert ahead(waited(FULL, **done)) == Ahead(None, None, date(2026, 11, 17))
