"""When what an answer led to was closed, for the time until it is erased."""

import datetime
from collections.abc import Sequence

from django.utils import timezone

from forms_app.models import Submission
from programme.models import CaseSubmission, Nomination


def closings(submission_ids: Sequence[int]) -> dict[int, datetime.date | None]:
    """Of answers to nominations: the day the case was closed, or None while it is open.

    An answer that was replaced when the nomination was completed follows the newest one.
    """
    newest = {pk: pk for pk in submission_ids}
    following = set(submission_ids)
    while following:
        later = dict(
            Submission.objects.filter(replaces__in=following).values_list("replaces_id", "pk")
        )
        newest = {first: later.get(last, last) for first, last in newest.items()}
        following = set(later.values())
    closed = dict(
        Nomination.objects.filter(submission__in=newest.values()).values_list(
            "submission_id", "case__closed_at"
        )
    )
    return {
        first: timezone.localdate(closed[last]) if closed[last] else None
        for first, last in newest.items()
        if last in closed
    }


def staff_closings(submission_ids: Sequence[int]) -> dict[int, datetime.date | None]:
    """The same for the staff's own types of case, which keep each round's answer."""
    return {
        pk: timezone.localdate(closed) if closed else None
        for pk, closed in CaseSubmission.objects.filter(submission__in=submission_ids).values_list(
            "submission_id", "case__closed_at"
        )
    }
