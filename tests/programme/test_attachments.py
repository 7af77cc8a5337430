"""Whoever may see the case may open what was attached to the nomination."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.test import Client

from audit.operations import operation
from forms_app import access as files
from forms_app.models import StoredFile
from people.models import User
from tests.programme.builders import World, nominated

pytestmark = pytest.mark.django_db


@pytest.fixture
def attached(world: World) -> StoredFile:
    nomination = nominated(world, world.staff[0])
    with transaction.atomic(), operation("test"):
        return StoredFile.objects.create(
            owner=world.chief,
            submission=nomination.submission,
            field_key="bilaga",
            name="plan.txt",
            content_type="text/plain",
            size=4,
            sha256="0" * 64,
            path=storages["private"].save("plan.txt", ContentFile(b"plan")),
        )


def status(user: User, stored: StoredFile) -> int:
    client = Client()
    client.force_login(user)
    return client.get(f"/filer/{stored.public_id}/").status_code


def test_those_who_decide_may_open_it_and_others_may_not(
    world: World, attached: StoredFile
) -> None:
    assert status(world.head, attached) == 200
    assert status(world.other_chief, attached) == 404


def test_without_the_rooms_word_only_the_owner_could(
    world: World, attached: StoredFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: nobody has said who may see the submission."""
    monkeypatch.setattr(files, "_FILE_VIEWERS", [])
    assert status(world.head, attached) == 404
    assert status(world.chief, attached) == 200
