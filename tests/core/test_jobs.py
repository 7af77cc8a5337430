"""Jobs: only whoever asked sees them, the page refreshes without script, a stop is noted."""

import pytest
from django.test import Client

from core.jobs.work import Work, ask_for, working
from core.models import Job
from people.models import User

pytestmark = pytest.mark.django_db


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
