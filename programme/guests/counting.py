"""How many came, by municipality, as staff counted them at the event (R-172)."""

from collections.abc import Mapping

from django.db import transaction

from audit.operations import operation
from people.access import actor_of
from people.models import User
from programme.guests import access
from programme.guests.erasing import count_registered
from programme.guests.locking import lock
from programme.models import Municipality, MunicipalityCount


@transaction.atomic
def enter(*, list_id: int, attended: Mapping[Municipality, int | None], actor: User) -> None:
    """Write down how many came from each municipality; nothing where nobody has counted."""
    found = lock(list_id)
    access.ensure_arranges(actor, found.occasion)
    with operation("guests.count", actor=actor_of(actor), subject=found.occasion.public_id):
        if found.erased_at is None:
            count_registered(found)
        known = {row.municipality_id: row for row in found.counts.all()}
        for municipality, number in attended.items():
            row = known.get(municipality.pk)
            if row is None and number is None:
                continue
            row = row or MunicipalityCount(guest_list=found, municipality=municipality)
            if row.pk is None or row.attended != number:
                row.attended = number
                row.save()
