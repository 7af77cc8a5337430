"""Certificates that should have been issued and have not are found."""

import datetime

from django.db import transaction

from audit.operations import operation
from core.health import Severity
from programme.models import Month, Participation
from reports.certificates import actions, health
from tests.programme.builders import World
from tests.programme.training import participation_of
from tests.reports.certificates.builders import completed, month_of, stated

LOCKED = datetime.datetime(2026, 10, 5, 9, tzinfo=datetime.UTC)


def on(days: int) -> datetime.date:
    return LOCKED.date() + datetime.timedelta(days=days)


def test_a_locked_month_that_nobody_issues_is_found(world: World) -> None:
    month = month_of(world)
    stated(world, world.staff[0], month)
    with transaction.atomic(), operation("test.locked"):
        Month.objects.filter(pk=month.pk).update(locked_at=LOCKED)
    assert list(health.check(on(14))) == []
    (one,) = health.check(on(15))
    assert "2026-09" in one.message
    assert one.severity is Severity.WARNING
    actions.issue_month(month_id=month.pk, actor=None)
    assert list(health.check(on(15))) == []


def test_a_completed_course_that_the_night_passed_by_is_broken(world: World) -> None:
    taken = completed(world, world.staff[0])
    assert taken.ended_on is not None
    later = taken.ended_on + datetime.timedelta(days=3)
    assert list(health.check(later - datetime.timedelta(days=1))) == []
    (one,) = health.check(later)
    assert one.severity is Severity.BROKEN
    actions.issue_courses(participation_ids=[taken.pk])
    assert list(health.check(later)) == []


def test_a_completed_course_without_counted_time_has_nothing_to_certify(world: World) -> None:
    taken = participation_of(world, world.staff[0])
    with transaction.atomic(), operation("test.completed"):
        Participation.objects.filter(pk=taken.pk).update(
            state=Participation.State.COMPLETED, started_on=on(-60), ended_on=on(0)
        )
    assert list(health.check(on(3))) == []
