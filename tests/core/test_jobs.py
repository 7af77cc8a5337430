"""Jobs: only whoever asked sees them, the page refreshes without script, a stop is noted."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from core.jobs.keeping import forget
from core.jobs.work import Work, ask_for, working
from core.models import Job
from people.models import User
from programme.hours.tasks import forget_jobs
from tests.programme.builders import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world(identities=False)


def signed_in(name: str) -> tuple[Client, User]:
    user = User.objects.create_user(f"{name}@example.org", "a long password")
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client, user


def job_of(user: User) -> Job:
    return ask_for(kind="test", title="Ett långt arbete", owner=f"user:{user.pk}", link="/manader/")


def test_the_owner_follows_and_stops_and_for_others_it_does_not_exist(operation: None) -> None:
    (mine, me), (other, _them) = signed_in("anna"), signed_in("bo")
    job = job_of(me)
    address = f"/arbeten/{job.public_id}/"
    # Without script the page reloads by itself only when it is asked to.
    assert 'http-equiv="refresh"' not in mine.get(address).content.decode()
    assert 'http-equiv="refresh"' in mine.get(f"{address}?uppdatera=1").content.decode()
    assert "Ett långt arbete" in mine.get("/arbeten/").content.decode()
    assert other.get(address).status_code == 404
    assert other.post(f"{address}stoppa/").status_code == 404
    assert "Ett långt arbete" not in other.get("/arbeten/").content.decode()
    assert not Job.objects.get().stop_asked
    mine.post(f"{address}stoppa/")
    assert Job.objects.get().stop_asked


def test_the_part_that_changes_is_asked_for_alone(operation: None) -> None:
    client, me = signed_in("anna")
    job = job_of(me)
    Work(job.pk).total(8)
    Work(job.pk).advance(2, "Två är klara.")
    page = client.get(f"/arbeten/{job.public_id}/?del=1").content.decode()
    assert "Två är klara." in page
    assert "<html" not in page
    with working(job.pk):
        pass
    whole = client.get(f"/arbeten/{job.public_id}/?uppdatera=1").content.decode()
    assert 'http-equiv="refresh"' not in whole
    assert "/manader/" in whole


def test_jobs_are_thrown_away_a_time_after_they_ended(operation: None) -> None:
    _client, me = signed_in("anna")
    old, new, silent = job_of(me), job_of(me), job_of(me)
    now = timezone.now()
    Job.objects.filter(pk=old.pk).update(ended_at=now - datetime.timedelta(days=91))
    Job.objects.filter(pk=silent.pk).update(changed_at=now - datetime.timedelta(days=91))
    assert forget(now - datetime.timedelta(days=92)) == 0
    assert forget(now - datetime.timedelta(days=90)) == 2
    assert Job.objects.get() == new


def test_the_night_keeps_jobs_as_long_as_is_decided(world: World) -> None:
    job = job_of(world.chief)
    for days, left in ((90, True), (91, False)):
        ended = timezone.now() - datetime.timedelta(days=days, minutes=-1 if left else 1)
        Job.objects.filter(pk=job.pk).update(ended_at=ended)
        forget_jobs()
        assert Job.objects.filter(pk=job.pk).exists() is left
