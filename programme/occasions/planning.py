"""Planning occasions: added, changed, moved and cancelled; those it concerns are told (R-084).

Locks are taken in one order everywhere: occasion, month, trainers, group and its members,
venue.
"""

import datetime
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people.access import actor_of, held_by
from people.models import Capability, Organisation, User
from programme.errors import NotAllowed
from programme.hours.closed import ensure_open
from programme.models import Group, LearningUnit, Occasion, Programme, Venue
from programme.occasions import checks, inviting
from programme.occasions.errors import NotPossible, OtherCourse, Unconfirmed
from programme.occasions.rules import Moments
from programme.venues import booking

Break = Sequence[int]


@transaction.atomic
def add_occasion(
    *,
    group: Group | None,
    unit: LearningUnit | None,
    title: str,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    breaks: Sequence[Break],
    district: Organisation,
    venue: Venue | None = None,
    online: bool = False,
    trainers: Sequence[User] = (),
    actor: User,
    programme: Programme | None = None,
    kind: str = Occasion.Kind.TRAINING,
    join_address: str = "",
    deviation_reason: str = "",
    exception_reason: str = "",
    despite_warnings: bool = True,
    reason: str = "",
) -> Occasion:
    """Plan an occasion, book its venue and invite the group's members.

    :param breaks: each as minutes from and to after the start.
    :param programme: needed only without a group and without a learning unit.
    :param exception_reason: why the venue may be used though its checklist does not say yes.
    :param despite_warnings: whether warnings have been read; what is impossible always refuses.
    :raises OtherCourse: when the unit is not of the group's course.
    :raises NotPossible: when the schedule checks say no.
    :raises Unconfirmed: when they warn and the warnings have not been accepted.
    """
    ensure_arranges(actor, district)
    ensure_teaches(group, unit)
    occasion = Occasion(
        programme=_programme_of(group, unit, programme),
        kind=kind,
        group=group,
        unit=unit,
        title=title.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        breaks=[list(one) for one in breaks],
        district=district,
        online=online,
        join_address=join_address,
        deviation_reason=deviation_reason,
    )
    ensure_open(programme_id=occasion.programme_id, days=[day_of(occasion)])
    lock_concerned(occasion, trainers)
    ensure_possible(occasion, venue, trainers, despite_warnings=despite_warnings)
    with operation(
        "occasion.add", actor=actor_of(actor), reason=reason, subject=occasion.public_id
    ):
        occasion.save()
        occasion.trainers.set(trainers)
        if venue is not None:
            booking.book(
                venue_id=venue.pk,
                occasion=occasion,
                actor=actor,
                exception_reason=exception_reason,
            )
    if group is not None:
        inviting.follow_group(group_id=group.pk, actor=actor, reason=reason)
    return occasion


def _programme_of(
    group: Group | None, unit: LearningUnit | None, programme: Programme | None
) -> Programme:
    if programme is not None:
        return programme
    if group is not None:
        return group.course.programme
    if unit is not None:
        return unit.course.programme
    raise ValueError("an occasion without group and unit needs its programme named")


def ensure_teaches(group: Group | None, unit: LearningUnit | None) -> None:
    """Raise unless the unit, if there is one, is of the group's course."""
    if group is not None and unit is not None and unit.course_id != group.course_id:
        raise OtherCourse


def day_of(occasion: Occasion) -> datetime.date:
    """The occasion's day in Stockholm."""
    return timezone.localtime(occasion.starts_at).date()


def ensure_arranges(actor: User, district: Organisation) -> None:
    """Raise unless the actor arranges occasions in the district."""
    if not held_by(actor).covers(Capability.ARRANGE, district):
        raise NotAllowed


def lock_concerned(occasion: Occasion, trainers: Iterable[User]) -> None:
    """Group, trainers and members: two plans for the same people wait for each other.

    The order is the one in ``docs/occasions.md``; whoever holds the group keeps it.
    """
    if occasion.group is not None:
        inviting.lock_group(occasion.group.pk)
    list(
        User.objects.select_for_update(no_key=True)
        .filter(pk__in=[user.pk for user in trainers])
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if occasion.group is not None:
        inviting.lock_members(occasion.group.pk)


def ensure_possible(
    occasion: Occasion,
    venue: Venue | None,
    trainers: Sequence[User],
    *,
    despite_warnings: bool,
    members: bool = True,
    was: Moments | None = None,
) -> None:
    """Raise when the checks say no, or warn and nobody has accepted it.

    :param trainers: those whose time is asked after.
    :param members: whether the time of those invited is asked after as well.
    :param was: when it was held before, so that recorded time left outside is asked after.
    """
    found = checks.look_ahead(occasion, venue=venue, trainers=trainers, members=members, was=was)
    if found.blocking:
        raise NotPossible(checks.in_words(found.blocking))
    if found.warnings and not despite_warnings:
        raise Unconfirmed(checks.in_words(found.warnings))
