"""Messages of decisions that wait as drafts until a colleague has read them."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation as open_operation
from people.access import NotAllowed
from tests.workflows.builders import World, answer, case_in
from workflows import case_messages, checks_daily, delivery, queries, setup
from workflows.mailing import actions, drafts, errors
from workflows.mailing.words import Words
from workflows.models import Message, MessagePlan, MessageReview
from workflows.rules import Verdict

DECLINED = "case.declined"


def wait(world: World, kind: str = DECLINED, *, waits: bool = True) -> None:
    drafts.decide(kind=kind, waits=waits, decision="Projektledaren", actor=world["leader"])


def declined(world: World) -> Message:
    """A case that the deputy leader declined at the second step; what the initiator is told."""
    case = answer(case_in(world), world["avdelning"])
    answer(case, world["deputy_leader"], Verdict.DECLINE)
    return Message.objects.get(case=case, kind=DECLINED)


def sent() -> int:
    """How many mails a worker sends now, on a working day."""
    before = len(mail.outbox)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2)):
        for public_id in delivery.waiting():
            delivery.send_one(public_id)
    return len(mail.outbox) - before


def page(world: World, who: str, name: str, *args: str) -> tuple[int, str]:
    client = Client()
    client.force_login(world[who])
    answered = client.get(reverse(f"workflows:{name}", args=args))
    return answered.status_code, answered.content.decode()


def post(world: World, who: str, message: Message, **given: str) -> int:
    client = Client()
    client.force_login(world[who])
    address = reverse("workflows:message_draft", args=[message.public_id])
    return client.post(address, given).status_code


def test_a_decisions_message_goes_at_once_unless_somebody_has_decided_otherwise(
    world: World,
) -> None:
    message = declined(world)
    assert message.state == Message.State.WAITING
    assert message.next_attempt_at is not None


def test_a_draft_is_not_sent_until_a_colleague_sends_it(world: World) -> None:
    wait(world)
    message = declined(world)
    assert (message.state, message.caused_by) == (Message.State.DRAFT, world["deputy_leader"])
    Message.objects.exclude(pk=message.pk).update(state=Message.State.SENT)
    assert sent() == 0
    drafts.send(message_id=message.pk, words=None, actor=world["leader"])
    message.refresh_from_db()
    assert (message.state, message.released_by) == (Message.State.WAITING, world["leader"])
    assert sent() == 1
    assert mail.outbox[-1].to == [world["chef"].email]


def test_other_kinds_go_as_before(world: World) -> None:
    wait(world)
    case = answer(case_in(world), world["avdelning"], Verdict.RETURN)
    assert Message.objects.get(case=case, kind="case.returned").state == Message.State.WAITING


def test_taken_back_the_next_one_goes_at_once(world: World) -> None:
    wait(world)
    wait(world, waits=False)
    assert declined(world).state == Message.State.WAITING
    assert MessageReview.objects.count() == 2


@pytest.mark.parametrize("who", ["deputy_leader", "chef"])
def test_neither_who_decided_nor_who_is_told_sends_it(world: World, who: str) -> None:
    wait(world)
    message = declined(world)
    if who == "chef":
        Message.objects.filter(pk=message.pk).update(recipient=world["leader"])
        who = "leader"
    with pytest.raises(errors.CannotSend, match="Somebody else"):
        drafts.send(message_id=message.pk, words=None, actor=world[who])
    with pytest.raises(errors.CannotSend, match="Somebody else"):
        drafts.stop(message_id=message.pk, reason="Nej", actor=world[who])
    assert Message.objects.get(pk=message.pk).state == Message.State.DRAFT
    assert message not in drafts.to_review(world[who])


def test_without_the_guard_who_decided_would_send_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    wait(world)
    message = declined(world)
    monkeypatch.setattr(drafts, "ensure_colleague", lambda message, actor: None)
    drafts.send(message_id=message.pk, words=None, actor=world["deputy_leader"])
    assert Message.objects.get(pk=message.pk).state == Message.State.WAITING


def test_a_draft_is_sent_or_stopped_once(world: World) -> None:
    wait(world)
    message = declined(world)
    drafts.stop(message_id=message.pk, reason="Redan sagt i ett möte", actor=world["leader"])
    assert Message.objects.get(pk=message.pk).state == Message.State.STOPPED
    with pytest.raises(errors.CannotSend):
        drafts.send(message_id=message.pk, words=None, actor=world["leader"])
    with pytest.raises(NotAllowed):
        drafts.send(message_id=message.pk, words=None, actor=world["chef"])


@pytest.mark.parametrize("given", [{}, {"action": "stop", "stop-reason": "Fel"}])
def test_who_comes_after_a_colleague_is_told_so(world: World, given: dict[str, str]) -> None:
    wait(world)
    draft = declined(world)
    drafts.send(message_id=draft.pk, words=None, actor=world["leader"])
    client = Client()
    client.force_login(world["leader"])
    address = reverse("workflows:message_draft", args=[draft.public_id])
    for answered in (client.get(address, follow=True), client.post(address, given, follow=True)):
        assert answered.redirect_chain == [(reverse("workflows:message_drafts"), 302)]
        assert "This message has already been sent" in answered.content.decode()


def test_a_message_that_never_was_a_draft_has_no_such_page(world: World) -> None:
    assert page(world, "leader", "message_draft", declined(world).public_id)[0] == 404


def test_words_of_its_own_are_sent_whatever_the_kinds_words_are(world: World) -> None:
    wait(world)
    message = declined(world)
    actions.word(
        kind=DECLINED, subject="Avslag", body="Nej.", reason="Kortare", actor=world["leader"]
    )
    own = Words("Om ärendet", "Ring oss gärna, så berättar vi mer.")
    drafts.send(message_id=message.pk, words=own, actor=world["leader"])
    Message.objects.exclude(pk=message.pk).update(state=Message.State.SENT)
    assert sent() == 1
    assert mail.outbox[-1].subject == own.subject
    assert own.body in mail.outbox[-1].body


def test_the_page_shows_it_refuses_personal_data_and_sends(world: World) -> None:
    wait(world)
    message = declined(world)
    status, html = page(world, "leader", "message_draft", message.public_id)
    assert status == 200
    assert message.subject in html
    bad = {"action": "send", "subject": "Hej", "body": "Ring 08-508 250 00."}
    assert post(world, "leader", message, **bad) == 422
    assert post(world, "leader", message, action="stop") == 422
    assert Message.objects.get(pk=message.pk).state == Message.State.DRAFT
    good = {"action": "send", "subject": message.subject, "body": message.body}
    assert post(world, "leader", message, **good) == 302
    again = Message.objects.get(pk=message.pk)
    assert (again.state, again.own_words) == (Message.State.WAITING, False)
    assert page(world, "chef", "message_draft", message.public_id)[0] == 404
    assert page(world, "chef", "message_drafts")[0] == 404


def test_the_draft_waits_in_the_inbox_of_a_colleague_and_of_nobody_else(world: World) -> None:
    wait(world)
    message = declined(world)
    address = reverse("workflows:message_draft", args=[message.public_id])
    assert address in page(world, "leader", "work")[1]
    assert address in page(world, "leader", "message_drafts")[1]
    assert address not in page(world, "deputy_leader", "work")[1]
    assert address not in page(world, "chef", "work")[1]


def test_the_one_it_is_about_reads_nothing_of_a_draft(world: World) -> None:
    wait(world)
    message = declined(world)
    case = message.case
    assert case is not None
    assert message not in case_messages.messages_of(case)
    assert message.public_id not in page(world, "chef", "case", case.reference)[1]
    drafts.send(message_id=message.pk, words=None, actor=world["leader"])
    assert message in case_messages.messages_of(case)


def test_a_draft_that_has_waited_too_long_is_told_of(world: World, plan: MessagePlan) -> None:
    wait(world)
    message = declined(world)
    link = reverse("workflows:message_drafts")

    def told() -> bool:
        return any(one.link == link for one in checks_daily.mails(timezone.localdate()))

    assert not told()
    days = datetime.timedelta(days=plan.draft_days)
    Message.objects.filter(pk=message.pk).update(
        created_at=timezone.now() - days - datetime.timedelta(minutes=1)
    )
    assert told()
    MessagePlan.objects.update(draft_days=plan.draft_days + 1)
    assert not told()


def test_only_kinds_of_decisions_can_wait_and_only_staff_decide(world: World) -> None:
    with pytest.raises(errors.CannotSend):
        wait(world, "case.waiting")
    with pytest.raises(NotAllowed):
        drafts.decide(kind=DECLINED, waits=True, decision="Jag", actor=world["chef"])
    assert not MessageReview.objects.exists()


FIRST_PLAN: dict[str, Any] = {
    "valid_from": "2026-01-01",
    "quiet_from": "18:00",
    "quiet_to": "07:00",
    "digest_at": "08:00",
    "review_over": 100,
    "many_a_week": 5,
    "keep_bodies_days": 400,
    "decision": "Utgångsläge",
}


def test_the_first_set_up_lets_refusals_wait(world: World) -> None:
    setup.ensure_message_plan(drafts=[DECLINED], **FIRST_PLAN)
    setup.ensure_message_plan(drafts=[DECLINED, "case.approved"], **FIRST_PLAN)
    assert [one.kind.key for one in drafts.choices() if one.waits] == [DECLINED]


def test_the_set_up_never_overrules_staff(world: World) -> None:
    wait(world, waits=False)
    setup.ensure_message_plan(drafts=[DECLINED], **FIRST_PLAN)
    assert not any(one.waits for one in drafts.choices())


def test_many_messages_ask_once_about_drafts_and_others_not_at_all(world: World) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert drafts.waiting_kinds({"case.waiting", "case.reminded"}) == set()
    assert len(asked) == 0
    with CaptureQueriesContext(connection) as asked:
        drafts.waiting_kinds({DECLINED, "case.approved", "case.waiting"})
    assert len(asked) == 1


def test_the_lists_price_does_not_follow_the_drafts(world: World) -> None:
    wait(world)
    message = declined(world)

    def price() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(world, "leader", "message_drafts")
            page(world, "leader", "work")
        return len(asked)

    price()
    few = price()
    with open_operation("test.more"):
        for number in range(5):
            Message.objects.create(
                recipient=message.recipient,
                address=message.address,
                kind=DECLINED,
                dedupe_key=f"more:{number}",
                subject=f"Nummer {number}",
                body="Nej.",
                state=Message.State.DRAFT,
                caused_by=message.caused_by,
            )
    assert price() == few


def test_the_figure_in_the_menu_counts_drafts(world: World) -> None:
    before = queries.waiting_count(world["leader"])
    wait(world)
    declined(world)
    world["leader"].__dict__.pop("_waiting_count", None)
    assert queries.waiting_count(world["leader"]) == before + 1
