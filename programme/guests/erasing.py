"""Guests' names and addresses are erased; how many came from where is kept (R-172)."""

import datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from audit.operations import operation
from programme.guests.locking import lock
from programme.models import Guest, GuestList, MunicipalityCount, Programme
from programme.queries import settings_on


def erase_due(now: datetime.datetime | None = None) -> int:
    """Erase guests whose event is long over, and those who never confirmed; returns how many."""
    at = now or timezone.now()
    erased = 0
    for programme in Programme.objects.order_by("pk"):
        values = settings_on(programme, timezone.localdate(at))
        kept = at - datetime.timedelta(days=int(values["guest_kept_days"]))
        lists = GuestList.objects.filter(
            occasion__programme=programme, occasion__ends_at__lt=kept, erased_at=None
        )
        erased += sum(
            erase_list(pk, at) for pk in lists.order_by("pk").values_list("pk", flat=True)
        )
        link = at - datetime.timedelta(hours=int(values["guest_link_hours"]))
        erased += _erase_unconfirmed(programme, link, at)
    return erased


@transaction.atomic
def erase_list(list_id: int, now: datetime.datetime) -> int:
    """Count the guests by municipality, then erase who they were; twice is once."""
    found = lock(list_id)
    if found.erased_at is not None:
        return 0
    with operation("guest.erase", subject=found.occasion.public_id):
        count_registered(found)
        number = _empty(list(Guest.objects.filter(guest_list=found, erased_at=None)), now)
        found.erased_at = now
        found.save(update_fields=["erased_at"])
    return number


def count_registered(found: GuestList) -> None:
    """Write down how many are registered from each municipality."""
    counted = (
        Guest.objects.coming()
        .filter(guest_list=found)
        .order_by()
        .values_list("municipality_id")
        .annotate(number=Count("pk"))
    )
    for municipality_id, number in counted:
        MunicipalityCount.objects.update_or_create(
            guest_list=found, municipality_id=municipality_id, defaults={"registered": number}
        )


def _erase_unconfirmed(
    programme: Programme, before: datetime.datetime, now: datetime.datetime
) -> int:
    with transaction.atomic(), operation("guest.erase", subject=programme.key):
        due = Guest.objects.select_for_update(of=("self",), skip_locked=True).filter(
            guest_list__occasion__programme=programme,
            state=Guest.State.ASKED,
            asked_at__lt=before,
            erased_at=None,
        )
        return _empty(list(due.order_by("pk")), now)


def _empty(guests: list[Guest], now: datetime.datetime) -> int:
    for guest in guests:
        guest.name = guest.email = guest.mail = ""
        guest.mail_after = None
        guest.erased_at = now
        guest.save()
    return len(guests)
