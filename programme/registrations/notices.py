"""What those who register are told: no person is named, and the link leads to a signed-in page."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from people.models import Person
from programme.messages import account_of
from programme.models import Occasion, Registration
from programme.occasions.notices import day_of, place_of, values_of
from programme.registrations.errors import moment
from workflows import outbox
from workflows.models import Message


def facts(occasion: Occasion, person: Person) -> str:
    """What, when and where; only when for a protected person."""
    values = values_of(occasion, person, place_of(occasion))
    return "\n".join(values[name] for name in ("title", "when", "place") if values.get(name))


def _tell(row: Registration, kind: str, subject: str, ask: str, *, occasion: Occasion) -> None:
    """One message for each time that the row came into its state."""
    recipient = account_of(row.person)
    if recipient is None or row.person.temporary:
        return
    mark = row.offered_at.isoformat() if kind == "offered" and row.offered_at else ""
    outbox.queue_rows(
        [
            Message(
                recipient=recipient,
                address=recipient.email,
                kind=f"registration.{kind}",
                dedupe_key=(
                    f"registration.{kind}:{row.public_id}:{row.order}:{occasion.sequence}:{mark}"
                ),
                subject=subject % {"day": day_of(occasion)},
                body=f"{facts(occasion, row.person)}\n{ask}",
                link=reverse("registrations:mine_one", args=[occasion.public_id]),
            )
        ]
    )


def registered(row: Registration) -> None:
    """The person has a seat."""
    with translation.override(settings.LANGUAGE_CODE):
        _tell(
            row,
            "registered",
            _("You are registered on %(day)s"),
            _(
                "You have a seat. Sign in to put the time in your calendar, to give the seat up"
                " or to let a colleague have it."
            ),
            occasion=row.plan.occasion,
        )


def waiting(row: Registration) -> None:
    """All seats are taken: the person is in line."""
    with translation.override(settings.LANGUAGE_CODE):
        _tell(
            row,
            "waiting",
            _("You are on the waiting list for %(day)s"),
            _(
                "All seats are taken. You are told when one falls free, and then you have some"
                " time to answer. Sign in to see your place in the line."
            ),
            occasion=row.plan.occasion,
        )


def asked(row: Registration) -> None:
    """The registration waits for somebody's approval."""
    with translation.override(settings.LANGUAGE_CODE):
        _tell(
            row,
            "asked",
            _("Your registration for %(day)s waits for approval"),
            _("You are told when it is decided. Sign in to see how it goes."),
            occasion=row.plan.occasion,
        )


def offered(row: Registration, occasion: Occasion) -> None:
    """A seat is free for the person, for some time."""
    with translation.override(settings.LANGUAGE_CODE):
        _tell(
            row,
            "offered",
            _("A seat is free for you on %(day)s"),
            _("Sign in and answer before %(until)s. After that the next in line is asked.")
            % {"until": moment(row.offer_until)},
            occasion=occasion,
        )


def lapsed(row: Registration) -> None:
    """The offer was not answered in time."""
    with translation.override(settings.LANGUAGE_CODE):
        _tell(
            row,
            "lapsed",
            _("The offered seat on %(day)s has gone to the next in line"),
            _("You did not answer in time. You may register again and stand last in the line."),
            occasion=row.plan.occasion,
        )


def refused(row: Registration) -> None:
    """The registration was not approved."""
    with translation.override(settings.LANGUAGE_CODE):
        _tell(
            row,
            "refused",
            _("Your registration for %(day)s was not approved"),
            _("Sign in to read why, and ask your nearest manager if you wonder."),
            occasion=row.plan.occasion,
        )


def removed(row: Registration) -> None:
    """Staff have taken away the place in line or the offer."""
    with translation.override(settings.LANGUAGE_CODE):
        _tell(
            row,
            "removed",
            _("You are no longer registered for %(day)s"),
            _("Sign in to read why."),
            occasion=row.plan.occasion,
        )


def substituted(row: Registration) -> None:
    """The person has got a colleague's seat."""
    with translation.override(settings.LANGUAGE_CODE):
        _tell(
            row,
            "substituted",
            _("You have a colleague's seat on %(day)s"),
            _("Sign in to put the time in your calendar. If you cannot come, give the seat up."),
            occasion=row.plan.occasion,
        )


def changed(row: Registration, occasion: Occasion) -> None:
    """The occasion that the person stands in line for has changed."""
    with translation.override(settings.LANGUAGE_CODE):
        _tell(
            row,
            "changed",
            _("Changed: the occasion on %(day)s"),
            _("This is how it is now. Your place in the line is the same."),
            occasion=occasion,
        )


def cancelled(row: Registration, occasion: Occasion) -> None:
    """The occasion that the person stands in line for is cancelled."""
    with translation.override(settings.LANGUAGE_CODE):
        _tell(
            row,
            "cancelled",
            _("Cancelled: the occasion on %(day)s"),
            _("The occasion is cancelled. Your registration is kept. Sign in to read why."),
            occasion=occasion,
        )
