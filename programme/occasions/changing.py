"""Changes of an occasion: one action for what staff edit, one for cancelling (R-084).

Nothing is undone in silence: history keeps what was, those already invited are told, the
venue follows, and hours are counted anew. A locked month refuses.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Organisation, User
from programme.errors import ReasonNeeded, Stale
from programme.hours.actions import recount
from programme.hours.closed import ensure_open
from programme.hours.reading import present_at
from programme.models import Attendance, Invitation, LearningUnit, Occasion, Segment, Venue
from programme.occasions import following, inviting, notices
from programme.occasions.errors import HasTime, Over
from programme.occasions.planning import (
    day_of,
    ensure_arranges,
    ensure_possible,
    ensure_teaches,
    lock_concerned,
)
from programme.venues import booking


@dataclass(frozen=True)
class Wanted:
    """An occasion as staff want it to be."""

    title: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    breaks: list[list[int]]
    district: Organisation
    unit: LearningUnit | None = None
    venue: Venue | None = None
    online: bool = False
    join_address: str = ""
    deviation_reason: str = ""
    exception_reason: str = ""
    trainers: Sequence[User] = field(default=())


def as_it_is(occasion: Occasion, **changes: Any) -> Wanted:
    """The occasion as it stands, with some of it changed."""
    now = Wanted(
        title=occasion.title,
        starts_at=occasion.starts_at,
        ends_at=occasion.ends_at,
        breaks=occasion.breaks,
        district=occasion.district,
        unit=occasion.unit,
        venue=booking.booked_venue(occasion),
        online=occasion.online,
        join_address=occasion.join_address,
        deviation_reason=occasion.deviation_reason,
        trainers=tuple(occasion.trainers.all()),
    )
    return replace(now, **changes)


_FIELDS = (
    "title",
    "starts_at",
    "ends_at",
    "breaks",
    "district",
    "unit",
    "online",
    "join_address",
    "deviation_reason",
)
_TIMES = {"starts_at", "ends_at"}


def lock(occasion_id: int) -> Occasion:
    """The occasion as it is now, until the transaction ends; its group is locked before it.

    Whoever places people holds the group when inviting them to its occasions, so the group
    comes first here as well, and the occasion's key stays free for who only points to it.
    """
    group = Occasion.objects.values_list("group_id", flat=True).get(pk=occasion_id)
    if group is not None:
        inviting.lock_group(group)
    return (
        Occasion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "group", "district", "unit")
        .get(pk=occasion_id)
    )


@dataclass(frozen=True)
class Changed:
    """The occasion after the change, whether anything was new, and how many invited are told."""

    occasion: Occasion
    anything: bool = True
    told: int = 0


@transaction.atomic
def change(
    *,
    occasion_id: int,
    wanted: Wanted,
    reason: str,
    actor: User,
    despite_warnings: bool = False,
    seen_sequence: int | None = None,
) -> Changed:
    """Make the occasion what staff want; tell those invited when something they see is new.

    When nothing would be new, nothing is written.

    :param seen_sequence: what the page showed; someone else's change in between is stale.
    :raises MonthLocked: when the old day or the new one lies in a locked month, or another
        unit would change hours there.
    :raises OtherCourse: when the unit is not of the group's course.
    """
    occasion = lock(occasion_id)
    ensure_arranges(actor, occasion.district)
    ensure_arranges(actor, wanted.district)
    ensure_teaches(occasion.group, wanted.unit)
    _ensure_reason(reason)
    if occasion.state == Occasion.State.CANCELLED:
        raise Over
    if seen_sequence is not None and seen_sequence != occasion.sequence:
        raise Stale
    before = as_it_is(occasion)
    changed = {name for name in _FIELDS if getattr(before, name) != getattr(wanted, name)}
    if not changed and before.venue == wanted.venue and _same_trainers(before, wanted):
        return Changed(occasion, anything=False)
    old_day = day_of(occasion)
    for name in changed:
        setattr(occasion, name, getattr(wanted, name))
    if changed & {*_TIMES, "breaks"}:
        ensure_open(programme_id=occasion.programme_id, days=[old_day, day_of(occasion)])
    moved = bool(changed & _TIMES)
    lock_concerned(occasion, wanted.trainers)
    ensure_possible(
        occasion,
        wanted.venue,
        # Who is busy already is no reason to refuse another break or another name.
        [one for one in wanted.trainers if moved or one not in before.trainers],
        members=moved,
        was=(before.starts_at, before.ends_at) if moved else None,
        despite_warnings=despite_warnings,
    )
    name = "occasion.reschedule" if moved else "occasion.change"
    with operation(name, actor=actor_of(actor), reason=reason, subject=occasion.public_id):
        _write(occasion, wanted, before, changed, actor)
        if changed & {*_TIMES, "breaks"}:
            recount(occasion_ids=[occasion.pk], reason=reason)
        if "unit" in changed:
            _count_unit(occasion, before.unit, reason)
        told = _tell(occasion, before, wanted, changed)
    if moved and occasion.group is not None:
        inviting.follow_group(group_id=occasion.group.pk, actor=actor, reason=reason)
    return Changed(occasion, told=told)


def _same_trainers(before: Wanted, wanted: Wanted) -> bool:
    return set(before.trainers) == set(wanted.trainers)


def _count_unit(occasion: Occasion, before: LearningUnit | None, reason: str) -> None:
    """Count those who were there anew: a unit that counts once ties its occasions together.

    The occasions of the unit before are free of this one, so they are counted too.
    """
    tied = [occasion.pk]
    if before is not None and before.counts_once:
        others = Occasion.objects.filter(unit=before).order_by("pk")
        tied += others.values_list("pk", flat=True)
    there = present_at([occasion.pk])
    recount(occasion_ids=tied, person_ids=sorted(there), reason=reason)


def _write(
    occasion: Occasion, wanted: Wanted, before: Wanted, changed: set[str], actor: User
) -> None:
    if changed:
        occasion.save(update_fields=sorted(changed))
    if not _same_trainers(before, wanted):
        occasion.trainers.set(wanted.trainers)
    if before.venue == wanted.venue:
        booking.follow(occasion=occasion, actor=actor)
    elif wanted.venue is None:
        booking.release(occasion=occasion, actor=actor)
    else:
        booking.book(
            venue_id=wanted.venue.pk,
            occasion=occasion,
            actor=actor,
            exception_reason=wanted.exception_reason,
        )


def _tell(occasion: Occasion, before: Wanted, wanted: Wanted, changed: set[str]) -> int:
    """Those invited see other times, another place or another name; the rest is staff's own.

    :returns: how many of those invited, or in line for it, are told.
    """
    seen = changed & {*_TIMES, "title", "online", "join_address"}
    if not seen and before.venue == wanted.venue:
        return 0
    inviting.touch(occasion)
    rows = standing(occasion)
    if changed & _TIMES:
        # A yes to another time is no yes to this one.
        for row in rows:
            if row.answer:
                row.answer = Invitation.Answer.NONE
                row.save(update_fields=["answer"])
    if occasion.ends_at <= timezone.now():
        return 0
    reached = notices.changed(occasion, [row for row in rows if row.invited_at])
    notices.tell_trainers(occasion, wanted.trainers, is_cancelled=False)
    return len(reached) + following.tell(occasion, following.Change.CHANGED)


def standing(occasion: Occasion) -> list[Invitation]:
    """The roster's rows, locked."""
    return list(
        Invitation.objects.select_for_update()
        .filter(occasion=occasion, withdrawn_at=None)
        .order_by("pk")
    )


