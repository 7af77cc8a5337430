"""Reminders by the clock: near the deadline, once, and only to those who have not attested."""

import datetime

import pytest
from django.db import transaction

from audit.operations import operation
from programme.models import Month, Setting
from programme.months import figures, reminding, statements
from programme.months.reminding import months_to_remind, remind_due
from tests.programme.builders import World
from tests.programme.months.builders import MARCH, account_for, attended
from workflows.models import Message
from workflows.outbox import queue_rows

# March is reported by 28 April; the setting says seven days before.
FIRST, LAST = datetime.date(2026, 4, 21), datetime.date(2026, 4, 28)


def day_before(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=1)


def set_days(world: World, days: int) -> None:
    with transaction.atomic(), operation("test.setting"):
        Setting.objects.update_or_create(
            programme=world.programme,
            key="attest_reminder_days",
            valid_from=world.programme.starts_on,
            defaults={"value": days, "decision": "Beslut"},
        )


def test_the_days_are_the_settings(world: World) -> None:
    for today, found in (
        (day_before(FIRST), []),
        (FIRST, [MARCH]),
        (LAST, [MARCH]),
        (LAST + datetime.timedelta(days=1), []),
    ):
        assert months_to_remind(world.programme, today) == found
    set_days(world, 3)
    assert months_to_remind(world.programme, FIRST) == []
    assert months_to_remind(world.programme, datetime.date(2026, 4, 25)) == [MARCH]


def test_a_locked_month_reminds_nobody(world: World) -> None:
    with transaction.atomic(), operation("test.lock"):
        Month.objects.create(programme=world.programme, first_day=MARCH, state=Month.State.LOCKED)
    assert months_to_remind(world.programme, FIRST) == []


def test_everyone_who_waits_is_reminded_once(world: World) -> None:
    accounts = [account_for(person) for person in world.staff[:3]]
    attended(world, MARCH, world.staff[:3])
    seen = figures.persons_of(world.programme.pk, MARCH, person_id=world.staff[0].pk)[0].digest
    statements.attest(programme=world.programme, month=MARCH, seen=seen, actor=accounts[0])
    assert remind_due(day_before(FIRST)) == 0
    assert remind_due(FIRST) == 2
    assert remind_due(FIRST) == remind_due(LAST) == 0
    told = Message.objects.filter(kind="month.attest")
    assert {row.recipient_id for row in told} == {accounts[1].pk, accounts[2].pk}
    for row in told:
        assert "Efternamn" not in row.subject + row.body
        assert row.link == "/mina-sidor/timmar/2026-03/"


def test_a_late_start_still_reminds(world: World) -> None:
    account_for(world.staff[0])
    attended(world, MARCH, world.staff[:1])
    assert remind_due(LAST) == 1


def test_without_the_check_of_earlier_messages_the_key_stops_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_for(world.staff[0])
    attended(world, MARCH, world.staff[:1])
    assert remind_due(FIRST) == 1
    with transaction.atomic(), operation("test.twice"):
        queue_rows(reminding._messages(world.programme, MARCH, "due"))
    assert Message.objects.filter(kind="month.attest").count() == 1
