"""The end of an employment: the person stays, what the account may do as an employee does not.

The last day is written on the person, and the account's roles are given the same last day, so
that everything that asks who holds a role – pages, raw statements, the evidence of a case –
answers the same. The account itself stays open for what is the person's own.
"""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people import access, actions
from people.access import NotAllowed, actor_of
from people.actions import Refused
from people.display import may_see
from people.models import Capability, Person, RoleAssignment, User

#: A later last day than this is a slip of the pen.
FURTHEST = datetime.timedelta(days=730)
EARLIEST = datetime.date(2000, 1, 1)


@transaction.atomic
def leave(
    *, person_ids: Sequence[int], last_day: datetime.date, reason: str, actor: User
) -> list[Person]:
    """Write down the last day of employment of each, and let their roles end with it.

    All of them or nobody. Statements grow with the roles that end and not with the persons.

    :raises Refused: for a day, or a person, that cannot be right.
    """
    _ensure_reason(reason)
    if not EARLIEST <= last_day <= timezone.localdate() + FURTHEST:
        raise Refused(_("Check the year of the last day."))
    persons = _locked(person_ids, actor)
    for person in persons:
        if person.last_day is not None:
            raise Refused(
                _("A last day is written down already. Take it back first, then write the new one.")
            )
    held = (
        RoleAssignment.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=last_day), user__person__in=persons
        )
        .select_related("organisation", "user")
        .order_by("pk")
    )
    for assignment in held:
        if not access.held_by(actor).covers(Capability.MANAGE_ACCOUNTS, assignment.organisation):
            raise Refused(
                _(
                    "The person holds a role where you do not handle accounts. Ask somebody whose"
                    " role reaches the whole city."
                )
            )
    with operation(
        "person.leave", actor=actor_of(actor), reason=reason.strip(), subject=subject_of(persons)
    ):
        Person.objects.filter(pk__in=[one.pk for one in persons]).update(last_day=last_day)
        for assignment in held:
            actions.end_role(
                assignment=assignment,
                actor=actor,
                on=last_day + datetime.timedelta(days=1),
                reason=reason.strip(),
            )
    for person in persons:
        person.last_day = last_day
    return persons


@transaction.atomic
def stay(
    *, person: Person, reason: str, actor: User, roles: Sequence[RoleAssignment] = ()
) -> Person:
    """Take back the last day; only the roles that are named go on, granted as by hand.

    :param roles: some of :func:`ended_with`.
    """
    _ensure_reason(reason)
    (current,) = _locked([person.pk], actor)
    if current.last_day is None:
        raise Refused(_("No last day is written down."))
    ended = {one.pk for one in ended_with(current)}
    if not ended.issuperset(one.pk for one in roles):
        raise Refused(_("That role did not end with the employment."))
    first = max(current.last_day + datetime.timedelta(days=1), timezone.localdate())
    with operation(
        "person.stay", actor=actor_of(actor), reason=reason.strip(), subject=current.public_id
    ):
        current.last_day = None
        current.save(update_fields=["last_day"])
        for one in roles:
            actions.assign_role(
                user=one.user,
                role=one.role,
                organisation=one.organisation,
                actor=actor,
                valid_from=first,
                reason=reason.strip(),
            )
    return current


def ended_with(person: Person) -> list[RoleAssignment]:
    """The roles whose last day is the employment's."""
    if person.last_day is None or person.user_id is None:
        return []
    return list(
        RoleAssignment.objects.filter(user=person.user_id, valid_to=person.last_day)
        .select_related("role", "organisation", "user")
        .order_by("role__name", "organisation__name", "pk")
    )


def subject_of(persons: Sequence[Person]) -> str:
    """Whom the operation is about, when it is one; the changes name each of many."""
    return persons[0].public_id if len(persons) == 1 else ""


def _locked(person_ids: Sequence[int], actor: User) -> list[Person]:
    """The persons, locked in the order of their keys; every one within the actor's reach."""
    persons = list(
        Person.objects.select_for_update(of=("self",))
        .filter(pk__in=person_ids, merged_into=None, temporary=False)
        .select_related("unit")
        .order_by("pk")
    )
    if not persons or len(persons) < len(set(person_ids)):
        raise NotAllowed
    for person in persons:
        access.ensure(actor, Capability.MANAGE_ACCOUNTS, person.unit)
        if not may_see(person, actor):
            raise NotAllowed
        if person.user_id == actor.pk:
            raise Refused(_("You cannot end your own employment here. Ask a colleague."))
    return persons


def _ensure_reason(reason: str) -> None:
    if not says(reason):
        raise Refused(_("Write why."))
