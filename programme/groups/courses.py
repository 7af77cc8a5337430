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
    modules = {
        row["key"]: Module.objects.get_or_create(
            programme=programme, key=row["key"], defaults={"name": row["name"], "order": order}
        )[0]
        for order, row in enumerate(facts["modules"], start=1)
    }
    load_leaving_reasons(programme, facts["leaving_reasons"])
    kinds = {kind.key: kind for kind in programme.kinds.all()}
    for row in facts["courses"]:
        _load_course(programme, row, modules, kinds)
    if not programme.preparation_points.exists():
        PreparationPoint.objects.bulk_create(
            PreparationPoint(
                programme=programme, text=row["text"], days_before=row["days_before"], order=order
            )
            for order, row in enumerate(facts["preparation_points"], start=1)
        )


def _load_course(
    programme: Programme,
    row: dict[str, Any],
    modules: dict[str, Module],
    kinds: dict[str, NominationKind],
) -> None:
    course, is_new = Course.objects.get_or_create(
        programme=programme,
        key=row["key"],
        defaults={
            "name": row["name"],
            "description": row["description"],
            "kind": kinds[row["kind"]] if row["kind"] else None,
            "counts_towards_plan": row["counts_towards_plan"],
        },
    )
    if not is_new:
        return
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
