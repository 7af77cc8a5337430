"""Readers that only these tests know: those of a room, and of dated meetings."""

import datetime
from collections.abc import Sequence

import pytest

from people.models import User
from tests.workflows.builders import World
from workflows.mailing import audiences
from workflows.mailing.audiences import Audience, Clock, Moment, Reader
from workflows.mailing.kinds import Placeholder
from workflows.models import MessagePlan


class Club:
    """Who belongs, and when it meets."""

    def __init__(self) -> None:
        self.members: list[User] = []
        self.meetings: list[Moment] = []

    def readers(self, key: str, viewer: User | None) -> Sequence[Reader]:
        return [
            Reader(user.pk, user.get_full_name(), user.email, user.first_name, {"room": key})
            for user in self.members
        ]

    def between(
        self, start: datetime.datetime, end: datetime.datetime, kinds: Sequence[str]
    ) -> Sequence[Moment]:
        return [one for one in self.meetings if not kinds or one.kind in kinds]


@pytest.fixture
def club(world: World, monkeypatch: pytest.MonkeyPatch) -> Club:
    """An audience with three members; writers may choose the rooms A and B."""
    club = Club()
    club.members = [world["chef"], world["avdelning"], world["norra_chef"]]
    audience = Audience(
        key="club",
        name="The club",
        why="You meet in %(subject)s.",
        readers=club.readers,
        subjects=lambda _user: [("A", "Room A"), ("B", "Room B")],
        placeholders={"room": Placeholder("rum", "A")},
        dated=True,
    )
    monkeypatch.setattr(audiences, "_audiences", {"club": audience})
    monkeypatch.setattr(
        audiences, "_clocks", [Clock(lambda: [("meeting", "Meeting")], club.between)]
    )
    return club


@pytest.fixture
def plan(operation: None) -> MessagePlan:
    """Quiet nights, a summary at eight, a colleague for more than two readers."""
    return MessagePlan.objects.create(
        valid_from=datetime.date(2020, 1, 1),
        quiet_from=datetime.time(18),
        quiet_to=datetime.time(7),
        digest_at=datetime.time(8),
        review_over=2,
        many_a_week=3,
        keep_bodies_days=365,
        decision="Test",
    )
