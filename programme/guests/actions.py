"""What a guest does: ask, confirm through the mail's link, take it back.

Whoever asks is answered the same, whether or not the address is known: nobody learns here
who else is coming. What there is to say is said in the mail.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import User
from programme.errors import ReasonNeeded, Refused
from programme.guests import access, marking
from programme.guests.errors import Closed
from programme.guests.locking import lock
from programme.models import Guest, GuestList, Municipality, Occasion

# Asking again within this time sends no second mail.
ONE_MAIL = datetime.timedelta(minutes=5)


@transaction.atomic
def ask(*, list_id: int, name: str, email: str, municipality: Municipality) -> None:
    """Note that someone wants to come, and mail them a link; says nothing of what was there.

    :raises Closed: when the event takes no guests now.
    """
    found = lock(list_id)
    now = timezone.now()
    if not access.is_open(found, now):
        raise Closed
    address = email.strip().lower()
    guest = Guest.objects.filter(guest_list=found, email=address).first()
    if guest is not None and now - guest.asked_at < ONE_MAIL:
        return
    with operation("guest.ask", subject=found.occasion.public_id):
        guest = guest or Guest(guest_list=found, email=address)
        guest.asked_at = now
        if guest.state != Guest.State.CONFIRMED:
            guest.name, guest.municipality = name.strip(), municipality
            guest.state = Guest.State.ASKED
        known = guest.state == Guest.State.CONFIRMED
        marking.queue(guest, Guest.Mail.WELCOME if known else Guest.Mail.CONFIRM)


@transaction.atomic
def confirm(*, guest_id: int) -> Guest:
    """Take a seat if one is left; twice is once.

    :raises Closed: when the event takes no guests any more.
    """
    guest = _locked(guest_id)
    if guest.state == Guest.State.CONFIRMED:
        return guest
    found = guest.guest_list
    now = timezone.now()
    if guest.erased_at or found.occasion.state != Occasion.State.PLANNED:
        raise Closed
    if now >= found.occasion.starts_at:
        raise Closed
    left = found.seats - Guest.objects.coming().filter(guest_list=found).count()
    with operation("guest.confirm", subject=found.occasion.public_id):
        if left > 0:
            guest.state, guest.confirmed_at = Guest.State.CONFIRMED, now
            marking.queue(guest, Guest.Mail.WELCOME)
        else:
            guest.state = Guest.State.FULL
            marking.queue(guest, Guest.Mail.FULL)
    return guest


@transaction.atomic
def leave(*, guest_id: int) -> Guest:
    """Take the registration back; the seat is free for somebody else."""
    guest = _locked(guest_id)
    if guest.state == Guest.State.LEFT or guest.erased_at:
        return guest
    with operation("guest.leave", subject=guest.guest_list.occasion.public_id):
        guest.state = Guest.State.LEFT
        marking.queue(guest, Guest.Mail.LEFT)
    return guest


def _locked(guest_id: int) -> Guest:
    found = lock(Guest.objects.values_list("guest_list_id", flat=True).get(pk=guest_id))
    guest = Guest.objects.select_for_update(of=("self",)).get(pk=guest_id)
    guest.guest_list = found
    return guest


@transaction.atomic
def set_list(
    *,
    occasion: Occasion,
    seats: int,
    opens_at: datetime.datetime,
    closes_at: datetime.datetime,
    actor: User,
    reason: str = "",
) -> GuestList:
    """Open an event for guests, or change how many it takes and when."""
    access.ensure_arranges(actor, occasion)
    if occasion.kind != Occasion.Kind.EVENT:
        raise Refused("only dissemination events take guests")
    existing = GuestList.objects.filter(occasion=occasion).first()
    found = lock(existing.pk) if existing else GuestList(occasion=occasion)
    if existing and not says(reason):
        raise ReasonNeeded
    found.seats, found.opens_at, found.closes_at = seats, opens_at, closes_at
    with operation("guests.list", actor=actor_of(actor), reason=reason, subject=occasion.public_id):
        found.save()
    return found


def tell(occasion: Occasion, mail: Guest.Mail) -> int:
    """Queue the mail for everybody who is coming; how many."""
    coming = Guest.objects.coming().filter(guest_list__occasion=occasion, erased_at=None)
    guests = list(coming.select_for_update(of=("self",)).order_by("pk"))
    if not guests:
        return 0
    with operation("guest.tell", subject=occasion.public_id):
        for guest in guests:
            marking.queue(guest, mail)
    return len(guests)
