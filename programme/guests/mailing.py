"""Mail to guests: a mark on the guest's own row, so that erasing the row erases all of it.

The outbox keeps the addresses of those who work here for ever, and guests' may not be kept.
"""

import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audit.operations import operation
from core.letters import letter
from programme.guests import links
from programme.models import Guest
from programme.occasions.notices import place_of
from programme.venues.booking import hours_in_words

SWEEP_SIZE = 200
# Waits after each failed attempt; after the last one the mark is taken away.
BACK_OFF = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))


def send_waiting() -> int:
    """Send what is marked, each row once; returns how many mails were sent."""
    waiting = list(
        Guest.objects.exclude(mail="")
        .filter(mail_after__lte=timezone.now())
        .order_by("mail_after", "pk")
        .values_list("pk", flat=True)[:SWEEP_SIZE]
    )
    return sum(send_one(pk) for pk in waiting)


@transaction.atomic
def send_one(guest_id: int) -> bool:
    """Send one guest's mail, unless another worker has or does."""
    guest = (
        Guest.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("guest_list__occasion")
        .filter(pk=guest_id)
        .exclude(mail="")
        .first()
    )
    if guest is None:
        return False
    with operation("guest.mail", subject=guest.public_id):
        try:
            message(guest).send()
        except Exception:  # whatever the mail server does, the row is tried again
            _put_off(guest)
            return False
        guest.mail, guest.mail_after = "", None
        guest.save(update_fields=["mail", "mail_after"])
    return True


def _put_off(guest: Guest) -> None:
    if guest.mail_attempts >= len(BACK_OFF):
        guest.mail, guest.mail_after = "", None
    else:
        guest.mail_after = timezone.now() + BACK_OFF[guest.mail_attempts]
        guest.mail_attempts += 1
    guest.save(update_fields=["mail", "mail_after", "mail_attempts"])


def message(guest: Guest) -> EmailMultiAlternatives:
    """The mail as it is sent; names nobody, not even the guest."""
    occasion = guest.guest_list.occasion
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    with translation.override(settings.LANGUAGE_CODE):
        subject, sentence, ask = _words(Guest.Mail(guest.mail))
        context = {
            "subject": subject,
            "facts": [
                occasion.title,
                hours_in_words(occasion.starts_at, occasion.ends_at),
                place_of(occasion),
            ],
            "sentence": sentence,
            "ask": ask,
            "link": f"{base}{links.path_of(guest)}",
            "portal": settings.WAGTAIL_SITE_NAME,
        }
        text = render_to_string("guests/mail.txt", context)
        html = render_to_string("guests/mail.html", context)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    mark = f"{guest.mail}.{guest.asked_at:%Y%m%d%H%M%S}.{occasion.sequence}"
    with translation.override(settings.LANGUAGE_CODE):
        return letter(
            subject=subject,
            text=text,
            html=html,
            to=guest.email,
            message_id=f"<{guest.public_id}.{mark}@{domain}>",
        )


def _words(mail: Guest.Mail) -> tuple[str, str, str]:
    """Subject, sentence and what the link is for."""
    return {
        Guest.Mail.CONFIRM: lambda: (
            _("Confirm your registration"),
            _("Someone, we hope you, has registered this address for the event."),
            _("Confirm, or say that it was not you:"),
        ),
        Guest.Mail.WELCOME: lambda: (
            _("You are registered"),
            _("You are welcome to the event."),
            _("See your registration, put the time in your calendar or take it back:"),
        ),
        Guest.Mail.FULL: lambda: (
            _("The event is full"),
            _("All seats were taken when you confirmed. Try again: seats may fall free."),
            _("See how it stands:"),
        ),
        Guest.Mail.CHANGED: lambda: (
            _("The event has changed"),
            _("This is how it is now. You are still registered."),
            _("See your registration or take it back:"),
        ),
        Guest.Mail.CANCELLED: lambda: (
            _("The event is cancelled"),
            _("The event is cancelled. You need not do anything."),
            _("Read more:"),
        ),
        Guest.Mail.LEFT: lambda: (
            _("Your registration is taken back"),
            _("You are no longer registered. Thank you for saying so."),
            _("If you want to come after all:"),
        ),
    }[mail]()
