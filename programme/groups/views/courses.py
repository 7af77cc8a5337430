"""Courses as staff change them: the course, its learning units, material and completion."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from people.access import held_by
from people.models import Capability, User
from programme.groups import editing
from programme.groups.course_forms import CompletionForm, CourseForm, MaterialForm, UnitForm
from programme.groups.views.base import arranger
from programme.models import Course, LearningUnit, Material
from programme.views.base import saved, the_programme

COURSE = ("name", "description", "counts_towards_plan", "in_use", "needs_change_application")
UNIT = (
    "title",
    "description",
    "minutes",
    "breaks",
    "days_after_previous",
    "must_have",
    "homework",
    "homework_days_before",
    "in_use",
)
MATERIAL = ("title", "address", "text", "in_use")


@login_required
@require_safe
def course_list(request: HttpRequest) -> HttpResponse:
    """All courses with their learning units and planned time."""
    user = arranger(request)
    courses = (
        the_programme()
        .courses.select_related("kind")
        .prefetch_related("units")
        .annotate(running=Count("groups", filter=Q(groups__state__in=["planned", "started"])))
    )
    rows = [{"course": c, "units": _in_use(c), "minutes": _net(_in_use(c))} for c in courses]
    manages = held_by(user).can(Capability.MANAGE_PROGRAMME)
    return render(request, "groups/courses.html", {"rows": rows, "manages": manages})


def _in_use(course: Course) -> list[LearningUnit]:
    return [unit for unit in course.units.all() if unit.in_use]


def _net(units: list[LearningUnit]) -> int:
    """Minutes without breaks, all together."""
    return sum(unit.minutes - sum(stop - start for start, stop in unit.breaks) for unit in units)


@login_required
def course(request: HttpRequest, course: str) -> HttpResponse:
    """One course: what it says, its units, and when it is completed."""
    user = arranger(request)
    found = get_object_or_404(Course.objects.select_related("kind"), public_id=course)
    units = list(found.units.prefetch_related("modules", "materials").order_by("number"))
    forms: dict[str, Form] = {}
    if held_by(user).can(Capability.MANAGE_PROGRAMME):
        forms = {
            "course": CourseForm(
                **_data(request, "course"), initial={name: getattr(found, name) for name in COURSE}
            ),
            "completion": CompletionForm(**_data(request, "completion")),
        }
    if request.method == "POST":
        chosen = request.POST.get("action", "")
        doing: dict[str, Callable[[dict[str, Any]], object]] = {
            "course": lambda clean: editing.change_course(
                course_id=found.pk,
                values={name: clean[name] for name in COURSE},
                reason=clean["reason"],
                actor=user,
            ),
            "completion": lambda clean: editing.decide_completion(
                course_id=found.pk, actor=user, **clean
            ),
        }
        if chosen not in forms:
            raise Http404
        if saved(request, forms[chosen], doing[chosen]):
            return redirect("groups:course", course=found.public_id)
    return render(
        request,
        "groups/course.html",
        {
            "course": found,
            "units": units,
            "minutes": _net([unit for unit in units if unit.in_use]),
            "rules": list(found.completion_rules.order_by("-valid_from")),
            "forms": forms,
            "bound": [form for form in forms.values() if form.is_bound],
        },
        status=422 if request.method == "POST" else 200,
    )


def _data(request: HttpRequest, name: str) -> dict[str, Any]:
    sent = request.method == "POST" and request.POST.get("action") == name
    return {"data": request.POST if sent else None, "prefix": name}


def manager(request: HttpRequest) -> User:
    """The account, if it changes the programme; otherwise the page does not exist."""
    user = arranger(request)
    if not held_by(user).can(Capability.MANAGE_PROGRAMME):
        raise Http404
    return user


@login_required
def unit_new(request: HttpRequest, course: str) -> HttpResponse:
    """One more learning unit, last in the course."""
    user = manager(request)
    return _unit(request, user, get_object_or_404(Course, public_id=course), None)


@login_required
def unit(request: HttpRequest, course: str, unit: str) -> HttpResponse:
    """One learning unit with its material."""
    user = manager(request)
    found = get_object_or_404(
        LearningUnit.objects.select_related("course"), public_id=unit, course__public_id=course
    )
    return _unit(request, user, found.course, found)


def _unit(
    request: HttpRequest, user: User, course: Course, found: LearningUnit | None
) -> HttpResponse:
    template = found or LearningUnit(course=course)
    initial = {name: getattr(template, name) for name in UNIT}
    initial["modules"] = list(found.modules.all()) if found else []
    forms: dict[str, Form] = {
        "unit": UnitForm(
            **_data(request, "unit"),
            initial=initial,
            modules=course.programme.modules.all(),
        )
    }
    if found:
        forms["material"] = MaterialForm(**_data(request, "material"))
    if request.method == "POST":
        chosen = request.POST.get("action", "")
        if chosen not in forms:
            raise Http404
        do = _unit_doing(user, course, found)[chosen]
        if saved(request, forms[chosen], do):
            return redirect("groups:course", course=course.public_id)
    return render(
        request,
        "groups/unit.html",
        {
            "course": course,
            "unit": found,
            "materials": list(found.materials.all()) if found else [],
            "forms": forms,
            "bound": [form for form in forms.values() if form.is_bound],
        },
        status=422 if request.method == "POST" else 200,
    )


def _unit_doing(
    user: User, course: Course, found: LearningUnit | None
) -> dict[str, Callable[[dict[str, Any]], object]]:
    def material(clean: dict[str, Any]) -> Material:
        assert found is not None
        # The same title again means that material, changed: also how it is taken out of use.
        return editing.save_material(
            unit=found,
            material=found.materials.filter(title=clean["title"]).first(),
            values={name: clean[name] for name in MATERIAL},
            reason=clean["reason"],
            actor=user,
        )

    return {
        "unit": lambda clean: editing.save_unit(
            course_id=course.pk,
            unit=found,
            values={name: clean[name] for name in UNIT},
            modules=list(clean["modules"]),
            reason=clean["reason"],
            actor=user,
        ),
        "material": material,
    }
