"""What is told about occasions: no person is named, and the link leads to a signed-in page.

Mail is read in open offices and forwarded. Whoever has a protected identity is told
neither what nor where, only when, and reads the rest signed in.
"""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from people.models import Person, User
from programme.messages import account_of
from programme.models import Booking, Invitation, Occasion
from programme.venues.booking import hours_in_words
from workflows import outbox
from workflows.mailing.words import first_words
from workflows.models import Message


def day_of(occasion: Occasion) -> str:
    """The occasion's day as it stands in a subject."""
    return date_format(timezone.localtime(occasion.starts_at), "Y-m-d")


def page_of(occasion: Occasion) -> str:
    """Where someone invited reads and answers."""
    return reverse("occasions:answer", args=[occasion.public_id])


def place_of(occasion: Occasion) -> str:
    """Where the occasion is held, in words; empty when that is not decided."""
    if occasion.online:
        return _("Online")
    booking = (
        Booking.objects.filter(occasion=occasion, cancelled_at=None).select_related("venue").first()
    )
    return f"{booking.venue.name}, {booking.venue.address}" if booking else ""


def values_of(occasion: Occasion, person: Person, place: str) -> dict[str, str]:
    """What, when and where, as placeholders; only when for a protected person."""
    when = {
        "day": day_of(occasion),
        "when": hours_in_words(occasion.starts_at, occasion.ends_at),
    }
    return when if person.protected else {**when, "title": occasion.title, "place": place}


def facts(occasion: Occasion, person: Person, place: str) -> str:
    """What, when and where as lines of text; only when for a protected person."""
    values = values_of(occasion, person, place)
    shown = (values.get(name, "") for name in ("title", "when", "place"))
    return "\n".join(part for part in shown if part)


def key_of(kind: str, occasion: Occasion, row: Invitation) -> str:
    """The same kind of message about the same version of things is never sent twice."""
    return f"occasion.{kind}:{row.public_id}:{occasion.sequence}.{row.sequence}"


def invited(occasion: Occasion, rows: Sequence[Invitation]) -> list[Invitation]:
    """Invite those who can be reached; returns them."""
    return _send(occasion, rows, "invited")


def reminded(occasion: Occasion, rows: Sequence[Invitation]) -> list[Invitation]:
    """Remind those who have not said that they cannot come."""
    return _send(occasion, rows, "reminded")


def changed(occasion: Occasion, rows: Sequence[Invitation]) -> list[Invitation]:
    """Tell those already invited what the occasion has become."""
    return _send(occasion, rows, "changed")


def cancelled(occasion: Occasion, rows: Sequence[Invitation]) -> list[Invitation]:
    """Tell those already invited that the occasion is cancelled."""
    return _send(occasion, rows, "cancelled")


def withdrawn(occasion: Occasion, rows: Sequence[Invitation]) -> list[Invitation]:
    """Tell those already invited that they are no longer expected."""
    return _send(occasion, [row for row in rows if row.invited_at], "withdrawn")


def _send(occasion: Occasion, rows: Sequence[Invitation], kind: str) -> list[Invitation]:
    with translation.override(settings.LANGUAGE_CODE):
        place = place_of(occasion)
    persons = Person.objects.select_related("user").in_bulk([row.person_id for row in rows])
    messages, reached = [], []
    for row in rows:
        row.occasion = occasion
        person = persons[row.person_id]
        if _left(person, occasion, kind):
            continue
        recipient = account_of(person)
        if recipient is None or person.temporary:
            continue
        values = values_of(occasion, person, place)
        words = first_words(f"occasion.{kind}", values)
        messages.append(
            Message(
                recipient=recipient,
                address=recipient.email,
                kind=f"occasion.{kind}",
                dedupe_key=key_of(kind, occasion, row),
                subject=words.subject,
                body=words.body,
                values=values,
                link=page_of(occasion),
            )
        )
        reached.append(row)
    outbox.queue_rows(messages)
    return reached


def _left(person: Person, occasion: Occasion, kind: str) -> bool:
    """Whether nothing is to be told: they have left, or will have before they are expected."""
    if person.has_left(timezone.localdate()):
        return True
    return kind in ("invited", "reminded") and person.has_left(
        timezone.localdate(occasion.starts_at)
    )


def tell_trainers(occasion: Occasion, trainers: Iterable[User], *, is_cancelled: bool) -> None:
    """Tell the trainers that their occasion is changed or cancelled."""
    kind = "occasion.trainer_cancelled" if is_cancelled else "occasion.trainer_changed"
    with translation.override(settings.LANGUAGE_CODE):
        values = {
            "title": occasion.title,
            "day": day_of(occasion),
            "when": hours_in_words(occasion.starts_at, occasion.ends_at),
            "place": place_of(occasion),
        }
        words = first_words(kind, values)
    outbox.queue_rows(
        Message(
            recipient=user,
            address=user.email,
            kind=kind,
            dedupe_key=f"{kind}:{occasion.public_id}:{user.pk}:{occasion.sequence}",
            subject=words.subject,
            body=words.body,
            values=values,
            link=reverse("occasions:taught", args=[occasion.public_id]),
        )
        for user in trainers
    )
