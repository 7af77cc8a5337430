"""Taking in a list of employees, and writing down one: all of it or nothing."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from tablib import Dataset

from audit.operations import operation
from people import actions as people
from people import identity
from people.access import NotAllowed as NotHeld
from people.access import actor_of, ensure
from people.models import Capability, Identity, Organisation, Person, User
from programme.employees.columns import HEADINGS
from programme.employees.granting import grant_all
from programme.employees.holding import hold_register
from programme.employees.preview import CHANGED, MOVED, NEW, SAME, dataset_of, preview
from programme.employees.resource import BATCH, EmployeeResource
from programme.employees.units import tree_for
from programme.errors import NotAllowed, Refused
from programme.imports.reader import Table
from programme.models import EmployeeList

PURPOSE = "list-of-employees"


@transaction.atomic
def prepare(*, table: Table, content: bytes, file_name: str, actor: User) -> EmployeeList:
    """Keep the table, sealed, for its owner's yes; nobody is changed yet.

    :raises BadFile: when the columns are not those of a list of employees.
    """
    ensure(actor, Capability.MANAGE_ACCOUNTS)
    data, numbers, ignored = dataset_of(table)
    told = json.dumps({"rows": [list(row) for row in data], "numbers": numbers})
    with operation("employees.preview", actor=actor_of(actor)):
        return EmployeeList.objects.create(
            owner=actor,
            file_name=file_name[-120:],
            sha256=hashlib.sha256(content).hexdigest(),
            sealed=identity.seal_text(told, purpose=PURPOSE),
            ignored=ignored,
        )


def opened(found: EmployeeList) -> tuple[Dataset, list[int]]:
    """What was read, and the rows' numbers in the file.

    Nothing once it is taken in or erased, or when the keys have been changed since: the file is
    its owner's to choose again.
    """
    data = Dataset(headers=list(HEADINGS))
    if not found.sealed:
        return data, []
    try:
        kept: dict[str, Any] = json.loads(identity.open_text(found.sealed, purpose=PURPOSE))
    except identity.Unopened:
        return data, []
    for row in kept["rows"]:
        data.append(row)
    return data, kept["numbers"]


@transaction.atomic
def confirm(*, list_id: int, seen: str, actor: User) -> EmployeeList:
    """Take in the list as its owner saw it; done twice it is done once.

    :param seen: the digest of the preview that the yes is said to.
    :raises Refused: while a row is wrong, or when the register has changed since the preview.
    """
    ensure(actor, Capability.MANAGE_ACCOUNTS)
    found = EmployeeList.objects.select_for_update().get(pk=list_id)
    if found.owner_id != actor.pk:
        raise NotAllowed
    if found.state == EmployeeList.State.DONE:
        return found
    hold_register()
    data, numbers = opened(found)
    shown = preview(data, numbers, actor)
    if not shown.lines or shown.bad:
        raise Refused(_("Correct every row first. Nothing has been taken in."))
    if shown.digest != seen:
        raise Refused(
            _("The register has changed since you looked. Look again; nothing has been taken in.")
        )
    today = timezone.localdate()
    reason = f"{found.file_name} sha256 {found.sha256}"[:200]
    with operation(
        "employees.import",
        actor=actor_of(actor),
        reason=reason,
        subject=f"employees {found.public_id}",
    ):
        units = shown.tree.plant(today)
        resource = EmployeeResource(actor=actor, tree=tree_for(actor, today))
        result = resource.import_data(data, dry_run=False, raise_errors=True)
        _store_numbers(resource, result)
        roles = _grant(resource, result, reason, actor)
        found.counts = {
            "roles": roles,
            **{kind: shown.number_of(kind) for kind in (NEW, MOVED, CHANGED, SAME)},
            "units": units,
        }
        found.state, found.done_at, found.sealed = EmployeeList.State.DONE, timezone.now(), ""
        found.save(update_fields=["counts", "state", "done_at", "sealed"])
    return found


def _grant(resource: EmployeeResource, result: Any, reason: str, actor: User) -> int:
    """Give the roles that the preview showed; how many."""
    persons = {place: result.rows[place - 1].instance for place in resource.granting.grants}
    try:
        return grant_all(persons, reason=reason, actor=actor)
    except (people.Refused, NotHeld) as error:
        raise Refused(error.message) from None


def _store_numbers(resource: EmployeeResource, result: Any) -> None:
    """Put the numbers in the vault, each tied to its person."""
    Identity.objects.bulk_create(
        [
            Identity(
                person=(person := result.rows[place - 1].instance),
                kind=number.kind,
                ciphertext=identity.encrypt(person.pk, number.number12),
                digest=identity.digest(number.number12),
            )
            for place, number in resource.numbers.items()
        ],
        batch_size=BATCH,
    )


class BadField(Exception):
    """One answer is refused; nothing has been saved."""

    def __init__(self, field: str, message: "str | Promise") -> None:
        super().__init__(str(message))
        self.field, self.message = field, message


@transaction.atomic
def save_person(person: Person | None, answers: dict[str, Any], *, actor: User) -> Person:
    """Write a new employee, or what has changed about a known one: all of it or nothing.

    :raises BadField: when the address or the number is somebody else's, or the number is wrong.
    """
    unit: Organisation = answers["unit"]
    ensure(actor, Capability.MANAGE_ACCOUNTS, unit)
    hold_register()
    particulars = {name: answers[name] for name in people.EDITABLE}
    _ensure_own_address(person, particulars["email"])
    if person is None:
        kept = people.create_person(unit=unit, actor=actor, **particulars)
    else:
        kept = Person.objects.select_related("unit").get(pk=person.pk)
        ensure(actor, Capability.MANAGE_ACCOUNTS, kept.unit)
        changed = {k: v for k, v in particulars.items() if getattr(kept, k) != v}
        if changed:
            people.update_person(person=kept, actor=actor, reason=answers["reason"], **changed)
        if kept.unit_id != unit.pk:
            people.move_person(person=kept, unit=unit, actor=actor, reason=answers["reason"])
    _store_number(kept, answers["identity"], actor)
    return kept


def _ensure_own_address(person: Person | None, email: str) -> None:
    if not email:
        return
    others = Person.objects.filter(email=email, merged_into=None)
    if person is not None:
        others = others.exclude(pk=person.pk)
    if others.exists():
        raise BadField("email", _("Somebody else in the register has this address."))


def _store_number(person: Person, written: str, actor: User) -> None:
    if not written.strip():
        return
    try:
        people.store_identity(person=person, number=written, actor=actor)
    except (identity.BadIdentityNumber, people.Refused) as error:
        raise BadField("identity", error.message) from None
