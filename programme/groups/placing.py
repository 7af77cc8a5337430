"""Placing participations in groups, moving them and ending them (R-053, R-079).

Participations are locked before their groups, and groups in the order of their keys.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import User
from programme.errors import ReasonNeeded, Stale
from programme.groups import admission, clashing, leaving, reading
from programme.groups.errors import (
    AfterProgramme,
    AlreadyPlaced,
    GroupClosed,
    HasLeft,
    ManagersFirst,
    TooEarly,
    TooLate,
    WrongCourse,
)
from programme.groups.making import ensure_arranges
from programme.models import Group, LeavingReason, Membership, Occasion, Participation, Wave
from programme.occasions.inviting import follow_group
from programme.queries import without_manager

OPEN = (Group.State.PLANNED, Group.State.STARTED)


@transaction.atomic
def place(*, wanted: Mapping[int, int], actor: User) -> int:
    """Give participations their groups: all of them, or none when something has changed.

    :param wanted: group by participation, by their keys.
    :returns: how many were placed.
    :raises AlreadyPlaced: when someone else was faster with at least one.
    :raises BusyElsewhere: when somebody is expected elsewhere while their group meets.
    """
    participations = _lock_participations(wanted)
    groups = _lock_groups(set(wanted.values()))
    taken = Membership.objects.filter(participation__in=participations, to_date=None).count()
    ended = sum(p.state not in reading.ONGOING for p in participations.values())
    if taken or ended or len(participations) < len(wanted):
        raise AlreadyPlaced(max(taken, ended, len(wanted) - len(participations)))
    ensure_arranges(actor, *{p.district for p in participations.values()})
    ensure_arranges(actor, *{g.district for g in groups.values()})
    for pk, group_id in wanted.items():
        _ensure_takes(groups[group_id], participations[pk])
    _ensure_managers_first(participations, groups, wanted)
    today = timezone.localdate()
    _ensure_employed(participations.values(), today)
    clashing.lock_all(participations, set(groups))
    clashing.ensure_free(participations, wanted, from_date=today, actor=actor)
    with operation("group.place", actor=actor_of(actor)):
        Membership.objects.bulk_create(
            Membership(participation_id=pk, group_id=group_id, from_date=today)
            for pk, group_id in sorted(wanted.items())
        )
        for group_id in sorted(groups):
            follow_group(group_id=group_id, actor=actor)
    return len(wanted)


def _lock_participations(ids: Collection[int]) -> dict[int, Participation]:
    rows = (
        Participation.objects.select_for_update(of=("self",))
        .filter(pk__in=list(ids))
        .select_related("district", "unit", "category", "person")
        .order_by("pk")
    )
    return {row.pk: row for row in rows}


def _lock_groups(ids: set[int]) -> dict[int, Group]:
    rows = (
        Group.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=ids)
        .select_related("wave", "district", "course__programme")
        .order_by("pk")
    )
    return {row.pk: row for row in rows}


def _ensure_takes(group: Group, participation: Participation) -> None:
    if group.state not in OPEN:
        raise GroupClosed
    if group.course_id != participation.course_id:
        raise WrongCourse


def _ensure_employed(participations: Iterable[Participation], day: datetime.date) -> None:
    """Refuse for somebody whose employment has ended before the first day in the group."""
    if any(one.person.has_left(day) for one in participations):
        raise HasLeft


def _ensure_managers_first(
    participations: Mapping[int, Participation],
    groups: Mapping[int, Group],
    wanted: Mapping[int, int],
) -> None:
    """Refuse where the wave says so; where it only warns, the group's page does (R-026)."""
    guarded = []
    for pk, group_id in wanted.items():
        wave = groups[group_id].wave
        if wave is not None and wave.managers_first == Wave.ManagersFirst.BLOCK:
            guarded.append(participations[pk])
    lacking = without_manager(guarded)
    if lacking:
        raise ManagersFirst(sorted(lacking.values()))


