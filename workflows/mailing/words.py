"""The words of a message: the code's first ones, or staff's newest, with the values filled in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation

from workflows.mailing.kinds import MessageKind, kind_named
from workflows.mailing.rules import fill, inert
from workflows.models import Message, MessageText

# A last paragraph that concerns only some readers, such as that they are asked as deputies.
MORE = "more"


@dataclass(frozen=True)
class Words:
    """Subject and text, ready to be sent."""

    subject: str
    body: str


def first_words(kind: str, values: Mapping[str, object]) -> Words:
    """The message as the code words it; kept with the row until it is sent.

    :raises KeyError: when nobody has registered the kind.
    """
    found = kind_named(kind)
    if found is None:
        raise KeyError(kind)
    with translation.override(settings.LANGUAGE_CODE):
        return filled(str(found.subject), str(found.body), values)


def filled(subject: str, body: str, values: Mapping[str, object]) -> Words:
    """The words with inert values, and without paragraphs that nothing is left of."""
    plain = {key: inert(value) for key, value in values.items() if key != MORE}
    # Our own sentences, never anybody's input; they may be several lines.
    plain[MORE] = str(values.get(MORE, ""))
    paragraphs = [line.strip() for line in fill(body, plain).split("\n")]
    return Words(
        " ".join(fill(subject, plain).split()),
        "\n".join(paragraph for paragraph in paragraphs if paragraph),
    )


def newest(kind: str) -> MessageText | None:
    """Staff's words for the kind, if they have written any."""
    return MessageText.objects.filter(kind=kind).first()


def in_use(kinds: Collection[str]) -> dict[str, MessageText]:
    """Staff's newest words for each of the kinds that has some, in one read."""
    rows = MessageText.objects.filter(kind__in=kinds).order_by("kind", "-pk").distinct("kind")
    return {row.kind: row for row in rows} if kinds else {}


def as_sent(message: Message) -> Words:
    """The message with the words that are in use now."""
    return as_worded(message, newest(message.kind))


def as_worded(message: Message, text: MessageText | None) -> Words:
    """The message in staff's words for its kind, or as it was written when they have none."""
    kind = kind_named(message.kind)
    if message.own_words or text is None or kind is None or not kind.may_be_worded:
        return Words(message.subject, message.body)
    return filled(text.subject, text.body, message.values)


def samples(kind: MessageKind) -> dict[str, str]:
    """What the placeholders stand for in a preview."""
    with translation.override(settings.LANGUAGE_CODE):
        return {key: str(one.sample) for key, one in kind.placeholders.items()}
