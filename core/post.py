"""Sending a message without knowing who delivers it.

The rooms that write messages and the room that delivers them are neighbours. The one
that delivers registers itself here.
"""

from collections.abc import Mapping
from typing import Any, Protocol


class Sender(Protocol):
    """Queues one message; the same key again sends nothing more."""

    def __call__(
        self,
        *,
        recipient: Any,
        kind: str,
        dedupe_key: str,
        values: Mapping[str, object],
        link: str = "",
    ) -> object:
        """Queue it in the caller's transaction."""


_SENDERS: list[Sender] = []


def register_sender(sender: Sender) -> None:
    """Deliver every message from now on."""
    _SENDERS[:] = [sender]


def send(
    *,
    recipient: Any,
    kind: str,
    dedupe_key: str,
    values: Mapping[str, object],
    link: str = "",
) -> None:
    """Queue one message with whoever delivers, who also has the words of its kind.

    :param values: what the words' placeholders stand for.
    :raises RuntimeError: when nobody delivers.
    """
    if not _SENDERS:
        raise RuntimeError("nobody delivers messages")
    _SENDERS[0](
        recipient=recipient,
        kind=kind,
        dedupe_key=dedupe_key,
        values=values,
        link=link,
    )
