"""The courses of the application, laid as data that staff change afterwards (R-065 to R-069).

What is missing is added; what staff have changed since is left as it is.
"""

from typing import Any

from programme.groups.leaving import load_leaving_reasons
from programme.models import (
    CompletionRule,
    Course,
    LearningUnit,
    Material,
    Module,
    NominationKind,
    PreparationPoint,
    Programme,
)


def load_courses(programme: Programme, facts: dict[str, Any]) -> None:
    """Modules, courses with their units and rules, and what each district prepares.

    Inside the caller's transaction and operation.
    """
    known = set(programme.courses.values_list("key", flat=True))
    missing = [row for row in facts["courses"] if row["key"] not in known]
    modules = _load_modules(programme, facts["modules"], missing, first=not known)
    load_leaving_reasons(programme, facts["leaving_reasons"])
    kinds = {kind.key: kind for kind in programme.kinds.all()}
    for row in missing:
        _load_course(programme, row, modules, kinds)
    if not programme.preparation_points.exists():
        PreparationPoint.objects.bulk_create(
            PreparationPoint(
                programme=programme, text=row["text"], days_before=row["days_before"], order=order
            )
            for order, row in enumerate(facts["preparation_points"], start=1)
        )


def _load_modules(
    programme: Programme,
    rows: list[dict[str, str]],
    courses: list[dict[str, Any]],
    *,
    first: bool,
) -> dict[str, Module]:
    """The modules by key: all of them at first, then those that the new courses' units name."""
    needed = {key for course in courses for unit in course["units"] for key in unit["modules"]}
    modules = {module.key: module for module in programme.modules.all()}
    for order, row in enumerate(rows, start=1):
        # A module that staff have removed stays away until something needs it.
        if row["key"] not in modules and (first or row["key"] in needed):
            modules[row["key"]] = Module.objects.create(
                programme=programme, key=row["key"], name=row["name"], order=order
            )
    return modules


def _load_course(
    programme: Programme,
    row: dict[str, Any],
    modules: dict[str, Module],
    kinds: dict[str, NominationKind],
) -> None:
    course = Course.objects.create(
        programme=programme,
        key=row["key"],
        name=row["name"],
        description=row["description"],
        kind=kinds[row["kind"]] if row["kind"] else None,
        counts_towards_plan=row["counts_towards_plan"],
    )
    for number, unit in enumerate(row["units"], start=1):
        _load_unit(course, number, unit, modules)
    if row["completion"]:
        CompletionRule.objects.create(
            course=course, valid_from=programme.starts_on, **row["completion"]
        )


def _load_unit(
    course: Course, number: int, row: dict[str, Any], modules: dict[str, Module]
) -> None:
    plain = {key: value for key, value in row.items() if key not in ("modules", "materials")}
    unit = LearningUnit.objects.create(course=course, number=number, **plain)
    unit.modules.set(modules[key] for key in row["modules"])
    Material.objects.bulk_create(
        Material(unit=unit, order=order, **material)
        for order, material in enumerate(row["materials"], start=1)
    )
