"""Groups begin with their first occasion and are finished after their last one."""

import datetime

from django.db import transaction
from django.db.models import Max, Min, Q

from audit.operations import SYSTEM, operation
from programme.models import Group, Occasion

STANDING = Q(occasions__state=Occasion.State.PLANNED)


@transaction.atomic
def advance(now: datetime.datetime) -> int:
    """Bring the groups' states up to the moment; running twice changes nothing more.

    A group without occasions stays as it is: staff say what becomes of it.

    :returns: how many groups changed.
    """
    rows = (
        Group.objects.filter(state__in=[Group.State.PLANNED, Group.State.STARTED])
        .annotate(
            first=Min("occasions__starts_at", filter=STANDING),
            last=Max("occasions__ends_at", filter=STANDING),
        )
        .values_list("pk", "state", "first", "last")
    )
    wanted: dict[int, Group.State] = {}
    for pk, state, first, last in rows:
        due = _due(first, last, now)
        if due is not None and due != state:
            wanted[pk] = due
    with operation("group.advance", actor=SYSTEM):
        for group in Group.objects.select_for_update().filter(pk__in=wanted).order_by("pk"):
            # Cancelled while we looked: that stands.
            if group.state in (Group.State.PLANNED, Group.State.STARTED):
                group.state = wanted[group.pk]
                group.save(update_fields=["state"])
    return len(wanted)


def _due(
    first: datetime.datetime | None, last: datetime.datetime | None, now: datetime.datetime
) -> Group.State | None:
    if first is None or last is None or first > now:
        return None
    return Group.State.FINISHED if last <= now else Group.State.STARTED
