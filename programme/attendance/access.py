"""Who marks attendance, who reads it, and how the writes of one occasion wait for each other."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from people.access import below, held_by
from people.models import Capability, Organisation, User
from programme.attendance.errors import Cancelled
from programme.errors import NotAllowed
from programme.hours.closed import ensure_open
from programme.models import Group, Occasion


def _taught(user: User) -> Q:
    if not held_by(user).can(Capability.TEACH):
        return Q(pk__in=[])
    return Q(pk__in=Occasion.objects.taught_by(user).values("pk"))


def marked_by(user: User) -> QuerySet[Occasion]:
    """Occasions where the user marks who is there: as arranger, or as its trainer (R-081)."""
    return Occasion.objects.filter(below(user, Capability.ARRANGE, "district") | _taught(user))


def readable_by(user: User) -> QuerySet[Occasion]:
    """Occasions whose attendance the user may read: those who mark, check hours or audit."""
    return Occasion.objects.filter(
        below(user, Capability.ARRANGE, "district")
        | below(user, Capability.CHECK_HOURS, "district")
        | below(user, Capability.AUDIT, "district")
        | _taught(user)
    )


def groups_readable_by(user: User) -> QuerySet[Group]:
    """Groups whose matrix the user may read."""
    taught = Q(pk__in=[])
    if held_by(user).can(Capability.TEACH):
        taught = Q(pk__in=Occasion.objects.taught_by(user).values("group_id"))
    return Group.objects.filter(
        below(user, Capability.ARRANGE, "district")
        | below(user, Capability.CHECK_HOURS, "district")
        | below(user, Capability.AUDIT, "district")
        | taught
    )


def sees_more_than_names(user: User, occasion: Occasion) -> bool:
    """Whether the user may read where participants work and their addresses there.

    Somebody procured who only teaches reads names and needs, and nothing else (R-081).
    """
    return _covers(user, occasion.district)


def sees_more_of_group(user: User, group: Group) -> bool:
    """The same for a group's table; reads ``group.district``."""
    return _covers(user, group.district)


def _covers(user: User, district: Organisation) -> bool:
    held = held_by(user)
    return any(held.covers(one, district) for one in _CITYS_OWN)


_CITYS_OWN = (Capability.ARRANGE, Capability.CHECK_HOURS, Capability.AUDIT)


def may_mark(user: User, occasion: Occasion) -> bool:
    """Whether the user marks attendance at the occasion; reads ``occasion.district``."""
    held = held_by(user)
    if held.covers(Capability.ARRANGE, occasion.district):
        return True
    return held.can(Capability.TEACH) and occasion.trainers.filter(pk=user.pk).exists()


def ensure_marks(user: User, occasion: Occasion) -> None:
    """Raise unless the user marks attendance at the occasion."""
    if not may_mark(user, occasion):
        raise NotAllowed


def ensure_arranges(user: User, occasion: Occasion) -> None:
    """Raise unless the user arranges where the occasion is: what a trainer may not do."""
    if not held_by(user).covers(Capability.ARRANGE, occasion.district):
        raise NotAllowed


def lock(occasion_id: int) -> Occasion:
    """The occasion, locked until the transaction ends: every write of its attendance waits here.

    Without the key, so that invitations and bookings that only point to it do not wait.
    """
    return (
        Occasion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "district")
        .get(pk=occasion_id)
    )


def lock_open(occasion_id: int) -> Occasion:
    """The occasion locked, standing, and its month open.

    :raises Cancelled: when it has been called off.
    :raises MonthLocked: when its hours are reported.
    """
    occasion = lock(occasion_id)
    if occasion.state == Occasion.State.CANCELLED:
        raise Cancelled
    day = timezone.localdate(occasion.starts_at)
    ensure_open(programme_id=occasion.programme_id, days=[day])
    return occasion
