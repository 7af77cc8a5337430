"""The link in a message to those who decide: signed, for one person, used once.

Following it decides nothing. It leads over signing in to a page with the facts and
the answers, which only the page's own form sends.
"""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from workflows.models import Message

# Those told that a step waits for them.
TO_DECIDERS = ("case.waiting", "case.moved", "case.reminded", "case.escalated", "case.handed")
SALT = "workflows.mail_link"


def link_of(message: Message) -> str:
    """Where the mail leads: to deciding when it asks for a decision, else where it says."""
    asks = message.kind in TO_DECIDERS and message.case_id and message.recipient_id
    return address_of(message) if asks else message.link


def address_of(message: Message) -> str:
    """The message's own signed address; the same each time the mail is sent."""
    token = Signer(salt=SALT).sign(message.public_id)
    return reverse("workflows:mail_link", args=[token])


def message_in(token: str) -> Message | None:
    """The message whose link it is; nothing for an address that somebody has made up."""
    try:
        public_id = Signer(salt=SALT).unsign(token)
    except BadSignature:
        return None
    found = Message.objects.select_related("case", "used_link")
    return found.filter(public_id=public_id, case__isnull=False).first()


def is_used(message: Message) -> bool:
    """Whether the link has led to a decision already."""
    return hasattr(message, "used_link")
