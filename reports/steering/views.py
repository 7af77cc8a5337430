"""The page of the steering group, and of any other body."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from programme.governance.access import may_manage
from programme.governance.pages import reader
from reports.steering import reading


@login_required
@require_safe
def room(request: HttpRequest, body: str = "") -> HttpResponse:
    """The coming meeting, decisions, minutes, reports and sums; no participant is named."""
    user, programme = reader(request)
    found = reading.room(programme, user, body)
    if found is None and body:
        raise Http404
    return render(
        request,
        "steering/room.html",
        {
            "room": found,
            "dashboard": reading.dashboard(programme, user),
            "may_manage": may_manage(user),
        },
    )
