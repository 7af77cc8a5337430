"""Whoever leaves the story's groups leaves on dates that can be true."""

import datetime
from typing import cast

import pytest

from programme.demo_story.cast import Member
from programme.demo_story.groups import Ground, Stay, _leave
from programme.demo_story.plan import MemberPlan
from programme.models import LeavingReason, Participation, Programme

LEAVES = datetime.date(2026, 4, 14)
REASON = LeavingReason(key="arbete", name="Bytt arbete")
GROUND = Ground(Programme(), {}, {}, {}, {}, {REASON.key: REASON})


@pytest.mark.parametrize(
    ("started", "kept"),
    [
        (datetime.date(2026, 3, 3), datetime.date(2026, 3, 3)),
        (datetime.date(2026, 5, 19), None),
        (None, None),
    ],
)
def test_whoever_was_absent_until_they_left_never_started(
    started: datetime.date | None, kept: datetime.date | None
) -> None:
    plan = MemberPlan(leaves_after=2, reason="Har slutat sin anställning.")
    stay = Stay(cast(Member, None), plan, Participation(started_on=started), range(1, 7))
    _leave(GROUND, stay, LEAVES)
    assert (stay.participation.started_on, stay.participation.ended_on) == (kept, LEAVES)
    assert stay.participation.state == Participation.State.DROPPED
    assert stay.participation.leaving_reason == REASON


def test_some_in_the_story_leave_without_a_kind() -> None:
    plan = MemberPlan(leaves_after=2, reason="Kommer tillbaka i en senare omgång.")
    stay = Stay(cast(Member, None), plan, Participation(), range(1, 7))
    _leave(GROUND, stay, LEAVES)
    assert stay.participation.leaving_reason is None
