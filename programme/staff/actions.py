"""Writes of this part: what attendance makes of a participation, and homework that is done."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people.access import actor_of
from people.models import User
from programme.errors import NotAllowed
from programme.models import HomeworkDone, LearningUnit, Participation
from programme.staff import progress, words

State = Participation.State


@transaction.atomic
def settle(*, participation_ids: Sequence[int], now: datetime.datetime | None = None) -> int:
    """Start, complete or reopen participations as their counted hours say; returns how many.

    Running it again changes nothing. A participation that staff have ended is left alone,
    and the day on which one was completed stays as long as it is completed.
    """
    locked = list(
        Participation.objects.select_for_update(of=("self",))
        .filter(pk__in=participation_ids)
        .exclude(state=State.DROPPED)
        .select_related("course__programme", "category", "person")
        .order_by("pk")
    )
    found = progress.of_many(locked, now=now or timezone.now(), repairs=False)
    changed = 0
    for each in found.values():
        changed += _settle_one(each)
    return changed


def _settle_one(standing: progress.Standing) -> bool:
    participation, reached = standing.participation, standing.progress
    if participation.state == State.COMPLETED:
        if reached.completed_on is not None:
            return False
        return _reopen(standing)
    before = (participation.state, participation.started_on, participation.ended_on)
    if participation.started_on is None and reached.started_on is not None:
        participation.started_on = reached.started_on
        participation.state = State.STARTED
    if reached.completed_on is not None:
        participation.state = State.COMPLETED
        participation.ended_on = reached.completed_on
    if before == (participation.state, participation.started_on, participation.ended_on):
        return False
    name = "participation.complete" if reached.completed_on else "participation.start"
    with operation(name, subject=participation.public_id):
        participation.save(update_fields=["state", "started_on", "ended_on"])
    return True


def _reopen(standing: progress.Standing) -> bool:
    """A correction took away what the completion rested on."""
    participation = standing.participation
    reason = words.reopening(standing.progress)
    participation.state = State.STARTED
    participation.ended_on = None
    with operation("participation.reopen", reason=reason, subject=participation.public_id):
        participation.save(update_fields=["state", "ended_on"])
    return True


@transaction.atomic
def set_homework(*, participation_id: int, unit_id: int, done: bool, actor: User) -> bool:
    """The participant's own word that the homework is done, or that it was not; no text is kept.

    Saying the same twice changes nothing.

    :raises NotAllowed: for anyone but the participant, or a unit without homework in the course.
    """
    participation = (
        Participation.objects.select_for_update(of=("self",))
        .filter(pk=participation_id, person__user=actor)
        .exclude(state=State.DROPPED)
        .first()
    )
    if participation is None:
        raise NotAllowed
    unit = (
        LearningUnit.objects.filter(pk=unit_id, course=participation.course_id, in_use=True)
        .exclude(homework="")
        .first()
    )
    if unit is None:
        raise NotAllowed
    rows = HomeworkDone.objects.filter(participation=participation, unit=unit)
    if rows.exists() == done:
        return False
    name = "homework.done" if done else "homework.undone"
    with operation(name, actor=actor_of(actor), subject=participation.public_id):
        if done:
            HomeworkDone.objects.create(participation=participation, unit=unit)
        else:
            rows.delete()
    return True


def waiting_ids() -> list[int]:
    """Participations that hours may have changed: all but those that staff have ended."""
    return list(
        Participation.objects.exclude(state=State.DROPPED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
