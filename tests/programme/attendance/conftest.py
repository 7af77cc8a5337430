"""An occasion with a list, its trainer, and those who may mark it."""

from dataclasses import dataclass

import pytest

from people.models import Person, User
from programme.models import Group, Occasion
from tests.programme import training
from tests.programme.builders import World


@dataclass
class Room:
    """A group's first occasion and everyone around it."""

    world: World
    group: Group
    occasion: Occasion
    persons: list[Person]
    trainer: User

    @property
    def administrator(self) -> User:
        """Who arranges everywhere."""
        return self.world.administrator


def room_of(world: World) -> Room:
    """The world's staff invited to an occasion that has been."""
    group = training.invited_group(world, world.staff)
    occasion = Occasion.objects.get(group=group)
    trainer = training.trainer_for(world)
    from django.db import transaction

    from audit.operations import operation

    with transaction.atomic(), operation("test.trainer"):
        occasion.trainers.add(trainer)
    return Room(world, group, occasion, world.staff, trainer)


@pytest.fixture
def room(world: World) -> Room:
    """The world's staff invited to an occasion that has been."""
    return room_of(world)
