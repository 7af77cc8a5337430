"""Many old files: made again by a worker, month by month, in order."""

import pytest
from django.test import Client

from core.jobs.work import ask_to_stop
from core.models import Job
from people.models import User
from programme.errors import ReasonNeeded
from programme.models import Month
from programme.months import corrections
from reports.models import ScbFile
from reports.scb import actions, background, tasks
from tests.programme.builders import World
from tests.programme.months.builders import APRIL, MARCH, finished, proposed
from tests.reports.scb.test_files import closed


@pytest.fixture(autouse=True)
def _two_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "MONTHS_AT_ONCE", 1)


def two_old(world: World, checker: User) -> None:
    """March and April sent, and a correction of March."""
    occasion, _month = closed(world, checker, MARCH)
    closed(world, checker, APRIL)
    for month in Month.objects.filter(summary__persons__gt=0).order_by("first_day"):
        file = actions.make(month_id=month.pk, actor=checker)
        actions.send(file_id=file.pk, receipt="K", actor=checker)
    made = proposed(occasion, world.staff[0], world.administrator)
    corrections.decide(correction_id=made.pk, approve=True, actor=checker)


def versions() -> list[int]:
    return list(ScbFile.objects.order_by("version").values_list("version", flat=True))


def run(world: World, checker: User, job: Job) -> int:
    return tasks.make_files_again(world.programme.pk, checker.pk, "Rättelse", job.pk)


def test_the_page_hands_it_over_and_the_worker_makes_them(world: World, checker: User) -> None:
    two_old(world, checker)
    finished(world, MARCH, world.staff[:1], world.administrator, checker)
    client = Client()
    client.force_login(checker, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post("/scb/skicka-om/", {"reason": "Rättelse"})
    job = Job.objects.get()
    assert answer.headers["Location"] == f"/arbeten/{job.public_id}/"
    client.post("/scb/skicka-om/", {"reason": "Rättelse"})
    assert Job.objects.count() == 1
    assert versions() == [1, 1]
    assert run(world, checker, job) == 2
    assert versions() == [1, 1, 2, 2]
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 2, 2)
    assert run(world, checker, job) == 0


def test_a_month_that_is_refused_is_named_on_the_job(world: World, checker: User) -> None:
    two_old(world, checker)
    job = background.start(programme=world.programme, reason="Rättelse", actor=checker)
    assert run(world, checker, job) == 0
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.message.startswith("2026-03: ")
    assert versions() == [1, 1]


def test_stopped_it_keeps_the_months_that_are_made(
    world: World, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_old(world, checker)
    finished(world, MARCH, world.staff[:1], world.administrator, checker)
    job = background.start(programme=world.programme, reason="Rättelse", actor=checker)
    really = actions.make

    def stop_after_the_first(**asked: object) -> ScbFile:
        ask_to_stop(job_id=job.pk, owner=job.owner)
        return really(**asked)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "make", stop_after_the_first)
    assert run(world, checker, job) == 1
    job.refresh_from_db()
    assert (job.state, job.done) == (Job.State.STOPPED, 1)
    assert [f"{month.first_day:%Y-%m}" for month in actions.old_months(world.programme)] == [
        "2026-04"
    ]


def test_without_a_reason_nothing_is_handed_over(world: World, checker: User) -> None:
    with pytest.raises(ReasonNeeded):
        background.start(programme=world.programme, reason="  ", actor=checker)
    assert not Job.objects.exists()


def test_one_new_version_is_said_as_one() -> None:
    assert actions.made_in_words(1) == "1 ny version är gjord. Skicka den."
    assert actions.made_in_words(3) == "3 nya versioner är gjorda. Skicka dem i ordning."
