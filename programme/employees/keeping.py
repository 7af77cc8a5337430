"""Lists that were read and never taken in are thrown away, with what is sealed in them."""

import datetime

from django.db import transaction

from audit.operations import operation
from programme.models import EmployeeList


@transaction.atomic
def purge_lists(before: datetime.datetime, limit: int) -> int:
    """Throw away lists read so long ago and never taken in; how many."""
    stale = EmployeeList.objects.filter(state=EmployeeList.State.PREVIEW, created_at__lt=before)
    ids = [one.pk for one in stale.select_for_update(skip_locked=True).order_by("pk")[:limit]]
    if ids:
        with operation("employees.erase"):
            EmployeeList.objects.filter(pk__in=ids).delete()
    return len(ids)
