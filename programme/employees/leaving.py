"""Somebody leaves the city: what follows of it in the training, and what is left for staff.

Invitations follow the group and its members' last days, so those after the last day are taken
back at once. A participation, a place or a nomination is ended by the actions that staff end
them with otherwise, since each asks for a reason of its own; they are shown until it is done.
"""

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from people import actions as people
from people import leaving
from people.access import actor_of, ensure
from people.models import Capability, Person, RoleAssignment, User
from programme.employees.actions import opened
from programme.employees.preview import preview
from programme.errors import NotAllowed, Refused
from programme.models import (
    CountedTime,
    EmployeeList,
    Group,
    Invitation,
    Membership,
    Nomination,
    Participation,
    Place,
    Registration,
)
from programme.occasions import inviting
from workflows.actions import delegation
from workflows.models import Case


@transaction.atomic
def leave(*, persons: Sequence[Person], last_day: datetime.date, reason: str, actor: User) -> int:
    """Write down the last day of each, and take back what they are invited to after it.

    :returns: how many invitations were taken back.
    :raises Refused: with words; then nothing is written for anybody.
    """
    ensure(actor, Capability.MANAGE_ACCOUNTS)
    groups = _lock_groups(persons)
    about = leaving.subject_of(persons)
    with (
        _in_words(),
        operation("person.leave", actor=actor_of(actor), reason=reason.strip(), subject=about),
    ):
        left = leaving.leave(
            person_ids=[one.pk for one in persons], last_day=last_day, reason=reason, actor=actor
        )
        delegation.no_deputy_after(persons=left, day=last_day, actor=actor)
        why = _("The employment ends.")
        changed = sum(
            inviting.follow_group(group_id=group, actor=actor, reason=why) for group in groups
        )
        return changed + inviting.withdraw_after(left, last_day, why)


@transaction.atomic
def stay(
    *, person: Person, reason: str, actor: User, roles: Sequence[RoleAssignment] = ()
) -> Person:
    """Take back the last day; invitations of the group come back, and the roles that are named."""
    ensure(actor, Capability.MANAGE_ACCOUNTS)
    groups = _lock_groups([person])
    about = person.public_id
    with (
        _in_words(),
        operation("person.stay", actor=actor_of(actor), reason=reason.strip(), subject=about),
    ):
        kept = leaving.stay(person=person, reason=reason, actor=actor, roles=roles)
        for group in groups:
            inviting.follow_group(group_id=group, actor=actor)
    return kept


@transaction.atomic
def leave_from_list(
    *, list_id: int, chosen: Collection[str], last_day: datetime.date, reason: str, actor: User
) -> int:
    """Those whom staff have ticked among the persons that the list lacks; the list waits as before.

    :returns: how many left.
    """
    ensure(actor, Capability.MANAGE_ACCOUNTS)
    found = EmployeeList.objects.get(pk=list_id)
    if found.owner_id != actor.pk:
        raise NotAllowed
    seen = preview(*opened(found), actor)
    if seen.bad:
        # Whom a faulty row is about is not known, so nobody is known to be lacking.
        raise Refused(_("Rows need to be corrected before the list can tell who has left."))
    lacking = {one.public_id: one for one in seen.only_here}
    if not chosen:
        raise Refused(_("Tick those who have left."))
    if not lacking.keys() >= set(chosen):
        raise Refused(
            _("The register has changed since you looked. Look again; nobody has been written.")
        )
    persons = [lacking[reference] for reference in sorted(set(chosen))]
    leave(persons=persons, last_day=last_day, reason=reason, actor=actor)
    return len(persons)


@contextmanager
def _in_words() -> Iterator[None]:
    """Refusals of the room below, as this room's pages show them."""
    try:
        yield
    except people.Refused as error:
        raise Refused(error.message) from None


def _lock_groups(persons: Iterable[Person]) -> list[int]:
    """Groups that the persons are in, locked in order, and then everyone whom a change touches."""
    ids = sorted(
        set(
            Membership.objects.filter(
                participation__person__in=list(persons), to_date=None
            ).values_list("group_id", flat=True)
        )
    )
    list(Group.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    members = Membership.objects.filter(group__in=ids)
    inviting.lock_persons(
        set(members.values_list("participation__person_id", flat=True))
        | {one.pk for one in persons}
    )
    return ids


def held_after(persons: Sequence[Person], last_day: datetime.date) -> int:
    """Occasions after the last day where one of the persons has counted hours."""
    return CountedTime.objects.filter(
        current=True, minutes__gt=0, person__in=list(persons), day__gt=last_day
    ).count()


@dataclass
class Left:
    """What is still open for a person who has left or will."""

    #: Each with the group it is in, if any.
    participations: list[tuple[Participation, Group | None]] = field(default_factory=list)
    nominations: list[Nomination] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.participations or self.nominations or self.places or self.registrations)


def open_for(person: Person) -> Left:
    """What goes on for the person: to be looked at before the last day is written, and after."""
    now = timezone.now()
    ongoing = list(
        Participation.objects.ongoing()
        .filter(person=person)
        .select_related("course", "district", "place")
        .order_by("pk")
    )
    groups = {
        one.participation_id: one.group
        for one in Membership.objects.filter(
            participation__in=ongoing, to_date=None
        ).select_related("group")
    }
    nominations = list(
        Nomination.objects.live()
        .filter(person=person, case__state__in=[Case.State.WAITING, Case.State.RETURNED])
        .select_related("case", "kind", "wave")
        .order_by("pk")
    )
    places = Place.objects.filter(
        nomination__person=person,
        state__in=[Place.State.OFFERED, Place.State.RESERVE],
    )
    coming = Invitation.objects.expected().filter(person=person, occasion__starts_at__gt=now)
    return Left(
        participations=[(one, groups.get(one.pk)) for one in ongoing],
        nominations=nominations,
        places=list(places.select_related("wave", "nomination__kind").order_by("pk")),
        registrations=list(
            Registration.objects.filter(
                person=person,
                state__in=Registration.LIVE,
                plan__occasion__starts_at__gt=now,
            )
            .select_related("plan__occasion")
            .order_by("plan__occasion__starts_at", "pk")
        ),
        invitations=list(coming.select_related("occasion").order_by("occasion__starts_at", "pk")),
    )
