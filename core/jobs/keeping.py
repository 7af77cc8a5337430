"""Jobs that have ended are thrown away after a time: what they did is told by their operations."""

import datetime

from core.models import Job


def forget(before: datetime.datetime) -> int:
    """Throw away the jobs that ended before the moment, and those nobody has moved since.

    :returns: how many were thrown away.
    """
    ended = Job.objects.filter(ended_at__lt=before)
    silent = Job.objects.filter(ended_at=None, changed_at__lt=before)
    return ended.delete()[0] + silent.delete()[0]
