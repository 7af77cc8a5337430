"""Fixtures of this room's tests."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from audit.operations import operation
from forms_app.models import FormVersion
from people.models import Organisation, Person, User

from . import builders


@dataclass
class Room:
    """A city with two districts, a nominator in one, a person in each, and a form."""

    north: Organisation
    south: Organisation
    alice: User
    bob: User
    anna: Person
    sven: Person
    version: FormVersion


def make_room() -> Room:
    """Build the room; needs an operation."""
    city = builders.organisation("city")
    north, south = builders.organisation("north", city), builders.organisation("south", city)
    return Room(
        north=north,
        south=south,
        alice=builders.user("alice", north),
        bob=builders.user("bob", south),
        anna=builders.person("Anna", north),
        sven=builders.person("Sven", south),
        version=builders.form_version(),
    )


@pytest.fixture
def room(db: None) -> Room:
    """The room, written under an operation that is closed again."""
    with transaction.atomic(), operation("test.setup"):
        return make_room()


@pytest.fixture(autouse=True)
def _private_files(tmp_path: Path, settings: Any) -> None:
    """Files of tests end up in a folder of their own."""
    storages = dict(settings.STORAGES)
    storages["private"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path), "base_url": None},
    }
    settings.STORAGES = storages