@transaction.atomic
def move(
    *,
    participation_id: int,
    group: Group,
    reason: str,
    actor: User,
    from_date: datetime.date | None = None,
) -> Membership:
    """Move someone to another group of the same course; hours and history stay (R-053).

    :param from_date: the first day in the new group, today unless told; never before the
        first day in the group that is left, since those days are history.
    :raises TooEarly: when that day lies before the first in the old group.
    :raises TooLate: when it lies after the last occasion of the new one.
    :raises AfterProgramme: when it lies after the end of the programme.
    :raises BusyElsewhere: when they are expected elsewhere while it meets.
    """
    participation, current = _lock_with_membership(participation_id)
    old = Group.objects.select_related("district").get(pk=current.group_id)
    locked = _lock_groups({group.pk, old.pk})
    ensure_arranges(actor, participation.district, old.district, group.district)
    _ensure_reason(reason)
    if current.group_id == group.pk:
        raise Stale
    _ensure_takes(locked[group.pk], participation)
    _ensure_managers_first({participation.pk: participation}, locked, {participation.pk: group.pk})
    if from_date is not None and from_date < current.from_date:
        raise TooEarly(current.from_date)
    # Unless told: somebody whose first day in the old group is yet to come never begins there.
    day = from_date or max(timezone.localdate(), current.from_date)
    _ensure_before_the_end(locked[group.pk], day)
    _ensure_employed([participation], day)
    moving = {participation.pk: participation}
    clashing.lock_all(moving, set(locked))
    clashing.ensure_free(
        moving, {participation.pk: group.pk}, from_date=day, actor=actor, leaving=old.pk
    )
    with operation("group.move", actor=actor_of(actor), reason=reason, subject=group.name):
        _leave(current, day, reason)
        new = Membership.objects.create(
            participation=participation, group=group, from_date=day, reason=reason
        )
        for group_id in sorted(locked):
            follow_group(group_id=group_id, actor=actor, reason=reason)
    return new


def _ensure_before_the_end(group: Group, day: datetime.date) -> None:
    """Refuse a first day on which there is nothing left to take part in."""
    met = Occasion.objects.standing().filter(group=group).aggregate(last=Max("starts_at"))["last"]
    if met is not None and day > timezone.localtime(met).date():
        raise TooLate(timezone.localtime(met).date())
    if day > group.course.programme.ends_on:
        raise AfterProgramme(group.course.programme.ends_on)


@transaction.atomic
def take_out(*, participation_id: int, reason: str, actor: User) -> None:
    """Take someone out of the group; they wait for another one."""
    participation, current = _lock_with_membership(participation_id)
    group = Group.objects.select_related("district").get(pk=current.group_id)
    ensure_arranges(actor, participation.district, group.district)
    _ensure_reason(reason)
    with operation("group.take_out", actor=actor_of(actor), reason=reason, subject=group.name):
        _leave(current, timezone.localdate(), reason)
        follow_group(group_id=group.pk, actor=actor, reason=reason)


def _lock_with_membership(participation_id: int) -> tuple[Participation, Membership]:
    participation = _lock_participations([participation_id])[participation_id]
    current = (
        Membership.objects.select_for_update()
        .filter(participation=participation, to_date=None)
        .first()
    )
    if current is None:
        raise Stale
    return participation, current


def _leave(membership: Membership, day: datetime.date, reason: str) -> None:
    """The day before is the last one, unless it is the day on which the membership began."""
    membership.to_date = max(membership.from_date, day - datetime.timedelta(days=1))
    membership.reason = reason
    membership.save(update_fields=["to_date", "reason"])


@transaction.atomic
def end_participation(
    *, participation_id: int, kind: LeavingReason, reason: str, actor: User
) -> Participation:
    """Someone leaves the course before its end; what they have attended still counts (R-079).

    :param kind: what it is counted as (R-243); one in use, of the course's own programme.
    """
    participation = _lock_participations([participation_id])[participation_id]
    ensure_arranges(actor, participation.district)
    _ensure_reason(reason)
    leaving.ensure_offered(kind, participation)
    if participation.state not in reading.ONGOING:
        raise Stale
    with operation(
        "participation.end",
        actor=actor_of(actor),
        reason=reason,
        subject=participation.public_id,
    ):
        admission.end(participation, reason, actor, kind)
    return participation


def _ensure_reason(reason: str) -> None:
    if not says(reason):
        raise ReasonNeeded