@transaction.atomic
def cancel(*, occasion_id: int, reason: str, actor: User) -> Occasion:
    """Cancel the occasion, give its venue back, and tell everyone invited; twice is once.

    :raises HasTime: when attendance is recorded, for then it took place.
    """
    occasion = lock(occasion_id)
    ensure_arranges(actor, occasion.district)
    _ensure_reason(reason)
    if occasion.state == Occasion.State.CANCELLED:
        return occasion
    ensure_open(programme_id=occasion.programme_id, days=[day_of(occasion)])
    if _took_place(occasion):
        raise HasTime
    with operation(
        "occasion.cancel", actor=actor_of(actor), reason=reason, subject=occasion.public_id
    ):
        occasion.state = Occasion.State.CANCELLED
        occasion.cancel_reason = reason.strip()
        occasion.save(update_fields=["state", "cancel_reason"])
        inviting.touch(occasion)
        booking.release(occasion=occasion, actor=actor, reason=reason)
        if occasion.ends_at > timezone.now():
            told = [row for row in standing(occasion) if row.invited_at]
            notices.cancelled(occasion, told)
            notices.tell_trainers(occasion, occasion.trainers.all(), is_cancelled=True)
            following.tell(occasion, following.Change.CANCELLED)
    return occasion


def _took_place(occasion: Occasion) -> bool:
    return (
        Segment.objects.filter(occasion=occasion, voided_at=None).exists()
        or Attendance.objects.filter(occasion=occasion, mark=Attendance.Mark.PRESENT).exists()
    )


def _ensure_reason(reason: str) -> None:
    if not says(reason):
        raise ReasonNeeded
