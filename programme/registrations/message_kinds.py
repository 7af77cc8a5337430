"""The messages to those who register, with their first words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programme.message_kinds import OCCASION
from workflows.mailing.kinds import MessageKind, Placeholder
from workflows.mailing.rules import Importance

_UNTIL = {"until": Placeholder(_("last moment to answer"), "2027-03-12 kl. 12.00")}


def _kind(
    key: str,
    name: Promise,
    rule: Promise,
    subject: Promise,
    body: Promise,
    *,
    importance: Importance = Importance.MUST_KNOW,
    more: dict[str, Placeholder] | None = None,
) -> MessageKind:
    return MessageKind(
        key=f"registration.{key}",
        name=name,
        rule=rule,
        importance=importance,
        placeholders=OCCASION | (more or {}),
        subject=subject,
        body=body,
    )


KINDS = (
    _kind(
        "registered",
        _("Registration: a seat"),
        _("Goes to whoever registers, or gets a seat from the line or by approval."),
        _("You are registered on {day}"),
        _(
            "{title}\n{when}\n{place}\nYou have a seat. Sign in to put the time in your calendar,"
            " to give the seat up or to let a colleague have it."
        ),
    ),
    _kind(
        "waiting",
        _("Registration: on the waiting list"),
        _("Goes to whoever registers when all seats are taken."),
        _("You are on the waiting list for {day}"),
        _(
            "{title}\n{when}\n{place}\nAll seats are taken. You are told when one falls free, and"
            " then you have some time to answer. Sign in to see your place in the line."
        ),
    ),
    _kind(
        "asked",
        _("Registration: waits for approval"),
        _("Goes to whoever registers where somebody approves each registration."),
        _("Your registration for {day} waits for approval"),
        _("{title}\n{when}\n{place}\nYou are told when it is decided. Sign in to see how it goes."),
    ),
    _kind(
        "offered",
        _("Registration: a seat is offered"),
        _("Goes to the next in line when a seat falls free."),
        _("A seat is free for you on {day}"),
        _(
            "{title}\n{when}\n{place}\nSign in and answer before {until}."
            " After that the next in line is asked."
        ),
        more=_UNTIL,
    ),
    _kind(
        "lapsed",
        _("Registration: the offer has gone on"),
        _("Goes to whoever did not answer an offered seat in time."),
        _("The offered seat on {day} has gone to the next in line"),
        _(
            "{title}\n{when}\n{place}\nYou did not answer in time."
            " You may register again and stand last in the line."
        ),
    ),
    _kind(
        "refused",
        _("Registration: not approved"),
        _("Goes to whoever registered, when it was not approved."),
        _("Your registration for {day} was not approved"),
        _(
            "{title}\n{when}\n{place}\nSign in to read why, and ask your nearest manager"
            " if you wonder."
        ),
    ),
    _kind(
        "removed",
        _("Registration: taken away by staff"),
        _("Goes to whoever loses a place in line or an offer that staff take away."),
        _("You are no longer registered for {day}"),
        _("{title}\n{when}\n{place}\nSign in to read why."),
    ),
    _kind(
        "substituted",
        _("Registration: a colleague's seat"),
        _("Goes to whoever gets a colleague's seat."),
        _("You have a colleague's seat on {day}"),
        _(
            "{title}\n{when}\n{place}\nSign in to put the time in your calendar."
            " If you cannot come, give the seat up."
        ),
    ),
    _kind(
        "changed",
        _("Registration: the occasion has changed"),
        _("Goes to those in line, when the time or the place has been changed."),
        _("Changed: the occasion on {day}"),
        _("{title}\n{when}\n{place}\nThis is how it is now. Your place in the line is the same."),
    ),
    _kind(
        "cancelled",
        _("Registration: the occasion is cancelled"),
        _("Goes to those in line, at once whatever the hour."),
        _("Cancelled: the occasion on {day}"),
        _(
            "{title}\n{when}\n{place}\nThe occasion is cancelled. Your registration is kept."
            " Sign in to read why."
        ),
        importance=Importance.URGENT,
    ),
    _kind(
        "page_gone",
        _("Registration: the public page is taken down"),
        _("Goes to those registered or in line, when no public page tells of it any more."),
        _("The page about {day} is taken down, and your registration stands"),
        _(
            "{title}\n{when}\n{place}\nThe public page about this has been taken down. The occasion"
            " is not cancelled, and your registration is kept as it is. Sign in to see it."
        ),
    ),
)
