"""A nomination that nobody decides ends as a declined one does: the person can be nominated anew."""

import pytest

from tests.programme.builders import World, nominated
from workflows.actions import clock
from workflows.clock import Tick
from workflows.kinds import Event
from workflows.models import Case, Decision


def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the days of silence had passed."""
    monkeypatch.setattr("workflows.clock.due", lambda waited, today: (Tick.LAPSE,))


def test_a_lapsed_nomination_frees_the_person(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    nomination = nominated(world, world.staff[0])
    silent(monkeypatch)
    assert clock.tick() == {Tick.LAPSE: 1}
    nomination.refresh_from_db()
    assert not nomination.live
    assert nomination.case.state == Case.State.LAPSED
    assert not Decision.objects.filter(case=nomination.case, by_submission=False).exists()
    again = nominated(world, world.staff[0])
    assert again.live


def test_without_the_event_the_person_would_stay_taken(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from programme.kind import NominationCase

    after = NominationCase.after
    monkeypatch.setattr(
        NominationCase,
        "after",
        lambda self, case, event: None if event is Event.LAPSED else after(self, case, event),
    )
    nomination = nominated(world, world.staff[0])
    silent(monkeypatch)
    clock.tick()
    nomination.refresh_from_db()
    assert nomination.live
