"""The signed link in a guest's mail: it names the row by its public reference and nothing else."""

import datetime

from django.core import signing
from django.urls import reverse

from programme.guests.errors import LinkOld
from programme.models import Guest
from programme.queries import settings_on

SALT = "programme.guests"


def token_of(guest: Guest) -> str:
    """What stands in the address."""
    return signing.dumps(guest.public_id, salt=SALT)


def path_of(guest: Guest) -> str:
    """Where the guest confirms or takes the registration back."""
    return reverse("guests:mine", args=[token_of(guest)])


def guest_of(token: str) -> Guest | None:
    """The guest whom the link belongs to; nothing for one that is made up or erased."""
    try:
        reference = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return (
        Guest.objects.select_related(
            "guest_list__occasion__programme", "guest_list__occasion__district", "municipality"
        )
        .filter(public_id=str(reference), erased_at=None)
        .first()
    )


def ensure_fresh(guest: Guest, token: str, today: datetime.date) -> None:
    """Raise when the registration is to be confirmed through too old a link."""
    hours = int(settings_on(guest.guest_list.occasion.programme, today)["guest_link_hours"])
    try:
        signing.loads(token, salt=SALT, max_age=datetime.timedelta(hours=hours))
    except signing.SignatureExpired as error:
        raise LinkOld from error
