"""Mail that came back: what other mail servers report (RFC 3464), noted on the message.

A mail server that takes a mail may still find later that nobody has the address, and then
writes to the sender. Those letters lie in a maildir, where the city's mail system or a fetching
program puts them; this reads each once and leaves it there, marked as read.
"""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.message import Message as Letter
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from audit.operations import operation
from workflows.models import Message

# Reports are short; what is larger carries something else, and is left to people.
LARGEST_BYTES = 1_000_000
# Of one run; the next goes on.
MOST = 500
_REPORT = "message/delivery-status"
_CARRIES_ORIGINAL = ("message/rfc822", "message/global", "text/rfc822-headers")


@dataclass(frozen=True)
class Returned:
    """One report: whose message it is about, and what the mail server said."""

    public_id: str
    answer: str


def read(raw: bytes) -> Returned | None:
    """What the letter reports; nothing when it is no report, or one of a delay only."""
    letter = message_from_bytes(raw, policy=policy.default)
    assert isinstance(letter, EmailMessage)
    if letter.get_content_type() != "multipart/report":
        return None
    answer = next((_answer(block) for block in _blocks(letter) if _has_failed(block)), None)
    public_id = _original(letter)
    if answer is None or not public_id:
        return None
    return Returned(public_id, answer)


def _blocks(letter: EmailMessage) -> Iterator[Letter]:
    """The report's groups of fields, one about the mail and one for each reader."""
    for part in letter.walk():
        if part.get_content_type() == _REPORT and part.is_multipart():
            yield from (block for block in part.get_payload() if isinstance(block, Letter))


def _has_failed(block: Letter) -> bool:
    return str(block.get("Action", "")).strip().lower() == "failed"


def _answer(block: Letter) -> str:
    """The server's own words, or only its number."""
    words = str(block.get("Diagnostic-Code") or block.get("Status") or "")
    return " ".join(words.split()) or "5.0.0"


def _original(letter: EmailMessage) -> str:
    """Our reference of the mail that was sent; our addresses of mails begin with it."""
    for part in letter.walk():
        if part.get_content_type() not in _CARRIES_ORIGINAL:
            continue
        inner, raw = part.get_payload(), part.get_payload(decode=True)
        found: Letter
        if isinstance(inner, list) and isinstance(inner[0], Letter):
            found = inner[0]
        else:
            found = message_from_bytes(raw if isinstance(raw, bytes) else b"")
        name = str(found.get("Message-ID", "")).strip().strip("<>")
        return name.partition("@")[0]
    return ""


@transaction.atomic
def note(returned: Returned) -> int:
    """Move what was sent in that mail to what was not delivered; how many messages that was.

    A day's summary is one mail of several messages, and all of them came back. The same report
    once more, or one about a message that has been sent again since, finds nothing.
    """
    sent = Message.objects.filter(state=Message.State.SENT)
    first = sent.filter(public_id=returned.public_id).first()
    if first is None:
        return 0
    rows = list(sent.select_for_update().filter(pk__in=_together(first)).order_by("pk"))
    with operation("message.returned", subject=first.public_id):
        for row in rows:
            row.state = Message.State.FAILED
            row.last_error = returned.answer[:200]
            row.save(update_fields=["state", "last_error"])
    return len(rows)


def _together(message: Message) -> QuerySet[Message]:
    """Keys of the messages that left in the same mail, by what history says of the sending."""
    left = Message.history.filter(state=Message.State.SENT)
    sending = left.filter(id=message.pk).order_by("-history_id").values("operation_id")[:1]
    keys: QuerySet[Message] = left.filter(operation_id__in=sending).values("id")
    return keys


def sweep(folder: Path) -> int:
    """Read what is new in the maildir; how many messages had come back.

    Marked as read when it has been noted, so that a killed worker reads it again, which is
    harmless. What is no report of ours stays for people, marked as read too.
    """
    box = mailbox.Maildir(folder, create=False)
    noted = 0
    for key in _unread(folder)[:MOST]:
        raw = box.get_bytes(key)
        returned = read(raw) if len(raw) <= LARGEST_BYTES else None
        noted += note(returned) if returned else 0
        seen = box.get_message(key)
        seen.set_subdir("cur")
        seen.add_flag("S")
        box[key] = seen
    return noted


def _unread(folder: Path) -> list[str]:
    """Keys of what has come since; a maildir keeps that apart from what has been looked at."""
    return sorted(file.name for file in (folder / "new").iterdir())
