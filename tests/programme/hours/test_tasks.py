"""Everybody counted anew: locked months stay, and twice is once."""

import datetime
from typing import Any

import pytest
from django.db import transaction

from audit.models import Operation
from audit.operations import operation
from core.jobs.work import ask_for, ask_to_stop
from core.models import Job
from programme.hours import tasks
from programme.hours.actions import recount
from programme.hours.tasks import recount_open_months
from programme.models import CountedTime, HourRules, Month
from tests.programme.builders import World
from tests.programme.hours.builders import counted, mark, occasion_on


def job_of(world: World) -> Job:
    """A row to follow the counting by."""
    return ask_for(kind="hours-recount", title="Räkna om", owner=f"user:{world.administrator.pk}")


def test_open_months_are_counted_by_the_new_rules_and_locked_ones_stay(world: World) -> None:
    person = world.staff[0]
    march = occasion_on(world, datetime.date(2026, 3, 3), breaks=[[60, 90]])
    april = occasion_on(world, datetime.date(2026, 4, 3), breaks=[[60, 90]])
    for occasion in (march, april):
        mark(occasion, person)
    with transaction.atomic(), operation("test.rules"):
        Month.objects.filter(first_day=datetime.date(2026, 3, 1)).update(state=Month.State.LOCKED)
        HourRules.objects.update(breaks_count=True)
    asked = (world.programme.pk, world.administrator.pk, "Nya regler")
    assert recount_open_months(*asked, job_of(world).pk) == 1
    assert (counted(march, person).minutes, counted(april, person).minutes) == (150, 180)
    assert recount_open_months(*asked, job_of(world).pk) == 0
    assert CountedTime.objects.count() == 3
    assert Operation.objects.filter(reason="Nya regler").exists()


def test_the_job_shows_how_far_and_ends_done(world: World) -> None:
    for day in (3, 4):
        mark(occasion_on(world, datetime.date(2026, 4, day)), world.staff[0])
    job = job_of(world)
    recount_open_months(world.programme.pk, world.administrator.pk, "Nya regler", job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 2, 2)
    assert "0" in job.message


def test_a_job_that_is_stopped_keeps_what_was_counted_and_counts_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.staff[0]
    days = [datetime.date(2026, 4, day) for day in (3, 4, 5)]
    occasions = [occasion_on(world, day, breaks=[[60, 90]]) for day in days]
    for occasion in occasions:
        mark(occasion, person)
    with transaction.atomic(), operation("test.rules"):
        HourRules.objects.update(breaks_count=True)
    monkeypatch.setattr(tasks, "AT_ONCE", 1)
    job, really = job_of(world), recount

    def stop_after_the_first(**asked: Any) -> int:
        ask_to_stop(job_id=job.pk, owner=job.owner)
        return really(**asked)

    monkeypatch.setattr(tasks, "recount", stop_after_the_first)
    assert recount_open_months(world.programme.pk, world.administrator.pk, "Nya", job.pk) == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.STOPPED, 1, 3)
    assert [counted(one, person).minutes for one in occasions] == [180, 150, 150]


def test_a_failure_is_said_on_the_job(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mark(occasion_on(world, datetime.date(2026, 4, 3)), world.staff[0])

    def breaks(**_asked: object) -> int:
        raise RuntimeError("disk")

    monkeypatch.setattr(tasks, "recount", breaks)
    job = job_of(world)
    with pytest.raises(RuntimeError):
        recount_open_months(world.programme.pk, world.administrator.pk, "Nya", job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "disk" not in job.message
    assert job.message


def test_a_task_delivered_again_after_its_end_does_nothing(world: World) -> None:
    job = job_of(world)
    asked = (world.programme.pk, world.administrator.pk, "Nya", job.pk)
    recount_open_months(*asked)
    ended = Job.objects.get(pk=job.pk).ended_at
    recount_open_months(*asked)
    assert Job.objects.get(pk=job.pk).ended_at == ended
