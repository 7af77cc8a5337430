"""Deciding a value from a day on: the guard of locked months, then a new row and nothing else."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import User
from programme import access
from programme.errors import ReasonNeeded, Refused
from programme.groups import editing
from programme.hours.dating import ensure_may_hold_from
from programme.hours.recounting import start_recount
from programme.models import (
    Category,
    CategoryPlan,
    CompletionRule,
    Course,
    HourRules,
    Programme,
    Rate,
    Setting,
)
from programme.settings_catalogue import CATALOGUE


def _begin(programme: Programme, day: datetime.date, decision: str, actor: User) -> None:
    """What every decision asks first; the programme's row makes deciders wait for each other."""
    access.ensure_manages_programme(actor)
    if not says(decision):
        raise ReasonNeeded
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    ensure_may_hold_from(programme, day)


def _ensure_first(existing: "models.QuerySet[Any]") -> None:
    if existing.exists():
        raise Refused(
            _(
                "Something is decided from that day already, and what is decided is not changed."
                " Choose another day. Nothing was saved."
            )
        )


@transaction.atomic
def decide_setting(
    *,
    programme: Programme,
    key: str,
    value: int | str,
    valid_from: datetime.date,
    decision: str,
    actor: User,
) -> Setting:
    """Give a setting another value from the day on."""
    _begin(programme, valid_from, decision, actor)
    meaning = CATALOGUE.get(key)
    if meaning is None or not meaning.accepts(value):
        raise Refused(_("That value is not possible for the setting."))
    _ensure_first(Setting.objects.filter(programme=programme, key=key, valid_from=valid_from))
    with operation("setting.set", actor=actor_of(actor), reason=decision, subject=key):
        return Setting.objects.create(
            programme=programme,
            key=key,
            value=value,
            valid_from=valid_from,
            decision=decision.strip()[:120],
        )


@transaction.atomic
def decide_rate(
    *,
    programme: Programme,
    kind: str,
    amount: Decimal,
    valid_from: datetime.date,
    decision: str,
    actor: User,
) -> Rate:
    """Decide another amount an hour from the day on; earlier hours keep theirs."""
    _begin(programme, valid_from, decision, actor)
    if amount < 0:
        raise Refused(_("An amount cannot be below zero. Nothing was saved."))
    _ensure_first(Rate.objects.filter(programme=programme, kind=kind, valid_from=valid_from))
    with operation("rate.decide", actor=actor_of(actor), reason=decision, subject=kind):
        return Rate.objects.create(
            programme=programme,
            kind=kind,
            amount=amount,
            valid_from=valid_from,
            decision=decision.strip()[:120],
        )


@transaction.atomic
def decide_plan(
    *,
    category: Category,
    planned_persons: int,
    planned_hours_each: int,
    valid_from: datetime.date,
    decision: str,
    actor: User,
) -> CategoryPlan:
    """Decide other planned numbers for a category from the day on."""
    _begin(category.programme, valid_from, decision, actor)
    _ensure_first(CategoryPlan.objects.filter(category=category, valid_from=valid_from))
    with operation("plan.decide", actor=actor_of(actor), reason=decision, subject=category.key):
        return CategoryPlan.objects.create(
            category=category,
            planned_persons=planned_persons,
            planned_hours_each=planned_hours_each,
            valid_from=valid_from,
            decision=decision.strip()[:120],
        )


@transaction.atomic
def decide_hour_rules(
    *,
    programme: Programme,
    values: Mapping[str, Any],
    valid_from: datetime.date,
    decision: str,
    actor: User,
) -> HourRules:
    """Decide how hours are counted from the day on, and have them counted when it has come."""
    _begin(programme, valid_from, decision, actor)
    _ensure_first(HourRules.objects.filter(programme=programme, valid_from=valid_from))
    with operation("hours.decide_rules", actor=actor_of(actor), reason=decision):
        row = HourRules.objects.create(
            programme=programme, valid_from=valid_from, decision=decision.strip()[:120], **values
        )
    if valid_from <= timezone.localdate():
        start_recount(programme, actor, _("New rules for hours: %(why)s") % {"why": row.decision})
    return row


@transaction.atomic
def decide_completion(
    *,
    course: Course,
    least_units: int,
    least_percent: int,
    valid_from: datetime.date,
    decision: str,
    actor: User,
) -> CompletionRule:
    """Decide when the course is completed from the day on."""
    return editing.decide_completion(
        course_id=course.pk,
        valid_from=valid_from,
        least_units=least_units,
        least_percent=least_percent,
        decision=decision,
        actor=actor,
    )


@transaction.atomic
def take_back(
    *, programme: Programme, rows: "models.QuerySet[Any]", row_id: int, reason: str, actor: User
) -> None:
    """Take back a value that has not begun to hold; the history keeps it.

    :param rows: the values of the one thing; nothing outside them is touched.
    """
    access.ensure_manages_programme(actor)
    if not says(reason):
        raise ReasonNeeded
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    row = rows.select_for_update().filter(pk=row_id).first()
    if row is None or row.valid_from <= timezone.localdate():
        raise Refused(
            _(
                "The value has begun to hold, so it stays. Decide another one from a later day."
                " Nothing was changed."
            )
        )
    with operation("dated.take_back", actor=actor_of(actor), reason=reason.strip()):
        row.delete()
