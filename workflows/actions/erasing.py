"""Erasing answers from a case's data, when a room above says that their time is over."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from workflows.models import Case
from workflows.rules import erased_from
from workflows.versions import steps_of


def erase_data(*, case_id: int, keys: Collection[str], day: datetime.date) -> bool:
    """Put the mark in the place of some data; inside the caller's transaction and operation.

    Which steps applied is kept beside it, so the case stands where it stood. The digest stays
    too: it is of the data that was decided on.

    :returns: whether anything was there to erase.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    data = erased_from(case.data, keys, steps_of(case.version_id), day)
    if data == case.data:
        return False
    case.data = data
    case.save(update_fields=["data"])
    return True
