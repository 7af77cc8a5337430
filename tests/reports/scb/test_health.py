"""A month whose file is soon due or late is found until it has been sent."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.operations import operation
from core.health import Severity
from people.models import User
from programme.models import Month
from reports.models import ScbFile
from reports.scb import actions, health
from reports.scb.rules import Due, due
from tests.programme.builders import World
from tests.programme.months.builders import APRIL, MARCH, attended, locked

# March is reported by 28 April; the setting says seven days before.
DAY = datetime.timedelta(days=1)
LAST = datetime.date(2026, 4, 28)


def found(on: datetime.date) -> list[str]:
    """What is mailed: late and soon."""
    told = (Severity.BROKEN, Severity.SOON)
    return [one.message for one in health.check(on) if one.severity in told]


@pytest.mark.parametrize(
    ("left", "stands"), [(8, Due.LATER), (7, Due.SOON), (0, Due.SOON), (-1, Due.LATE)]
)
def test_soon_and_late_are_counted_from_the_due_day(left: int, stands: Due) -> None:
    assert due(LAST, LAST - left * DAY, 7) is stands


def test_an_open_month_with_hours_is_found_near_its_due_day(world: World) -> None:
    attended(world, MARCH, world.staff[:1])
    assert found(LAST - 8 * DAY) == []
    (soon,) = found(LAST - 7 * DAY)
    assert "snart: 2026-03 (2026-04-28)" in soon
    (late,) = found(LAST + DAY)
    assert "försenad: 2026-03 (2026-04-28)" in late
    severities = [one.severity for day in (LAST - 7 * DAY, LAST + DAY) for one in health.check(day)]
    assert severities == [Severity.SOON, Severity.BROKEN]


def test_a_month_without_hours_has_no_file(world: World) -> None:
    assert found(LAST + 300 * DAY) == []
    with transaction.atomic(), operation("test.lock"):
        Month.objects.create(programme=world.programme, first_day=MARCH, state=Month.State.LOCKED)
    assert found(LAST + 300 * DAY) == []


def test_a_sent_file_is_silent_until_it_must_be_sent_again(world: World, checker: User) -> None:
    attended(world, MARCH, world.staff[:1])
    month = locked(world, MARCH, world.staff[:1], world.administrator, checker)
    made = actions.make(month_id=month.pk, actor=checker)
    # Made is not sent.
    assert len(found(LAST + DAY)) == 1
    with transaction.atomic(), operation("test.sent"):
        ScbFile.objects.filter(pk=made.pk).update(
            state=ScbFile.State.SENT, sent_at=timezone.now(), receipt="A1", sent_by=checker
        )
    assert found(LAST + DAY) == []
    with transaction.atomic(), operation("test.stale"):
        ScbFile.objects.filter(pk=made.pk).update(stale_since=timezone.now())
    assert len(found(LAST + DAY)) == 1


def test_more_months_ask_as_much(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            found(LAST + 90 * DAY)
        return len(queries)

    attended(world, MARCH, world.staff[:1])
    few = asked()
    attended(world, APRIL, world.staff[:3])
    assert asked() == few
    assert "2026-03 (2026-04-28), 2026-04 (2026-05-28)" in found(LAST + 90 * DAY)[0]
