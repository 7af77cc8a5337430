"""Making groups: a course's whole template laid in one go, copies, changes and cancelling."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from core.words import says
from people.access import actor_of, held_by
from people.models import Capability, Organisation, User
from programme.errors import NotAllowed, ReasonNeeded, Stale
from programme.groups.errors import NameTaken
from programme.models import (
    Course,
    Group,
    LearningUnit,
    Membership,
    Participation,
    Venue,
    Wave,
)
from programme.occasions.inviting import follow_group
from programme.occasions.planning import add_occasion


@dataclass(frozen=True)
class Settings:
    """What staff decide about a group."""

    name: str
    district: Organisation
    seats: int
    wave: Wave | None = None
    note: str = ""


@dataclass(frozen=True)
class Day:
    """One occasion to be laid: a learning unit and when it begins in Stockholm."""

    unit: LearningUnit
    date: datetime.date
    time: datetime.time
    # Of a copy: taken along from the group that is copied.
    trainers: tuple[User, ...] = ()
    venue: Venue | None = None

    @property
    def starts_at(self) -> datetime.datetime:
        """The moment it begins."""
        local = datetime.datetime.combine(self.date, self.time)
        return timezone.make_aware(local)

    @property
    def ends_at(self) -> datetime.datetime:
        """The moment it ends, breaks included."""
        return self.starts_at + datetime.timedelta(minutes=self.unit.minutes)


def ensure_arranges(actor: User, *districts: Organisation) -> None:
    """Raise unless the actor arranges groups in all of these."""
    held = held_by(actor)
    if not all(held.covers(Capability.ARRANGE, district) for district in districts):
        raise NotAllowed


@transaction.atomic
def make_group(
    *,
    course: Course,
    settings: Settings,
    days: Sequence[Day],
    actor: User,
    venue: Venue | None = None,
    exception_reason: str = "",
    copied_from: Group | None = None,
) -> Group:
    """A group with all its occasions, or nothing at all when one of them is refused.

    :param exception_reason: why a venue without a good checklist may be used.
    """
    ensure_arranges(actor, settings.district)
    # Two groups of one course are named one after the other.
    Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    _ensure_free_name(course, settings.name)
    with operation("group.make", actor=actor_of(actor), subject=settings.name):
        group = Group.objects.create(
            course=course,
            wave=settings.wave,
            district=settings.district,
            name=settings.name,
            seats=settings.seats,
            note=settings.note,
            copied_from=copied_from,
        )
        _lock_taken_along(days)
        for day in days:
            add_occasion(
                group=group,
                unit=day.unit,
                title=day.unit.title,
                starts_at=day.starts_at,
                ends_at=day.ends_at,
                breaks=day.unit.breaks,
                district=settings.district,
                venue=venue or day.venue,
                trainers=day.trainers,
                exception_reason=exception_reason,
                actor=actor,
            )
    return group


def _lock_taken_along(days: Sequence[Day]) -> None:
    """Trainers before venues, each in one order: two copies at once must not lock crosswise."""
    trainers = {user.pk for day in days for user in day.trainers}
    venues = {day.venue.pk for day in days if day.venue is not None}
    for model, ids in ((User, trainers), (Venue, venues)):
        rows = model._default_manager.select_for_update(no_key=True).filter(pk__in=ids)
        list(rows.order_by("pk").values_list("pk", flat=True))


def _ensure_free_name(course: Course, name: str, except_pk: int = 0) -> None:
    if Group.objects.filter(course=course, name=name).exclude(pk=except_pk).exists():
        raise NameTaken


@transaction.atomic
def change_group(*, group_id: int, settings: Settings, reason: str, actor: User) -> Group:
    """Change a group's name, wave, district, size or note; its occasions stay where they are."""
    group = Group.objects.select_for_update(of=("self",)).select_related("course").get(pk=group_id)
    ensure_arranges(actor, group.district, settings.district)
    _ensure_reason(reason)
    _ensure_free_name(group.course, settings.name, except_pk=group.pk)
    with operation("group.change", actor=actor_of(actor), reason=reason, subject=group.name):
        group.name, group.district = settings.name, settings.district
        group.seats, group.wave, group.note = settings.seats, settings.wave, settings.note
        group.save()
    return group


@transaction.atomic
def cancel_group(*, group_id: int, reason: str, actor: User) -> Group:
    """Cancel a planned group: its members wait for another one, and keep their history.

    Its coming occasions are cancelled one by one where occasions are, since each tells
    those invited; nobody is invited to them any more.
    """
    _lock_members(group_id)
    group = Group.objects.select_for_update(of=("self",)).get(pk=group_id)
    ensure_arranges(actor, group.district)
    _ensure_reason(reason)
    if group.state != Group.State.PLANNED:
        raise Stale
    with operation("group.cancel", actor=actor_of(actor), reason=reason, subject=group.name):
        group.state = Group.State.CANCELLED
        group.save(update_fields=["state"])
        today = timezone.localdate()
        for membership in Membership.objects.select_for_update().filter(group=group, to_date=None):
            membership.to_date = max(today, membership.from_date)
            membership.reason = reason
            membership.save(update_fields=["to_date", "reason"])
        follow_group(group_id=group.pk, actor=actor, reason=reason)
    return group


def _lock_members(group_id: int) -> None:
    """Participations before groups, as everywhere: a move at the same time must not lock crosswise."""
    members = Membership.objects.filter(group=group_id, to_date=None).values("participation_id")
    list(
        Participation.objects.select_for_update()
        .filter(pk__in=members)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _ensure_reason(reason: str) -> None:
    if not says(reason):
        raise ReasonNeeded
