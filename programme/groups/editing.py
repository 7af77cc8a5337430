"""Changing courses: they are data, and every change carries its reason (R-027)."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import User
from programme import access
from programme.errors import ReasonNeeded, Refused
from programme.groups import in_use
from programme.hours.dating import ensure_may_hold_from
from programme.models import CompletionRule, Course, LearningUnit, Material, Module, Programme
from programme.occasions.rules import breaks_fit


@transaction.atomic
def make_course(
    *, programme: Programme, values: Mapping[str, Any], reason: str, actor: User
) -> Course:
    """A new course without learning units; groups are made from it when it has some.

    :raises InUse: when another course in use already takes that kind of nomination.
    """
    _ensure_may(actor, reason)
    # Two who make a course at once wait for each other, or both would get the same key.
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    if programme.courses.filter(name__iexact=values["name"]).exists():
        raise Refused(_("There is a course with that name already. Choose another name."))
    in_use.ensure_kind_is_free(programme, values["kind"])
    taken = set(programme.courses.values_list("key", flat=True))
    course = Course(programme=programme, key=key_of(values["name"], taken, length=40))
    with operation("course.make", actor=actor_of(actor), reason=reason, subject=values["name"]):
        for field, value in values.items():
            setattr(course, field, value)
        course.save()
    return course


def key_of(name: str, taken: Collection[str], *, length: int) -> str:
    """A short word for addresses and files, made of the name and not taken yet."""
    stem = slugify(name)[: length - 4].strip("-") or "ny"
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


@transaction.atomic
def change_course(*, course_id: int, values: Mapping[str, Any], reason: str, actor: User) -> Course:
    """Change what a course is called and says; groups that have begun keep their occasions.

    :raises InUse: when it is taken out of use while somebody goes through it.
    """
    _ensure_may(actor, reason)
    course = (
        Course.objects.select_for_update(of=("self",)).select_related("programme").get(pk=course_id)
    )
    stays = values.get("in_use", course.in_use)
    if course.in_use and not stays:
        in_use.ensure_course_may_rest(course)
    if stays and not course.in_use:
        in_use.ensure_kind_is_free(course.programme, course.kind)
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

    :raises InUse: when it is taken out of use while something planned teaches it, or while
        completing the course asks for it.
    """
    _ensure_may(actor, reason)
    course = Course.objects.select_for_update().get(pk=course_id)
    _ensure_breaks(values["minutes"], values["breaks"])
    if unit is not None and unit.in_use and not values.get("in_use", True):
        in_use.ensure_unit_may_rest(unit)
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
    if not breaks_fit(breaks, minutes):
        raise Refused(
            _("The breaks must lie in order within the occasion and leave time. Nothing was saved.")
        )


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
