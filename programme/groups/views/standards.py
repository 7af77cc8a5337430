"""New courses, modules and preparation points, for those who manage the programme."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from programme.forms import ReasonForm
from programme.groups import editing, standards
from programme.groups.course_forms import ModuleForm, NewCourseForm, PointForm
from programme.groups.views.courses import manager
from programme.models import Course, Module, PreparationPoint, Programme, Register
from programme.registers import queries as registers
from programme.registers.access import registers_seen_by
from programme.views.base import form_page, saved, the_programme

NEW_COURSE = ("name", "description", "kind", "counts_towards_plan", "needs_change_application")


@login_required
def course_new(request: HttpRequest) -> HttpResponse:
    """A course that is not there yet."""
    user = manager(request)
    programme = the_programme()
    form = NewCourseForm(
        request.POST or None,
        kinds=programme.kinds.order_by("name"),
        initial={"counts_towards_plan": True},
    )
    made: list[Course] = []

    def do(clean: dict[str, Any]) -> None:
        values = {name: clean[name] for name in NEW_COURSE}
        made.append(
            editing.make_course(
                programme=programme, values=values, reason=clean["reason"], actor=user
            )
        )

    if request.method == "POST" and saved(request, form, do):
        return redirect("groups:course", course=made[0].public_id)
    return form_page(request, "groups/course_new.html", form)


@login_required
def modules(request: HttpRequest) -> HttpResponse:
    """All modules with how many learning units belong to each, and a form for one more."""
    user = manager(request)
    programme = the_programme()
    last = programme.modules.aggregate(last=Max("order"))["last"] or 0
    form = ModuleForm(request.POST or None, initial={"order": last + 1})

    def do(clean: dict[str, Any]) -> None:
        standards.save_module(programme=programme, module=None, actor=user, **clean)

    if request.method == "POST" and saved(request, form, do):
        return redirect("groups:modules")
    rows = programme.modules.annotate(number=Count("units"))
    return form_page(request, "groups/modules.html", form, rows=rows)


@login_required
def module(request: HttpRequest, module: str) -> HttpResponse:
    """One module: its name and place, the learning units in it, and taking it away."""
    user = manager(request)
    programme = the_programme()
    found = get_object_or_404(Module, programme=programme, key=module)
    removes = request.POST.get("action") == "remove"
    forms: dict[str, Form] = {
        "module": ModuleForm(
            request.POST if request.method == "POST" and not removes else None,
            initial={"name": found.name, "order": found.order},
        ),
        "remove": ReasonForm(request.POST if removes else None, prefix="remove"),
    }

    def do(clean: dict[str, Any]) -> None:
        if removes:
            standards.remove_module(module=found, reason=clean["reason"], actor=user)
        else:
            standards.save_module(programme=programme, module=found, actor=user, **clean)

    chosen = forms["remove" if removes else "module"]
    if request.method == "POST" and saved(request, chosen, do):
        return redirect("groups:modules")
    return render(
        request,
        "groups/module.html",
        {
            "module": found,
            "advice": registers.linked_to(Register.Link.MODULE, found.key, registers_seen_by(user)),
            "units": list(found.units.select_related("course").order_by("course", "number")),
            "forms": forms,
            "bound": [form for form in forms.values() if form.is_bound],
        },
        status=422 if request.method == "POST" else 200,
    )


@login_required
def points(request: HttpRequest) -> HttpResponse:
    """What each district prepares before its first group, and a form for one thing more."""
    user = manager(request)
    programme = the_programme()
    form = PointForm(request.POST or None, initial={"days_before": 28, "in_use": True})
    if request.method == "POST" and saved(request, form, _saving(programme, None, user)):
        return redirect("groups:points")
    # What must be done first stands first.
    rows = programme.preparation_points.annotate(number=Count("done")).order_by(
        "-days_before", "order", "pk"
    )
    return form_page(request, "groups/points.html", form, rows=rows)


@login_required
def point(request: HttpRequest, point: int) -> HttpResponse:
    """One preparation point."""
    user = manager(request)
    programme = the_programme()
    found = get_object_or_404(PreparationPoint, programme=programme, pk=point)
    form = PointForm(
        request.POST or None,
        initial={"text": found.text, "days_before": found.days_before, "in_use": found.in_use},
    )
    if request.method == "POST" and saved(request, form, _saving(programme, found, user)):
        return redirect("groups:points")
    return form_page(request, "groups/point.html", form, point=found, marks=found.done.count())


def _saving(programme: Programme, point: PreparationPoint | None, user: Any) -> Any:
    def do(clean: dict[str, Any]) -> PreparationPoint:
        return standards.save_point(
            programme=programme,
            point=point,
            text=clean["text"],
            days_before=clean["days_before"],
            is_in_use=clean["in_use"],
            reason=clean["reason"],
            actor=user,
        )

    return do
