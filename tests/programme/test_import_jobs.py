"""A long file with nominations: a worker does it, once, all of it or none, and it can be stopped."""

from typing import Any

import pytest
from django.test import Client

from core.jobs.work import ask_to_stop
from core.models import Job
from programme.actions import imports as actions
from programme.actions.nominate import nominate
from programme.imports import background
from programme.models import ImportBatch
from programme.tasks import nominate_from_file
from tests.programme.builders import World, nominated, number_of
from tests.programme.test_imports import counts, prepared, rows


@pytest.fixture(autouse=True)
def _three_is_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "ROWS_AT_ONCE", 2)


def batch_of(world: World, number: int = 3) -> ImportBatch:
    return prepared(world, rows(*(number_of(n + 1) for n in range(number))))


def job_for(world: World, batch: ImportBatch) -> Job:
    return background.start(batch, world.chief)


def chief(world: World) -> Client:
    client = Client()
    client.force_login(world.chief, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_short_file_is_done_at_once_and_a_long_one_is_followed(world: World) -> None:
    client = chief(world)
    short, long = batch_of(world, 2), batch_of(world, 3)
    answer = client.post(f"/nominera/flera/{long.public_id}/bekrafta/")
    job = Job.objects.get()
    assert answer.headers["Location"] == f"/arbeten/{job.public_id}/"
    assert counts() == (0, 0, 0)
    client.post(f"/nominera/flera/{short.public_id}/bekrafta/")
    assert counts()[0] == 2


def test_the_worker_nominates_everyone_and_twice_is_once(world: World) -> None:
    batch = batch_of(world)
    job = job_for(world, batch)
    assert nominate_from_file(batch.pk, world.chief.pk, job.pk) == 3
    assert nominate_from_file(batch.pk, world.chief.pk, job.pk) == 0
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 3, 3)
    assert counts()[0] == 3
    assert job.link == f"/nominera/flera/{batch.public_id}/"


def test_a_second_click_leads_to_the_same_work(world: World) -> None:
    batch = batch_of(world)
    assert job_for(world, batch) == job_for(world, batch)
    assert Job.objects.count() == 1


def test_without_the_look_a_second_click_would_begin_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batch_of(world)
    monkeypatch.setattr(background, "running", lambda **asked: None)
    assert job_for(world, batch) != job_for(world, batch)


def test_stopped_on_the_way_nobody_is_nominated(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batch_of(world)
    job, really = job_for(world, batch), nominate

    def stop_after_the_first(**asked: Any) -> object:
        ask_to_stop(job_id=job.pk, owner=job.owner)
        return really(**asked)

    monkeypatch.setattr(actions, "nominate", stop_after_the_first)
    assert nominate_from_file(batch.pk, world.chief.pk, job.pk) == 0
    job.refresh_from_db()
    assert job.state == Job.State.STOPPED
    assert counts() == (0, 0, 0)


def test_a_row_that_is_refused_is_said_on_the_job(world: World) -> None:
    batch = batch_of(world)
    nominated(world, world.staff[2])
    before, job = counts(), job_for(world, batch)
    assert nominate_from_file(batch.pk, world.chief.pk, job.pk) == 0
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "Ingen har nominerats" in job.message
    assert counts() == before
