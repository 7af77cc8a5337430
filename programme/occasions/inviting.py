"""Who is invited: invitations follow the group, and staff decide about single persons.

The roster of an occasion is its invitations that are not withdrawn. A withdrawn one keeps
its row, so the calendar entry can be cancelled and history tells what was so.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from people.access import actor_of
from people.models import Person, User
from programme.models import Group, Invitation, Membership, Occasion
from programme.occasions import notices


@dataclass(frozen=True)
class _Stay:
    """A participation's time in the group."""

    person_id: int
    participation_id: int
    from_date: datetime.date
    to_date: datetime.date | None
    # The person's last day of employment.
    last_day: datetime.date | None = None

    def covers(self, day: datetime.date) -> bool:
        ends = [one for one in (self.to_date, self.last_day) if one is not None]
        return self.from_date <= day and all(day <= one for one in ends)


@transaction.atomic
def follow_group(*, group_id: int, actor: User, reason: str = "") -> int:
    """Make the invitations of the group's coming occasions equal to its members on each day.

    Whoever has left the group, or the city before the day, is withdrawn, whoever has come is invited, and whoever comes back
    gets the same invitation again. Persons that staff have decided about by hand, and
    guests, are left as they are. Asks no permission: it carries out a change of the group
    that its own action has permitted.

    :returns: how many invitations were made, withdrawn or given back.
    """
    group = lock_group(group_id)
    stays = [
        _Stay(*row)
        for row in Membership.objects.filter(group=group)
        .order_by("pk")
        .values_list(
            "participation__person_id",
            "participation_id",
            "from_date",
            "to_date",
            "participation__person__last_day",
        )
    ]
    lock_persons({stay.person_id for stay in stays})
    occasions = list(
        Occasion.objects.standing()
        .filter(group=group, ends_at__gt=timezone.now())
        .order_by("starts_at", "pk")
    )
    rows: dict[int, dict[int, Invitation]] = {occasion.pk: {} for occasion in occasions}
    for row in Invitation.objects.filter(occasion__in=occasions).select_for_update():
        rows[row.occasion_id][row.person_id] = row
    with operation(
        "occasion.follow", actor=actor_of(actor), reason=reason, subject=group.public_id
    ):
        return sum(_follow(one, stays, rows[one.pk], reason) for one in occasions)


def _follow(
    occasion: Occasion, stays: list[_Stay], rows: dict[int, Invitation], reason: str
) -> int:
    day = timezone.localtime(occasion.starts_at).date()
    here = {stay.person_id: stay.participation_id for stay in stays if stay.covers(day)}
    ever = {stay.participation_id for stay in stays}
    new = [
        Invitation(occasion=occasion, person_id=person, participation_id=participation)
        for person, participation in here.items()
        if person not in rows
    ]
    Invitation.objects.bulk_create(new)
    back = [
        row
        for person, row in rows.items()
        if person in here and row.withdrawn_at and not row.by_hand
    ]
    gone = [
        row
        for person, row in rows.items()
        if person not in here
        and row.withdrawn_at is None
        and not row.by_hand
        and row.participation_id in ever
    ]
    for row in back:
        give_back(row, here[row.person_id])
    for row in gone:
        withdraw(row, reason or _("No longer in the group."))
    notices.withdrawn(occasion, gone)
    return len(new) + len(back) + len(gone)


def give_back(row: Invitation, participation_id: int | None) -> None:
    """The same invitation stands again; it is sent and answered anew."""
    row.withdrawn_at = None
    row.withdrawn_reason = ""
    row.answer = Invitation.Answer.NONE
    row.invited_at = None
    row.participation_id = participation_id
    row.sequence += 1
    row.save()


def withdraw(row: Invitation, reason: str) -> None:
    """The person is no longer expected; the calendar entry is cancelled."""
    row.withdrawn_at = timezone.now()
    row.withdrawn_reason = reason
    row.sequence += 1
    row.save()


def withdraw_by_hand(participation_id: int, reason: str) -> None:
    """Take back coming seats that staff gave somebody whose participation has ended.

    Invitations that follow a group are taken back with the membership; where people
    register, the registration decides. Runs in the caller's transaction and operation.
    """
    _withdraw_given(Q(participation=participation_id), reason)


def withdraw_after(persons: Collection[Person], last_day: datetime.date, reason: str) -> int:
    """Take back seats that staff gave somebody after the last day of employment; how many.

    As :func:`withdraw_by_hand`.
    """
    return _withdraw_given(Q(person__in=persons, occasion__starts_at__date__gt=last_day), reason)


def _withdraw_given(whose: Q, reason: str) -> int:
    rows = list(
        Invitation.objects.select_for_update(of=("self",))
        .filter(
            whose,
            by_hand=True,
            withdrawn_at=None,
            occasion__group__isnull=False,
            occasion__starts_at__gt=timezone.now(),
        )
        .select_related("occasion")
        .order_by("pk")
    )
    for row in rows:
        withdraw(row, reason)
        notices.withdrawn(row.occasion, [row])
    return len(rows)


def lock_group(group_id: int) -> Group:
    """Two changes of one group wait for each other, or the later one could miss the earlier."""
    return Group.objects.select_for_update(no_key=True).get(pk=group_id)


def lock_members(group_id: int) -> None:
    """Everyone who is or has been in the group, whose invitations a change may touch."""
    stays = Membership.objects.filter(group=group_id)
    lock_persons(set(stays.values_list("participation__person_id", flat=True)))


def lock_persons(person_ids: set[int]) -> None:
    """Two plans for the same persons wait for each other, always in the same order."""
    list(
        Person.objects.select_for_update(no_key=True)
        .filter(pk__in=person_ids)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def touch(occasion: Occasion) -> None:
    """Something that those invited must see has changed: calendars take it as newer."""
    Occasion.objects.filter(pk=occasion.pk).update(sequence=F("sequence") + 1)
    occasion.refresh_from_db(fields=["sequence"])
