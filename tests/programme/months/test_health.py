"""A correction that nobody decides is found, and mailed."""

import datetime

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from core.health import Severity
from programme.models import Setting
from programme.months import corrections, health
from tests.programme.builders import World
from tests.programme.months.builders import MARCH, attended, locked, proposed, staff_account


def found(days: int) -> list[str]:
    """What the check says so many days from now."""
    on = timezone.localdate() + datetime.timedelta(days=days)
    return [one.message for one in health.check(on) if one.severity is Severity.BROKEN]


def test_a_correction_that_waits_too_long_is_found_until_it_is_decided(world: World) -> None:
    checker = staff_account(world, "ekonom")
    occasion = attended(world, MARCH, world.staff[:1])
    locked(world, MARCH, world.staff[:1], world.administrator, checker)
    made = proposed(occasion, world.staff[0], world.administrator)
    assert found(5) == []
    (one,) = found(6)
    assert "för länge på en andra person" in one
    with transaction.atomic(), operation("test.setting"):
        Setting.objects.create(
            programme=world.programme,
            key="correction_wait_days",
            valid_from=world.programme.starts_on,
            value=10,
            decision="Beslut",
        )
    assert found(10) == []
    assert len(found(11)) == 1
    corrections.decide(correction_id=made.pk, approve=True, actor=checker)
    assert found(11) == []


def test_before_there_is_a_programme_nothing_is_found(db: None) -> None:
    assert list(health.check(timezone.localdate())) == []
