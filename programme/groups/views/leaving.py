"""The reasons for leaving a course, for those who manage the programme (R-243)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from people.models import User
from programme.groups import leaving
from programme.groups.course_forms import LeavingReasonForm
from programme.groups.views.courses import manager
from programme.models import LeavingReason, Programme
from programme.views.base import form_page, saved, the_programme


@login_required
def reasons(request: HttpRequest) -> HttpResponse:
    """All reasons, and a form for one more."""
    user = manager(request)
    programme = the_programme()
    last = programme.leaving_reasons.aggregate(last=Max("order"))["last"] or 0
    form = LeavingReasonForm(request.POST or None, initial={"order": last + 1, "in_use": True})
    if request.method == "POST" and saved(request, form, _saving(programme, None, user)):
        return redirect("groups:leaving_reasons")
    # Not how many have stated each: that is counted where small numbers are hidden.
    return form_page(
        request, "groups/leaving_reasons.html", form, rows=programme.leaving_reasons.all()
    )


@login_required
def reason(request: HttpRequest, leaving_reason: str) -> HttpResponse:
    """One reason: its name and place, and whether it is offered."""
    user = manager(request)
    programme = the_programme()
    found = get_object_or_404(LeavingReason, programme=programme, key=leaving_reason)
    form = LeavingReasonForm(
        request.POST or None,
        initial={"name": found.name, "order": found.order, "in_use": found.in_use},
    )
    if request.method == "POST" and saved(request, form, _saving(programme, found, user)):
        return redirect("groups:leaving_reasons")
    return form_page(request, "groups/leaving_reason.html", form, kind=found)


def _saving(programme: Programme, kind: LeavingReason | None, user: User) -> Any:
    def do(clean: dict[str, Any]) -> LeavingReason:
        return leaving.save_reason(
            programme=programme,
            kind=kind,
            name=clean["name"],
            order=clean["order"],
            is_in_use=clean["in_use"],
            reason=clean["reason"],
            actor=user,
        )

    return do
