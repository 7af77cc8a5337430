"""What those who register are told: no person is named, and the link leads to a signed-in page.

The words are staff's to change; the first ones are in ``message_kinds.py``.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from people.models import Person
from programme.messages import account_of
from programme.models import Occasion, Registration
from programme.occasions.notices import place_of, values_of
from programme.registrations.errors import moment
from workflows import outbox
from workflows.mailing.words import first_words
from workflows.models import Message


def facts(occasion: Occasion, person: Person) -> str:
    """What, when and where; only when for a protected person."""
    values = values_of(occasion, person, place_of(occasion))
    return "\n".join(values[name] for name in ("title", "when", "place") if values.get(name))


def _tell(row: Registration, kind: str, occasion: Occasion, *, mark: str = "", **more: str) -> None:
    """One message for each time that the row came into its state."""
    if row.person.has_left(timezone.localdate()):
        return
    recipient = account_of(row.person)
    if recipient is None or row.person.temporary:
        return
    with translation.override(settings.LANGUAGE_CODE):
        values = values_of(occasion, row.person, place_of(occasion)) | more
        words = first_words(f"registration.{kind}", values)
    if kind == "offered" and row.offered_at:
        mark = row.offered_at.isoformat()
    outbox.queue_rows(
        [
            Message(
                recipient=recipient,
                address=recipient.email,
                kind=f"registration.{kind}",
                dedupe_key=(
                    f"registration.{kind}:{row.public_id}:{row.order}:{occasion.sequence}:{mark}"
                ),
                subject=words.subject,
                body=words.body,
                values=values,
                link=reverse("registrations:mine_one", args=[occasion.public_id]),
            )
        ]
    )


def registered(row: Registration) -> None:
    """The person has a seat."""
    _tell(row, "registered", row.plan.occasion)


def waiting(row: Registration) -> None:
    """All seats are taken: the person is in line."""
    _tell(row, "waiting", row.plan.occasion)


def asked(row: Registration) -> None:
    """The registration waits for somebody's approval."""
    _tell(row, "asked", row.plan.occasion)


def offered(row: Registration, occasion: Occasion) -> None:
    """A seat is free for the person, for some time."""
    _tell(row, "offered", occasion, until=moment(row.offer_until))


def lapsed(row: Registration) -> None:
    """The offer was not answered in time."""
    _tell(row, "lapsed", row.plan.occasion)


def refused(row: Registration) -> None:
    """The registration was not approved."""
    _tell(row, "refused", row.plan.occasion)


def removed(row: Registration) -> None:
    """Staff have taken away the place in line or the offer."""
    _tell(row, "removed", row.plan.occasion)


def substituted(row: Registration) -> None:
    """The person has got a colleague's seat."""
    _tell(row, "substituted", row.plan.occasion)


def changed(row: Registration, occasion: Occasion) -> None:
    """The occasion that the person stands in line for has changed."""
    _tell(row, "changed", occasion)


def cancelled(row: Registration, occasion: Occasion) -> None:
    """The occasion that the person stands in line for is cancelled."""
    _tell(row, "cancelled", occasion)


def page_gone(row: Registration, occasion: Occasion, page: str) -> None:
    """No public page tells of the occasion any more; the registration stands."""
    _tell(row, "page_gone", occasion, mark=page)
