"""Capacity: groups against the plan, districts without one, and what each prepares."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.words import whole
from people.models import Organisation, User
from programme.errors import NotAllowed, Refused
from programme.groups import capacity as figures
from programme.groups import preparing
from programme.groups.capacity_rules import Coverage
from programme.groups.views.base import arranger
from programme.groups.words import COVERAGE_STATUS, READINESS_STATUS
from programme.models import PreparationPoint, Wave
from programme.views.base import say_refused, the_programme


@login_required
@require_safe
def capacity(request: HttpRequest) -> HttpResponse:
    """Groups half-year by half-year, and where every district stands (R-010, R-085)."""
    arranger(request)
    programme = the_programme()
    today = timezone.localdate()
    rows = figures.district_rows(programme, today)
    return render(
        request,
        "groups/capacity.html",
        {
            "programme": programme,
            "plans": figures.course_plans(programme, today),
            "rows": [{"row": row, "status": COVERAGE_STATUS[row.coverage]} for row in rows],
            "missing": [r.district for r in rows if r.coverage in (Coverage.NONE, Coverage.ALARM)],
            "alarms": [r.district.name for r in rows if r.coverage is Coverage.ALARM],
            "waves": list(programme.waves.all()),
        },
    )


@login_required
def preparations(request: HttpRequest, wave: str) -> HttpResponse:
    """What each district of a wave has done before its first group (R-021)."""
    user = arranger(request)
    found = get_object_or_404(Wave.objects.select_related("programme"), public_id=wave)
    if request.method == "POST":
        _mark(request, found, user)
        return redirect("groups:preparations", wave=found.public_id)
    districts = figures.preparations(found, timezone.localdate())
    return render(
        request,
        "groups/preparations.html",
        {
            "wave": found,
            "districts": [
                {
                    "each": each,
                    "points": [
                        {"row": row, "status": READINESS_STATUS[row.readiness]}
                        for row in each.points
                    ],
                }
                for each in districts
            ],
        },
    )


def _mark(request: HttpRequest, wave: Wave, user: User) -> None:
    """Mark one point as done or not; a point or district of another programme is not found."""
    point = get_object_or_404(
        PreparationPoint, pk=_number(request.POST.get("point")), programme=wave.programme_id
    )
    district = get_object_or_404(
        Organisation.objects.filter(quotas__wave=wave).distinct(),
        public_id=request.POST.get("district", ""),
    )
    where: dict[str, Any] = {"point": point, "wave": wave, "district": district}
    try:
        if request.POST.get("action") == "undo":
            preparing.mark_not_done(**where, reason=request.POST.get("reason", ""), actor=user)
        else:
            note = request.POST.get("note", "")[:200]
            preparing.mark_done(**where, note=note, actor=user)
    except NotAllowed as error:
        raise Http404 from error
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(request, _("Saved."))


def _number(value: str | None) -> int:
    return whole(value or "") or 0
