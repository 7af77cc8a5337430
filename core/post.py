"""Sending a message without knowing who delivers it.

The rooms that write messages and the room that delivers them are neighbours. The one
that delivers registers itself here.
"""

from typing import Any, Protocol


class Sender(Protocol):
    """Queues one message; the same key again sends nothing more."""

    def __call__(
        self,
        *,
        recipient: Any,
        kind: str,
        dedupe_key: str,
        subject: str,
        body: str,
        link: str = "",
    ) -> object:
        """Queue it in the caller's transaction."""


_SENDERS: list[Sender] = []


def register_sender(sender: Sender) -> None:
    """Deliver every message from now on."""
    _SENDERS[:] = [sender]


def send(
    *, recipient: Any, kind: str, dedupe_key: str, subject: str, body: str, link: str = ""
) -> None:
    """Queue one message with whoever delivers.

    :raises RuntimeError: when nobody does.
    """
    if not _SENDERS:
        raise RuntimeError("nobody delivers messages")
    _SENDERS[0](
        recipient=recipient,
        kind=kind,
        dedupe_key=dedupe_key,
        subject=subject,
        body=body,
        link=link,
    )
