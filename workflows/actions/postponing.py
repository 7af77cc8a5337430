"""Putting tasks off until a day, and taking them back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.operations import operation
from people.access import actor_of
from people.models import User
from workflows import queries
from workflows.actions.decisions import Choice
from workflows.errors import CannotPostpone
from workflows.models import Postponement, WorkItem


def last_day(items: Sequence[WorkItem]) -> datetime.date:
    """The furthest day that all the tasks can be put off to: the first of their due days."""
    return min(item.due_on for item in items)


def chosen_items(user: User, choices: Sequence[Choice]) -> list[WorkItem]:
    """The chosen tasks that still wait for the person, put off or not."""
    wanted = {(choice.case_id, choice.step_key, choice.round) for choice in choices}
    waiting = queries.waiting_for(user).filter(case_id__in={choice.case_id for choice in choices})
    found = queries.with_return(waiting, user)
    return [item for item in found if (item.case_id, item.step_key, item.round) in wanted]


def is_put_off(item: WorkItem) -> bool:
    """Whether an item of :func:`chosen_items` is out of the person's inbox now."""
    return getattr(item, "returns_on", None) is not None


@transaction.atomic
def postpone(*, choices: Sequence[Choice], until: datetime.date, actor: User) -> list[WorkItem]:
    """Take the chosen tasks out of the actor's inbox until the day; what is gone is left out.

    Putting off again replaces the earlier day. The due day of a task never moves, so
    nothing can be put off beyond it.

    :raises CannotPostpone: when the day is not after today, or beyond a due day.
    """
    items = chosen_items(actor, choices)
    if not items:
        return []
    _ensure_possible(items, until)
    with operation("task.postpone", actor=actor_of(actor), subject=_references(items)):
        _end(items, actor)
        Postponement.objects.bulk_create(
            [Postponement(item=item, user=actor, until=until) for item in items]
        )
    return items


@transaction.atomic
def resume(*, choices: Sequence[Choice], actor: User) -> list[WorkItem]:
    """Take tasks back into the actor's inbox before their day."""
    items = [item for item in chosen_items(actor, choices) if is_put_off(item)]
    if not items:
        return []
    with operation("task.resume", actor=actor_of(actor), subject=_references(items)):
        _end(items, actor)
    return items


def _ensure_possible(items: Sequence[WorkItem], until: datetime.date) -> None:
    today, last = timezone.localdate(), last_day(items)
    if last <= today:
        late = next(item for item in items if item.due_on == last)
        raise CannotPostpone(
            _("%(reference)s is to be decided today at the latest and cannot be put off.")
            % {"reference": late.case.reference}
        )
    if until <= today:
        raise CannotPostpone(_("Choose a day after today."))
    if until > last:
        raise CannotPostpone(
            _("Choose %(day)s at the latest: that is when the first of them is due.")
            % {"day": date_format(last, "Y-m-d")}
        )


def _end(items: Sequence[WorkItem], actor: User) -> None:
    """End what the actor has put off before; under a lock, so that two clicks make one row."""
    # The account's row is the lock: nobody else puts this person's tasks off.
    User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
    Postponement.objects.by(actor).filter(item__in=items, ended_at__isnull=True).update(
        ended_at=timezone.now()
    )


def _references(items: Sequence[WorkItem]) -> str:
    named = sorted({item.case.reference for item in items})
    return named[0] if len(named) == 1 else ""
