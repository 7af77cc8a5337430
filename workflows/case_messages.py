"""The messages that have been sent about a case, for whoever may see the case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from people.display import name_of
from people.models import User
from workflows.mailing import words
from workflows.models import Case, Message


@dataclass(frozen=True)
class ToldMessage:
    """One message as its reader got it, or would get it now.

    :ivar recipient: the name, as the viewer may know it; never the address.
    :ivar erased: that the text was erased when it had been kept long enough.
    """

    message: Message
    recipient: str
    subject: str
    body: str
    erased: bool = False


def told_together(messages: Iterable[Message]) -> list[list[Message]]:
    """The messages of one cause and moment together: a line each in the timeline."""
    found: dict[str, list[Message]] = {}
    for message in messages:
        key = f"{message.kind}:{message.created_at:%Y%m%d%H%M%S}"
        found.setdefault(key, []).append(message)
    return list(found.values())


def messages_of(case: Case, *, of: str = "") -> list[Message]:
    """The case's messages, the latest first.

    :param of: a message's public id: then only those that were written together with it.
    """
    # A draft has not been sent, and may never be.
    sent = case.messages.exclude(state=Message.State.DRAFT)
    rows = list(sent.select_related("recipient__person__unit"))
    for group in told_together(rows):
        if any(message.public_id == of for message in group):
            return group
    return rows


def told(messages: Sequence[Message], viewer: User) -> list[ToldMessage]:
    """The messages for the viewer: as sent, or in the words of now; one read for all."""
    unsent = {Message.State.DRAFT, Message.State.WAITING, Message.State.FAILED}
    texts = words.in_use({one.kind for one in messages if one.state in unsent})
    found = []
    for message in messages:
        # What has been sent is never worded anew.
        text = texts.get(message.kind) if message.state in unsent else None
        now = words.as_worded(message, text)
        erased = not message.body and bool(message.body_digest)
        found.append(ToldMessage(message, _name(message, viewer), now.subject, now.body, erased))
    return found


def _name(message: Message, viewer: User) -> str:
    user = message.recipient
    if user is None:
        return _("someone without an account")
    person = getattr(user, "person", None)
    return user.get_full_name() if person is None else name_of(person, viewer)
