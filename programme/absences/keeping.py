"""How long absences are kept: so long after their last day that hours can be checked, no longer.

Days away can tell of health. They stand in the rows alone: history tells that somebody took in,
set aside or erased an absence, never its days. So a deleted row is an erased one.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from programme.models import Absence, AbsenceList, Programme
from programme.queries import settings_on


def kept_days(day: datetime.date) -> int:
    """Days after its last day that an absence is kept; the longest of the programmes' settings."""
    settings = [settings_on(one, day) for one in Programme.objects.order_by("pk")]
    return max((int(values["absence_kept_days"]) for values in settings), default=0)


@transaction.atomic
def erase_due(today: datetime.date | None = None) -> int:
    """Erase absences that ended long enough ago, and the lists' rows of them; twice is once.

    :returns: how many absences were erased.
    """
    day = today or timezone.localdate()
    if not Programme.objects.exists():
        return 0
    before = day - datetime.timedelta(days=kept_days(day))
    with operation("absence.erase"):
        number, _by_model = Absence.objects.filter(last_day__lt=before).delete()
        for each in AbsenceList.objects.exclude(rows=[]).select_for_update():
            _shorten(each, before)
    return number


def _shorten(found: AbsenceList, before: datetime.date) -> None:
    """Take out the rows of absences that are erased; of an old list all, the wrong ones too."""
    old = timezone.localdate(found.created_at) < before
    kept = [] if old else [row for row in found.rows if not "" < row["last"] < before.isoformat()]
    if len(kept) < len(found.rows):
        found.rows = kept
        found.save(update_fields=["rows"])
