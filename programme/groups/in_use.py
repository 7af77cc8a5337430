"""What speaks against taking a course, a unit, a module or a preparation away (R-027)."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from programme.groups.errors import InUse
from programme.models import (
    Course,
    Group,
    LearningUnit,
    Module,
    NominationKind,
    Occasion,
    Participation,
    PreparationDone,
    PreparationPoint,
    Programme,
)

#: So many are named in a refusal; whoever reads it looks at those first.
NAMED = 5


def ensure_kind_is_free(programme: Programme, kind: NominationKind | None) -> None:
    """Raise when another course in use takes the kind: a place leads to one course."""
    if kind is None:
        return
    other = programme.courses.filter(kind=kind, in_use=True).first()
    if other is not None:
        raise InUse(
            _("“%(course)s” already takes those who are nominated as %(kind)s. Nothing was saved.")
            % {"course": other.name, "kind": kind.name.lower()}
        )


def ensure_course_may_rest(course: Course) -> None:
    """Raise while groups run, or somebody admitted waits for one."""
    groups = Group.objects.running().filter(course=course)
    if groups.exists():
        raise InUse(
            _("Groups that are planned or going on take the course: %(names)s. Nothing was saved.")
            % {"names": _names(groups.order_by("name").values_list("name", flat=True))}
        )
    waiting = Participation.objects.ongoing().filter(course=course).count()
    if waiting:
        raise InUse(
            _("Participants in the course who have not finished: %(n)d. Nothing was saved.")
            % {"n": waiting}
        )


def ensure_unit_may_rest(unit: LearningUnit) -> None:
    """Raise while an occasion to come teaches it, or completing asks for as many units."""
    coming = (
        Occasion.objects.standing()
        .filter(unit=unit, ends_at__gt=timezone.now())
        .exclude(kind=Occasion.Kind.RECORDING)
    )
    if coming.exists():
        days = coming.order_by("starts_at").values_list("starts_at", flat=True)
        raise InUse(
            _("Occasions that are planned teach the unit: %(days)s. Nothing was saved.")
            % {"days": _names(f"{timezone.localdate(at):%Y-%m-%d}" for at in days)}
        )
    rule = unit.course.completion_rules.order_by("-valid_from").first()
    left = unit.course.units.filter(in_use=True).exclude(pk=unit.pk).count()
    if rule is not None and rule.least_units > left:
        raise InUse(
            _(
                "Completing the course asks for %(n)d learning units, and fewer would be left."
                " Decide another rule first. Nothing was saved."
            )
            % {"n": rule.least_units}
        )


def ensure_module_may_go(module: Module) -> None:
    """Raise while a learning unit, in use or not, belongs to it."""
    units = module.units.select_related("course").order_by("course", "number")
    if units.exists():
        raise InUse(
            _("Learning units belong to the module: %(names)s. Nothing was removed.")
            % {"names": _names(f"{unit.course.name} {unit.number}" for unit in units)}
        )


def ensure_point_may_be_reworded(point: PreparationPoint) -> None:
    """Raise when somebody has marked it: the mark vouches for the words that stood there."""
    done = marks_of(point)
    if done.exists():
        names = done.values_list("district__short_name", flat=True)
        raise InUse(
            _(
                "The preparation is marked as done by %(names)s, for the words as they are."
                " Take it out of use and write a new one. Nothing was saved."
            )
            % {"names": _names(names.order_by("district__short_name").distinct())}
        )


def marks_of(point: PreparationPoint) -> QuerySet[PreparationDone]:
    """Every mark of the point."""
    return PreparationDone.objects.filter(point=point)


def _names(names: Iterable[str]) -> str:
    """The first of them, and that there are more."""
    found = list(names)
    shown = ", ".join(found[:NAMED])
    return f"{shown} …" if len(found) > NAMED else shown
