"""A form that staff have closed stops nominations in words, whichever way they come."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from forms_app.models import FormOpening, Submission
from forms_app.retention import erase
from programme.actions import nominate as actions
from programme.errors import NominationRefused
from programme.keeping import closings

from .builders import World, answers_for, nominated


def close(world: World) -> None:
    with transaction.atomic(), operation("test"):
        FormOpening.objects.create(
            definition=world.kinds["medarbetare"].form,
            closes_at=timezone.now() - datetime.timedelta(hours=1),
        )


def test_nothing_is_begun_or_read_from_a_file(world: World) -> None:
    close(world)
    kind = world.kinds["medarbetare"]
    with pytest.raises(NominationRefused):
        actions.start(wave=world.wave, kind=kind, actor=world.chief)
    with pytest.raises(NominationRefused):
        nominated(world, world.staff[0])
    assert not Submission.objects.exists()


def test_a_nomination_s_case_says_when_the_time_begins(world: World) -> None:
    made = nominated(world, world.staff[0])
    assert closings([made.submission_id]) == {made.submission_id: None}
    with transaction.atomic(), operation("test"):
        made.case.closed_at = timezone.now()
        made.case.save(update_fields=["closed_at"])
    assert closings([made.submission_id]) == {made.submission_id: timezone.localdate()}


def test_a_case_whose_answers_are_erased_can_still_be_read(world: World) -> None:
    made = nominated(world, world.staff[0])
    keys = list(answers_for(world.staff[0], "medarbetare"))
    version = made.submission.version
    erase(made.submission_id, keys, version=version, today=timezone.localdate())
    from django.test import Client

    client = Client()
    client.force_login(world.chief)
    page = client.get(f"/arenden/{made.case.reference}/")
    assert page.status_code == 200
    assert "Raderat" in page.content.decode()
