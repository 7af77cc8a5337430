"""Changing courses: they are data, and every change carries its reason (R-027)."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import User
from programme import access
from programme.errors import ReasonNeeded, Refused
from programme.hours.dating import ensure_may_hold_from
from programme.models import CompletionRule, Course, LearningUnit, Material, Module


@transaction.atomic
def change_course(*, course_id: int, values: Mapping[str, Any], reason: str, actor: User) -> Course:
    """Change what a course is called and says; groups that have begun keep their occasions."""
    _ensure_may(actor, reason)
    course = Course.objects.select_for_update().get(pk=course_id)
    with operation("course.change", actor=actor_of(actor), reason=reason, subject=course.name):
        for field, value in values.items():
            setattr(course, field, value)
        course.save()
    return course


@transaction.atomic
def save_unit(
    *,
    course_id: int,
    unit: LearningUnit | None,
    values: Mapping[str, Any],
    modules: Sequence[Module],
    reason: str,
    actor: User,
) -> LearningUnit:
    """Change a learning unit, or add one last in the course.

    What is already planned keeps its times: the template is for groups made from now on.
    """
    _ensure_may(actor, reason)
    course = Course.objects.select_for_update().get(pk=course_id)
    _ensure_breaks(values["minutes"], values["breaks"])
    if unit is None:
        last = course.units.aggregate(last=Max("number"))["last"] or 0
        unit = LearningUnit(course=course, number=last + 1)
    with operation("unit.change", actor=actor_of(actor), reason=reason, subject=course.name):
        for field, value in values.items():
            setattr(unit, field, value)
        unit.save()
        unit.modules.set(modules)
    return unit


def _ensure_breaks(minutes: int, breaks: Sequence[Sequence[int]]) -> None:
    end = 0
    for start, stop in breaks:
        if not end <= start < stop <= minutes:
            raise Refused(_("The breaks must lie in order within the occasion. Nothing was saved."))
        end = stop


@transaction.atomic
def save_material(
    *,
    unit: LearningUnit,
    material: Material | None,
    values: Mapping[str, Any],
    reason: str,
    actor: User,
) -> Material:
    """Add something to read or watch, or change it; what is out of use is kept."""
    _ensure_may(actor, reason)
    LearningUnit.objects.select_for_update().get(pk=unit.pk)
    if material is None:
        last = unit.materials.aggregate(last=Max("order"))["last"] or 0
        material = Material(unit=unit, order=last + 1)
    with operation("unit.change", actor=actor_of(actor), reason=reason, subject=unit.title):
        for field, value in values.items():
            setattr(material, field, value)
        material.save()
    return material


@transaction.atomic
def decide_completion(
    *,
    course_id: int,
    valid_from: datetime.date,
    least_units: int,
    least_percent: int,
    decision: str,
    actor: User,
) -> CompletionRule:
    """Decide when the course is completed from a day on; earlier rules stay as they are."""
    _ensure_may(actor, decision)
    course = (
        Course.objects.select_for_update(of=("self",)).select_related("programme").get(pk=course_id)
    )
    ensure_may_hold_from(course.programme, valid_from)
    if least_units > course.units.filter(in_use=True).count():
        raise Refused(_("The course has fewer learning units than that. Nothing was saved."))
    if course.completion_rules.filter(valid_from=valid_from).exists():
        raise Refused(_("There is a rule from that day already. Choose another day."))
    with operation(
        "completion.decide", actor=actor_of(actor), reason=decision, subject=course.name
    ):
        return CompletionRule.objects.create(
            course=course,
            valid_from=valid_from,
            least_units=least_units,
            least_percent=least_percent,
            decision=decision,
        )


def _ensure_may(actor: User, reason: str) -> None:
    access.ensure_manages_programme(actor)
    if not says(reason):
        raise ReasonNeeded
