"""Taking in a list of absences, and setting one aside that the register has wrong."""

import datetime
import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Person, User
from programme.absences import access
from programme.absences.preview import check_table
from programme.errors import NotAllowed, ReasonNeeded, Refused
from programme.imports.reader import Table
from programme.models import Absence, AbsenceList


@transaction.atomic
def prepare(*, table: Table, content: bytes, file_name: str, actor: User) -> AbsenceList:
    """Check the table and keep the result for its owner's yes; nothing is taken in yet."""
    access.ensure_handles(actor)
    rows, ignored = check_table(table, actor=actor)
    with operation("absence.preview", actor=actor_of(actor)):
        return AbsenceList.objects.create(
            owner=actor,
            file_name=file_name[-120:],
            sha256=hashlib.sha256(content).hexdigest(),
            rows=[row.to_plain() for row in rows],
            ignored=ignored,
        )


@transaction.atomic
def confirm(*, list_id: int, actor: User) -> int:
    """Take in every absence of the list, or none; done twice it is done once.

    :returns: how many absences are new.
    :raises Refused: while a row is wrong, or a person has moved out of reach since.
    """
    found = AbsenceList.objects.select_for_update().get(pk=list_id)
    if found.owner_id != actor.pk:
        raise NotAllowed
    if found.state == AbsenceList.State.DONE:
        return 0
    if not found.rows or any(row["errors"] for row in found.rows):
        raise Refused(_("Correct every row first. Nothing has been taken in."))
    wanted = {row["person"] for row in found.rows}
    persons = access.persons_of(actor).in_bulk(wanted, field_name="public_id")
    if len(persons) < len(wanted):
        raise Refused(_("You no longer check everyone's hours. Read the file again."))
    with operation("absence.import", actor=actor_of(actor), subject=found.public_id):
        made = Absence.objects.bulk_create(
            _rows(found, persons), ignore_conflicts=True, batch_size=1000
        )
        found.state, found.done_at = AbsenceList.State.DONE, timezone.now()
        found.save(update_fields=["state", "done_at"])
    return len(made) and Absence.objects.filter(source=found).count()


def _rows(found: AbsenceList, persons: dict[str, Person]) -> list[Absence]:
    return [
        Absence(
            person=persons[row["person"]],
            first_day=datetime.date.fromisoformat(row["first"]),
            last_day=datetime.date.fromisoformat(row["last"]),
            percent=row["percent"],
            source=found,
        )
        for row in found.rows
        if not row["known"]
    ]


@transaction.atomic
def set_aside(*, absence_id: int, reason: str, actor: User) -> Absence:
    """Note that the register was wrong, so that the absence stops nobody's hours; it stays.

    :raises NotAllowed: for one's own absence, and for staff whose hours one does not check.
    """
    found = (
        access.absences_of(actor)
        .select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=absence_id)
        .first()
    )
    if found is None or found.person.user_id == actor.pk:
        raise NotAllowed
    if not says(reason):
        raise ReasonNeeded
    if found.set_aside_at is not None:
        return found
    with operation("absence.set_aside", actor=actor_of(actor), reason=reason.strip()):
        found.set_aside_by, found.set_aside_at = actor, timezone.now()
        found.set_aside_reason = reason.strip()[:200]
        found.save(update_fields=["set_aside_by", "set_aside_at", "set_aside_reason"])
    return found
