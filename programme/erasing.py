"""What this room has copied out of answers, erased with them.

The copies: a case's data, which is the newest round's answers, and the rows of a file with
nominations that nobody has said yes to. A nomination's person, key function and priority are
not copies but the project's own facts, kept as long as the nomination is.
"""

import datetime

from django.db import transaction

from audit.operations import operation
from forms_app.copies import Erased
from programme.models import CaseSubmission, ImportBatch, Nomination
from workflows.actions import erase_data


def erase_in_cases(erased: Erased) -> None:
    """Erase the answers from the cases whose newest answers these are.

    What a later round repeats was given again, and its own time runs from there.
    """
    cases = set(
        Nomination.objects.filter(submission=erased.submission_id).values_list("case_id", flat=True)
    )
    for case_id in CaseSubmission.objects.filter(submission=erased.submission_id).values_list(
        "case_id", flat=True
    ):
        newest = CaseSubmission.objects.filter(case=case_id).order_by("-round").first()
        if newest is not None and newest.submission_id == erased.submission_id:
            cases.add(case_id)
    for case_id in sorted(cases):
        erase_data(case_id=case_id, keys=erased.keys, day=erased.day)


@transaction.atomic
def purge_previews(before: datetime.datetime, limit: int) -> int:
    """Throw away files that were read so long ago and never confirmed; how many."""
    stale = ImportBatch.objects.filter(state=ImportBatch.State.PREVIEW, created_at__lt=before)
    found = stale.select_for_update(skip_locked=True).order_by("pk")[:limit]
    ids = [batch.pk for batch in found]
    if ids:
        with operation("form.draft.purge"):
            ImportBatch.objects.filter(pk__in=ids).delete()
    return len(ids)
