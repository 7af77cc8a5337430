"""The messages about places, occasions and months, with their first words."""

from django.utils.translation import gettext_lazy as _

from workflows.mailing.kinds import MessageKind, Placeholder
from workflows.mailing.rules import Importance

OCCASION = {
    "title": Placeholder(_("occasion"), _("Conversation methods, part 2")),
    "day": Placeholder(_("day"), "2027-03-15"),
    "when": Placeholder(_("day and time"), "2027-03-15 kl. 9.00–13.20"),
    "place": Placeholder(_("place"), _("Sagan, Farsta torg 1")),
}
AREAS = {
    "place": _("Places"),
    "occasion": _("Occasions"),
    "registration": _("Registrations"),
    "month": _("Hours"),
    "need": _("What participants need"),
}
_MONTH = {"month": Placeholder(_("month"), "2027-03")}

KINDS = (
    MessageKind(
        key="place.offered",
        name=_("An offered place"),
        rule=_("Goes to the nominated person, when the nomination is approved."),
        subject=_("You are offered a place in a training course"),
        body=_(
            "Your manager has nominated you and the nomination is approved. Sign in to read about"
            " how your hours are recorded, and answer whether you accept the place. If you have"
            " not signed in before, choose “I have forgotten my password” and write this address."
        ),
    ),
    MessageKind(
        key="place.withdrawn",
        name=_("A place that has changed"),
        rule=_("Goes to the participant, when staff have moved the place or taken it back."),
        subject=_("Your place in a training course has changed"),
        body=_("Sign in to see what has changed. Ask your nearest manager if you wonder why."),
    ),
    MessageKind(
        key="occasion.invited",
        name=_("Invitation to an occasion"),
        rule=_("Goes to everyone who is expected, so many days before as the setting says."),
        placeholders=OCCASION,
        subject=_("You are invited on {day}"),
        body=_(
            "{title}\n{when}\n{place}\nSign in and answer whether you are coming."
            " There you also get the time for your calendar."
        ),
    ),
    MessageKind(
        key="occasion.reminded",
        name=_("Reminder of an occasion"),
        rule=_("Goes to those invited who have not said that they cannot come."),
        placeholders=OCCASION,
        subject=_("Reminder: you are invited on {day}"),
        body=_("{title}\n{when}\n{place}\nIf you cannot come, sign in and say so."),
    ),
    MessageKind(
        key="occasion.changed",
        name=_("A changed occasion"),
        rule=_("Goes to those invited, when the time or the place has been changed."),
        placeholders=OCCASION,
        subject=_("Changed: the occasion on {day}"),
        body=_(
            "{title}\n{when}\n{place}\nThis is how it is now."
            " Sign in to see what has changed and to answer again."
        ),
    ),
    MessageKind(
        key="occasion.cancelled",
        name=_("A cancelled occasion"),
        rule=_("Goes to those invited, at once whatever the hour."),
        importance=Importance.URGENT,
        placeholders=OCCASION,
        subject=_("Cancelled: the occasion on {day}"),
        body=_("{title}\n{when}\n{place}\nThe occasion is cancelled. Sign in to read why."),
    ),
    MessageKind(
        key="occasion.withdrawn",
        name=_("No longer expected at an occasion"),
        rule=_("Goes to those who had been invited and are expected no more."),
        placeholders=OCCASION,
        subject=_("You are no longer expected on {day}"),
        body=_(
            "{title}\n{when}\n{place}\nYou are no longer expected at this occasion."
            " Sign in to read more."
        ),
    ),
    MessageKind(
        key="occasion.trainer_changed",
        name=_("A changed occasion, to the trainer"),
        rule=_("Goes to the trainers, when the time or the place has been changed."),
        placeholders=OCCASION,
        subject=_("Changed: the occasion on {day}"),
        body=_("{title}\n{when}\n{place}\nSign in to read more."),
    ),
    MessageKind(
        key="occasion.trainer_cancelled",
        name=_("A cancelled occasion, to the trainer"),
        rule=_("Goes to the trainers, at once whatever the hour."),
        importance=Importance.URGENT,
        placeholders=OCCASION,
        subject=_("Cancelled: the occasion on {day}"),
        body=_("{title}\n{when}\n{place}\nSign in to read more."),
    ),
    MessageKind(
        key="month.attest",
        name=_("Hours to attest"),
        rule=_("Goes to those whose hours of a month wait for being attested."),
        placeholders=_MONTH,
        subject=_("Attest your hours of training"),
        body=_(
            "Your attendance in {month} is counted. Sign in, look at when you took part"
            " and how many minutes it became, and attest that it is right."
        ),
    ),
    # What is needed is told by the page alone: it may be about health.
    MessageKind(
        key="need.told",
        name=_("Somebody has told what they need"),
        rule=_("Goes to those who arrange the training there, when something is told."),
        subject=_("Someone has told what is needed to take part"),
        body=_("Sign in to read what it is, and arrange it before the next occasion."),
    ),
    # Figures that differ each time; only how it is sent is known here.
    MessageKind(
        key="staff.digest",
        name=_("How your staff are doing"),
        rule=_("Goes to managers, as often as the setting says."),
        importance=Importance.NICE_TO_KNOW,
    ),
)
