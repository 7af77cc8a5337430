"""One employee written down or corrected by hand."""

from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people import actions, identity
from people.access import ensure
from people.models import Capability, Organisation, Person, User
from programme.employees.holding import hold_register

PARTICULARS = (
    "first_name",
    "last_name",
    "email",
    "job_role",
    "is_manager",
    "sex",
    "publicly_employed",
    "protected",
)


class BadField(Exception):
    """One answer is refused; nothing has been saved."""

    def __init__(self, field: str, message: "str | Promise") -> None:
        super().__init__(str(message))
        self.field, self.message = field, message


@transaction.atomic
def save(person: Person | None, answers: dict[str, Any], *, actor: User) -> Person:
    """Write a new employee, or what has changed about a known one: all of it or nothing.

    :raises BadField: when the address or the number is somebody else's, or the number is wrong.
    """
    unit: Organisation = answers["unit"]
    ensure(actor, Capability.MANAGE_ACCOUNTS, unit)
    hold_register()
    particulars = {name: answers[name] for name in PARTICULARS}
    _ensure_own_address(person, particulars["email"])
    if person is None:
        kept = actions.create_person(unit=unit, actor=actor, **particulars)
    else:
        kept = Person.objects.select_related("unit").get(pk=person.pk)
        ensure(actor, Capability.MANAGE_ACCOUNTS, kept.unit)
        changed = {k: v for k, v in particulars.items() if getattr(kept, k) != v}
        if changed:
            actions.update_person(person=kept, actor=actor, reason=answers["reason"], **changed)
        if kept.unit_id != unit.pk:
            actions.move_person(person=kept, unit=unit, actor=actor, reason=answers["reason"])
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
        actions.store_identity(person=person, number=written, actor=actor)
    except (identity.BadIdentityNumber, actions.Refused) as error:
        raise BadField("identity", error.message) from None
