"""Everything an entry has been: who changed what, when and why."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from audit.models import Operation
from programme.models import Entry, Register
from programme.registers import words
from programme.registers.rules import Difference, differences


@dataclass(frozen=True)
class Change:
    """One state of an entry: how it came to be, and what it changed."""

    at: datetime.datetime
    who: str
    text: str
    reason: str
    differences: Sequence[Difference]
    edition: int


def changes_of(entry: Entry, register: Register) -> list[Change]:
    """Every change, the latest first; a constant number of queries."""
    history: Any = Entry.history
    rows = list(history.filter(id=entry.pk).order_by("history_id"))
    told = Operation.objects.in_bulk([one.operation_id for one in rows if one.operation_id])
    schemas = words.Schemas(words.newest_version(register), {one.version_id for one in rows})
    names = words.names_for(schemas, [(one.version_id, one.values) for one in rows])
    labels = schemas.columns(register)
    found: list[Change] = []
    before: dict[str, str] = {}
    for row in rows:
        after = words.cells(schemas.of(row.version_id), row.values, row.links, names)
        operation = told.get(row.operation_id)
        found.append(
            Change(
                at=row.history_date,
                who=operation.actor_name if operation else "",
                text=_text(row),
                reason=row.withdrawn_reason,
                # What it began with is no change of anything.
                differences=differences(before, after, labels) if found else (),
                edition=row.edition,
            )
        )
        before = after
    return found[::-1]


def since(changes: Sequence[Change], edition: int) -> list[Change]:
    """What others have done after the edition that a page showed, the latest first."""
    return [one for one in changes if one.edition > edition]


def _text(row: Any) -> str:
    if row.history_type == "+":
        return _("added the entry")
    return _("withdrew the entry") if row.withdrawn_on else _("changed the entry")
