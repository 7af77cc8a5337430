"""Whom staff can write to: those expected, silent, missing and there; protected persons unnamed."""

import datetime

import pytest

from audit.operations import operation as open_operation
from people.models import Person, User
from programme import message_audiences
from programme.models import Attendance, Invitation, Segment
from programme.occasions.notices import place_of
from tests.programme.occasions.builders import Scene
from workflows.mailing.audiences import audience_named


def readers(key: str, scene: Scene, viewer: User | None = None) -> set[int]:
    audience = audience_named(key)
    assert audience is not None
    return {one.user_id for one in audience.readers(scene.occasion.public_id, viewer)}
