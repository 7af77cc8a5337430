"""Messages: nothing lost, nothing sent twice, failures seen."""

import datetime
import time
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone
from time_machine import travel

from audit.operations import operation as open_operation
from tests.workflows.builders import World
from tests.workflows.test_races import all_at_once
from workflows import delivery, outbox, tasks
from workflows.models import Message


def queued(world: World, key: str = "key", who: str = "avdelning") -> Message:
    return outbox.queue(
        recipient=world[who],
        kind="test",
        dedupe_key=key,
        subject="Ärende B-2026-0001",
        body="Något väntar.\nTitta.",
        link="/arenden/B-2026-0001/",
    )


def test_the_same_key_queues_once(world: World) -> None:
    assert queued(world) == queued(world)
    assert Message.objects.count() == 1


def test_running_twice_sends_once(world: World) -> None:
    message = queued(world)
    assert delivery.send_one(message.public_id)
    assert not delivery.send_one(message.public_id)
    assert tasks.deliver_waiting() == 0
    assert len(mail.outbox) == 1
    message.refresh_from_db()
    assert message.state == Message.State.SENT


def test_without_the_state_check_it_would_be_sent_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = queued(world)
    delivery.send_one(message.public_id)
    Message.objects.update(state=Message.State.WAITING)
    delivery.send_one(message.public_id)
    assert len(mail.outbox) == 2
    # Even then the reader's mail program sees one message.
    assert len({sent.extra_headers["Message-ID"] for sent in mail.outbox}) == 1


@pytest.fixture(autouse=True)
def _nobody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker has been asked to look before the test begins."""
    monkeypatch.setattr(outbox, "_asked_at", float("-inf"))


def test_messages_that_come_together_ask_for_one_delivery(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.deliver_waiting, "apply_async", lambda **how: asked.append(how))
    with django_capture_on_commit_callbacks(execute=True):
        queued(world)
        queued(world)
    assert [how["countdown"] for how in asked] == [outbox.WAKE_SECONDS]
    # Later than half a second the one who was asked may have looked already.
    monkeypatch.setattr(outbox, "_asked_at", time.monotonic() - outbox.WAKE_SECONDS)
    with django_capture_on_commit_callbacks(execute=True):
        queued(world)
    assert len(asked) == 2


def test_a_broker_that_is_back_is_asked_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def down(**how: Any) -> None:
        raise ConnectionError("no broker")

    asked: list[dict[str, Any]] = []
    for ask in (down, lambda **how: asked.append(how)):
        monkeypatch.setattr(tasks.deliver_waiting, "apply_async", ask)
        with django_capture_on_commit_callbacks(execute=True):
            queued(world)
    assert len(asked) == 1


def test_a_broker_that_is_down_loses_nothing(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def down(**kwargs: Any) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.deliver_waiting, "apply_async", down)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        queued(world)
    assert callbacks
    assert mail.outbox == []
    assert tasks.deliver_waiting() == 1
    assert len(mail.outbox) == 1


def test_without_the_sweep_it_would_be_lost(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(tasks.deliver_waiting, "apply_async", lambda **kwargs: None)
    with django_capture_on_commit_callbacks(execute=True):
        queued(world)
    assert mail.outbox == []


def test_a_rolled_back_cause_sends_nothing(world: World) -> None:
    point = transaction.savepoint()
    queued(world)
    transaction.savepoint_rollback(point)
    assert tasks.deliver_waiting() == 0


def test_a_refused_mail_is_tried_again_later_and_given_up_at_last(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: EmailMultiAlternatives, *args: Any) -> int:
        raise ConnectionRefusedError("mail server says no")

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)
    message = queued(world)
    assert tasks.deliver_waiting() == 0
    message.refresh_from_db()
    assert message.state == Message.State.WAITING
    assert "mail server says no" in message.last_error
    # Before its time it is left alone.
    tasks.deliver_waiting()
    message.refresh_from_db()
    assert message.attempts == 1
    moment = timezone.now()
    for _ in range(delivery.MAX_ATTEMPTS):
        moment += datetime.timedelta(hours=5)
        with travel(moment, tick=False):
            tasks.deliver_waiting()
    message.refresh_from_db()
    assert message.state == Message.State.FAILED
    assert message.attempts == delivery.MAX_ATTEMPTS


def test_a_worker_killed_while_sending_leaves_the_message_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(self: EmailMultiAlternatives, *args: Any) -> int:
        raise Killed

    message = queued(world)
    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", kill)
        with pytest.raises(Killed):
            delivery.send_one(message.public_id)
    assert tasks.deliver_waiting() == 1
    assert len(mail.outbox) == 1


def test_the_mail_has_both_forms_the_link_and_the_eu_statement(world: World) -> None:
    message = queued(world)
    delivery.send_one(message.public_id)
    sent: Any = mail.outbox[0]
    html = sent.alternatives[0][0]
    for text in (sent.body, html):
        assert "/arenden/B-2026-0001/" in text
        assert "Avdelning" in text
        assert "Europeiska unionen" in text or "European Union" in text
    assert "style=" not in html
    assert sent.extra_headers["Message-ID"].startswith(f"<{message.public_id}@")


@pytest.mark.django_db(transaction=True)
def test_a_line_break_in_a_name_neither_stops_the_mail_nor_becomes_a_header(world: World) -> None:
    message = queued(world)
    message.subject = "Gå vidare med «Inköp\r\nBcc: nagon@example.org»"
    with open_operation("test.setup"):
        message.save(update_fields=["subject"])
    assert delivery.send_one(message.public_id)
    (sent,) = mail.outbox
    assert sent.message()["Bcc"] is None
    assert sent.subject == "Gå vidare med «Inköp Bcc: nagon@example.org»"


def test_two_workers_send_each_message_once(committed_world: World) -> None:
    with transaction.atomic(), open_operation("test"):
        for index in range(20):
            queued(committed_world, key=f"key-{index}")
    mail.outbox = []
    errors = all_at_once(lambda _index: tasks.deliver_waiting(), 4)
    assert errors == []
    assert len(mail.outbox) == 20
    assert len({sent.extra_headers["Message-ID"] for sent in mail.outbox}) == 20
