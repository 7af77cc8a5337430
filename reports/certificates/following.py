"""What a change of a locked month does to its certificates."""

from functools import partial

from django.db import transaction

from programme.models import Month
from reports.certificates.tasks import refresh_month


def month_changed(month: Month) -> None:
    """Hours are corrected or checked anew: what is certified follows at once, not at night.

    Until then the public page would call a certificate valid that says other hours.
    """
    transaction.on_commit(partial(refresh_month.delay, month.pk), robust=True)
