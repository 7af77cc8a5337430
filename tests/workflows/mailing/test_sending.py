"""Words of staff's own, held messages and summaries, as they are sent."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from time_machine import travel

from tests.workflows.builders import World, case_in
from workflows import delivery, outbox, tasks
from workflows.mailing import actions, timing
from workflows.models import Message, MessagePlan, MessageText

ZONE = ZoneInfo("Europe/Stockholm")


def local(day: int, hour: int, minute: int = 0) -> datetime.datetime:
    """A time in March 2027; the 15th is a Monday."""
    return datetime.datetime(2027, 3, day, hour, minute, tzinfo=ZONE)


def queued(world: World, kind: str = "case.declined", key: str = "one") -> Message:
    return outbox.queue(
        recipient=world["chef"],
        kind=kind,
        dedupe_key=key,
        subject=f"Subject {key}",
        body=f"Body {key}",
    )


def reworded(world: World, body: str, kind: str = "case.waiting") -> MessageText:
    return actions.word(
        kind=kind, subject="Beslut: {reference}", body=body, reason="Test", actor=world["leader"]
    )


def test_staff_s_words_are_used_from_then_on(world: World) -> None:
    case = case_in(world)
    before = Message.objects.get(kind="case.waiting", recipient=world["avdelning"])
    reworded(world, "Titta på {reference} före {due}.\n{more}")
    delivery.send_one(before.public_id)
    before.refresh_from_db()
    assert before.subject == f"Beslut: {case.reference}"
    assert before.body.startswith(f"Titta på {case.reference} före 20")
    assert mail.outbox[0].subject == before.subject
    assert len(before.body_digest) == 64


def test_words_written_later_do_not_change_what_was_sent(world: World) -> None:
    case_in(world)
    message = Message.objects.get(kind="case.waiting", recipient=world["avdelning"])
    delivery.send_one(message.public_id)
    message.refresh_from_db()
    said = message.body
    reworded(world, "Något annat.")
    delivery.send_one(message.public_id)
    message.refresh_from_db()
    assert message.body == said


def test_a_value_with_a_link_or_a_tag_is_inert(world: World) -> None:
    message = queued(world, "case.waiting")
    values = {"reference": "N-1", "step": "<b>www.example.org</b>"}
    Message.objects.filter(pk=message.pk).update(values=values)
    reworded(world, "Steget {step} väntar.")
    delivery.send_one(message.public_id)
    sent = mail.outbox[0]
    assert isinstance(sent, EmailMultiAlternatives)
    body = str(sent.alternatives[0][0])
    assert "<b>" not in body
    assert "&lt;b&gt;www .example.org" in body


def test_at_night_a_message_waits_for_the_morning(world: World, plan: MessagePlan) -> None:
    message = queued(world)
    with travel(local(15, 22), tick=False):
        Message.objects.update(next_attempt_at=timezone.now())
        tasks.deliver_waiting()
        message.refresh_from_db()
        assert message.next_attempt_at == local(16, 7)
        assert (message.state, message.attempts) == (Message.State.WAITING, 0)
    with travel(local(16, 7, 1), tick=False):
        tasks.deliver_waiting()
    assert len(mail.outbox) == 1


def test_without_the_hold_it_would_go_out_at_night(
    world: World, plan: MessagePlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "hold_for", lambda *_: None)
    queued(world)
    with travel(local(15, 22), tick=False):
        Message.objects.update(next_attempt_at=timezone.now())
        tasks.deliver_waiting()
    assert len(mail.outbox) == 1


def test_what_cannot_wait_does_not(world: World, plan: MessagePlan) -> None:
    queued(world, "account")
    with travel(local(20, 3), tick=False):
        Message.objects.update(next_attempt_at=timezone.now())
        tasks.deliver_waiting()
    assert len(mail.outbox) == 1


def test_what_is_nice_to_know_comes_in_one_summary(world: World, plan: MessagePlan) -> None:
    with travel(local(15, 10), tick=False):
        queued(world, "case.approved", "one")
        queued(world, "case.approved", "two")
        queued(world, "case.declined", "three")
        tasks.deliver_waiting()
        assert [sent.subject for sent in mail.outbox] == ["Subject three"]
    with travel(local(16, 8, 1), tick=False):
        tasks.deliver_waiting()
        tasks.deliver_waiting()
    assert len(mail.outbox) == 2
    text = str(mail.outbox[1].body)
    assert text.index("Subject one") < text.index("Body two")
    assert set(Message.objects.values_list("state", flat=True)) == {Message.State.SENT}


def test_whoever_wants_it_gets_it_at_once(world: World, plan: MessagePlan) -> None:
    actions.wish(user=world["chef"], pace="at_once")
    with travel(local(15, 10), tick=False):
        queued(world, "case.approved")
        tasks.deliver_waiting()
    assert len(mail.outbox) == 1


def test_a_refused_summary_is_tried_again(
    world: World, plan: MessagePlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: object) -> int:
        raise OSError("no")

    with travel(local(15, 10), tick=False):
        queued(world, "case.approved", "one")
        queued(world, "case.approved", "two")
        tasks.deliver_waiting()
    with travel(local(16, 8, 1), tick=False):
        with monkeypatch.context() as broken:
            broken.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
            tasks.deliver_waiting()
        assert set(Message.objects.values_list("attempts", flat=True)) == {1}
    with travel(local(16, 8, 5), tick=False):
        tasks.deliver_waiting()
    assert len(mail.outbox) == 1


def test_old_texts_are_erased_and_their_digest_stays(world: World, plan: MessagePlan) -> None:
    message = queued(world)
    with travel(local(15, 10), tick=False):
        Message.objects.update(next_attempt_at=timezone.now())
        delivery.send_one(message.public_id)
    with travel(datetime.datetime(2028, 3, 13, 12, tzinfo=ZONE)):
        assert actions.erase_bodies(timezone.localdate()) == 0
    with travel(datetime.datetime(2028, 3, 16, 12, tzinfo=ZONE)):
        assert actions.erase_bodies(timezone.localdate()) == 1
        assert actions.erase_bodies(timezone.localdate()) == 0
    message.refresh_from_db()
    assert message.body == ""
    assert len(message.body_digest) == 64
