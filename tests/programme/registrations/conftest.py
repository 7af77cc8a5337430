"""Fixtures of registration."""

import pytest

from programme.models import SeatPlan
from tests.programme.builders import World, build_world
from tests.programme.registrations.builders import open_occasion, participant, plan_for


@pytest.fixture
def world(db: None) -> World:
    """Five participants in Farsta and three in Skärholmen."""
    found = build_world(staff=5, identities=False)
    for person in (*found.staff, *found.others):
        participant(found, person)
    return found


@pytest.fixture
def plan(world: World) -> SeatPlan:
    """A lecture with two seats."""
    return plan_for(open_occasion(world), seats=2)
