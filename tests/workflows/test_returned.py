"""Mail that came back is seen by staff; what only looks like it changes nothing."""

import mailbox
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.workflows.builders import World
from tests.workflows.test_outbox import queued
from workflows import delivery, returned, tasks
from workflows.models import Message

# As Postfix writes it, with names of nobody.
REPORT = """\
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: kompetensportalen@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="edge"
Message-Id: <20270301080000.1@mx.example.org>

--edge
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

This is the mail system at host mx.example.org.

--edge
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 4711
Arrival-Date: Mon,  1 Mar 2027 08:00:00 +0000 (UTC)

Final-Recipient: rfc822; nobody@example.org
Original-Recipient: rfc822;nobody@example.org
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <nobody@example.org>: Recipient address
    rejected: User unknown

--edge
Content-Description: Undelivered Message
Content-Type: {kind}

Message-ID: {original}
Subject: Arende
To: nobody@example.org

{body}
--edge--
"""
ANSWER = "smtp; 550 5.1.1 <nobody@example.org>: Recipient address rejected: User unknown"
SENT, FAILED = Message.State.SENT, Message.State.FAILED


def report(original: str, *, action: str = "failed", kind: str = "message/rfc822") -> bytes:
    body = "Content-Type: text/plain\n\nHej" if kind == "message/rfc822" else ""
    text = REPORT.format(action=action, kind=kind, original=original, body=body)
    return text.replace("\n", "\r\n").encode()


def sent(world: World, key: str = "key") -> Message:
    message = queued(world, key)
    assert delivery.send_one(message.public_id)
    return message


def state_of(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.last_error


@pytest.fixture
def box(tmp_path: Path) -> mailbox.Maildir:
    return mailbox.Maildir(tmp_path / "in", create=True)


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_moves_the_message_to_what_was_not_delivered(
    world: World, box: mailbox.Maildir, tmp_path: Path, kind: str
) -> None:
    message, other = sent(world), sent(world, "other")
    box.add(report(mail.outbox[0].extra_headers["Message-ID"], kind=kind))
    assert returned.sweep(tmp_path / "in") == 1
    assert state_of(message) == (FAILED, ANSWER)
    assert state_of(other) == (SENT, "")


def test_a_letter_is_read_once_and_kept(world: World, box: mailbox.Maildir, tmp_path: Path) -> None:
    message = sent(world)
    box.add(report(delivery.message_id(message)))
    assert [returned.sweep(tmp_path / "in") for _time in range(2)] == [1, 0]
    (letter,) = list(mailbox.Maildir(tmp_path / "in"))
    assert letter.get_flags() == "S"
    # The same report in a second letter finds nothing that is sent.
    box.add(report(delivery.message_id(message)))
    assert returned.sweep(tmp_path / "in") == 0


def test_sent_again_it_goes_to_the_address_that_was_corrected(
    world: World, box: mailbox.Maildir, tmp_path: Path
) -> None:
    message = sent(world)
    box.add(report(delivery.message_id(message)))
    returned.sweep(tmp_path / "in")
    reader = world["avdelning"]
    reader.email = "ratt@example.org"
    reader.save(update_fields=["email"])
    delivery.try_again(message, actor=world["leader"])
    assert delivery.send_one(message.public_id)
    assert mail.outbox[-1].to == ["ratt@example.org"]
    assert state_of(message) == (SENT, "")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\x00 no letter",
        b"Subject: Jag undrar\n\nNar borjar det?",
        report("<nobody-knows-it@example.org>"),
        report("no address"),
        report("", kind="text/rfc822-headers"),
        REPORT.replace("message/delivery-status\n\nReporting", "text/plain\n\nReporting").encode(),
    ],
    ids=["empty", "bytes", "a question", "unknown", "bare", "no id", "no status"],
)
def test_what_is_no_report_of_ours_changes_nothing(
    world: World, box: mailbox.Maildir, tmp_path: Path, raw: bytes
) -> None:
    message = sent(world)
    box.add(raw)
    assert returned.sweep(tmp_path / "in") == 0
    assert state_of(message) == (SENT, "")
    assert all(letter.get_flags() == "S" for letter in mailbox.Maildir(tmp_path / "in"))


def test_a_delay_is_not_a_failure(world: World) -> None:
    message = sent(world)
    assert returned.read(report(delivery.message_id(message), action="delayed")) is None
    assert returned.read(report(delivery.message_id(message))) is not None


def test_a_huge_letter_is_left_to_people(
    world: World, box: mailbox.Maildir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = sent(world)
    box.add(report(delivery.message_id(message)))
    monkeypatch.setattr(returned, "LARGEST_BYTES", 100)
    assert returned.sweep(tmp_path / "in") == 0
    assert state_of(message) == (SENT, "")


def test_a_summary_that_came_back_is_all_its_messages(world: World) -> None:
    first, second, alone = queued(world), queued(world, "two"), sent(world, "alone")
    Message.objects.filter(pk__in=[first.pk, second.pk]).update(in_digest=True)
    assert delivery.send_digest(world["avdelning"].pk) == 2
    found = returned.read(report(mail.outbox[-1].extra_headers["Message-ID"]))
    assert found is not None
    assert returned.note(found) == 2
    assert [state_of(one)[0] for one in (first, second, alone)] == [FAILED, FAILED, SENT]


def test_the_worker_reads_where_the_setting_says(
    world: World,
    box: mailbox.Maildir,
    tmp_path: Path,
    settings: Settings,
) -> None:
    message = sent(world)
    box.add(report(delivery.message_id(message)))
    settings.RETURNED_MAILDIR = None
    assert tasks.read_returned() == 0
    settings.RETURNED_MAILDIR = tmp_path / "in"
    assert tasks.read_returned() == 1
    client = Client()
    client.force_login(
        world["leader"], backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    page = client.get(reverse("workflows:failed_mail")).content.decode()
    assert "User unknown" in page
